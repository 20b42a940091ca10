import express from 'express';
import { load } from '@acme/configuration';
import { poolOf } from './db.ts';

const pool = poolOf(await load('orders'));
const app = express();
app.get('/orders/:id', async (request, response) => {
  const { rows } = await pool.query('select * from orders where id = $1', [request.params.id]);
  response.json(rows[0]);
});
app.listen(8080);
