import { Pool } from 'pg';

export const pool = new Pool({
  connectionString: 'postgres://orders@db/orders?query_timeout=5000',
  connectionTimeoutMillis: 2_000,
});
