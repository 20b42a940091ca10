import { Pool } from 'pg';

export const pool = new Pool({ connectionString: 'postgres://orders@db/orders', max: 20, connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
