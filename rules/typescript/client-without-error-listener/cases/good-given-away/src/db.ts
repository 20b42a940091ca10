import { watch } from '@acme/database';
import { Pool } from 'pg';

export const pool = new Pool({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
watch(pool);
