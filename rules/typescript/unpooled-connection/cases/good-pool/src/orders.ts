import { pool } from './db.ts';

export async function orderOf(id: string): Promise<unknown> {
  const { rows } = await pool.query('select * from orders where id = $1', [id]);
  return rows[0];
}
