import { pool } from './db.ts';

export async function orderOf(id: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query('select * from orders where id = $1', [id]);
    return rows[0];
  } finally {
    client.release();
  }
}
