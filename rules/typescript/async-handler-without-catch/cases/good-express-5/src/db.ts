import { Pool } from 'pg';

export const pool = new Pool({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
pool.on('error', (error) => console.error(error));
