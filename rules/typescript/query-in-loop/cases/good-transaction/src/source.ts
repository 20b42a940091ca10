import { DataSource } from 'typeorm';

export const source = new DataSource({ type: 'postgres', extra: { query_timeout: 5_000, connectionTimeoutMillis: 2_000 } });
