import { Pool } from 'pg';

export const pool = new Pool({ host: 'db', connectionTimeoutMillis: 2_000, query_timeout: 300_000 });
