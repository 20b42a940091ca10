import express from 'express';
import { pool } from './db.ts';

const app = express();
app.get('/orders', (request, response) => response.json([]));
await pool.query('select 1');
app.listen(8080);
