import { Client } from 'pg';

export async function orderOf(id: string): Promise<unknown> {
  const client = new Client({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
  await client.connect();
  const { rows } = await client.query('select * from orders where id = $1', [id]);
  await client.end();
  return rows[0];
}
