import { Pool } from 'pg';

export const pool = new Pool({
  connectionString: 'postgres://orders@db/orders?connect_timeout=5',
  query_timeout: 5_000,
});
