import { Pool } from 'pg';

export const pool = new Pool({ connectionString: 'postgres://orders@db/orders', max: 20 });
