import { Pool } from 'pg';
import { itemsOf } from './fill/items.ts';

const pool = new Pool({ host: 'localhost' });
for (const item of itemsOf('catalog'))
  await pool.query('insert into items (name) values ($1)', [item]);
