import { Pool } from 'pg';

export const pool = new Pool({ host: 'db', query_timeout: 5_000 });
