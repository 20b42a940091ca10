import { Client } from 'pg';
import { pool } from './db.ts';

const listener = new Client({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });

export async function orderOf(id: string): Promise<unknown> {
  await listener.query('listen orders');
  const { rows } = await pool.query('select * from orders where id = $1', [id]);
  return rows[0];
}
