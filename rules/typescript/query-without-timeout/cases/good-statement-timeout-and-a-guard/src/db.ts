import { Pool } from 'pg';

export const pool = new Pool({ host: 'db', connectionTimeoutMillis: 2_000 });
