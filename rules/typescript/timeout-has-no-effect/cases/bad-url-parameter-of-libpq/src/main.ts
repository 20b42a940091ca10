import express from 'express';
import { pool } from './db.ts';

const app = express();
app.get('/orders', async (_request, response) => {
  const { rows } = await pool.query('select * from orders');
  response.json(rows);
});
app.listen(8080);
