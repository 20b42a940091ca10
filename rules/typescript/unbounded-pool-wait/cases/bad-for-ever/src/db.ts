import { Pool } from 'pg';

export const pool = new Pool({ query_timeout: 5_000 });
pool.on('error', (error) => console.error(error));
