import { pool } from './db.ts';

export async function orderOf(id: string): Promise<unknown> {
  const { rows } = await pool.query({
    text: 'select * from orders where id = $1',
    values: [id],
    query_timeout: 2_000,
  });
  return rows[0];
}
