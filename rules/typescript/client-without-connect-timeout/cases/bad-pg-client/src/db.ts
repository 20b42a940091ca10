import { Client } from 'pg';
import { timeouts } from './timeouts.ts';

export const client = new Client({ host: 'db', ...timeouts });
