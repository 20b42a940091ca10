import { Pool } from 'pg';

let pool: Pool | undefined;

function poolOf(): Pool {
  if (!pool) pool = new Pool({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
  return pool;
}

export async function orderOf(id: string): Promise<unknown> {
  const { rows } = await poolOf().query('select * from orders where id = $1', [id]);
  return rows[0];
}
