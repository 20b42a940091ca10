import { Client } from 'pg';

export const client = new Client({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
await client.connect();
