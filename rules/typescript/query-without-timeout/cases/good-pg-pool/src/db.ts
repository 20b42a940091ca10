import { Pool } from 'pg';
import { timeouts } from './timeouts.ts';

export const pool = new Pool({ host: 'db', ...timeouts });
