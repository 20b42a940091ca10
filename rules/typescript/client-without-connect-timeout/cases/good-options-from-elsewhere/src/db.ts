import { Pool } from 'pg';
import { settings } from '@acme/settings';

export const pool = new Pool({ query_timeout: 5_000, ...settings.database });
