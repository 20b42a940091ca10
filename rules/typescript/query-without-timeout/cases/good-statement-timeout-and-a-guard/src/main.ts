import express from 'express';
import { within } from './within.ts';
import { pool } from './db.ts';

const app = express();
app.get('/orders', async (_request, response) => {
  const { rows } = await within(2_000, () => pool.query('select * from orders'));
  response.json(rows);
});
app.listen(8080);
