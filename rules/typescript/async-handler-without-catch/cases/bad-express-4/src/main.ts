import express from 'express';
import { pool } from './db.ts';

const app = express();
app.get('/orders', async (request, response) => {
  response.json((await pool.query('select * from orders')).rows);
});

app.post('/orders', async (request, response) => {
  await pool.query('insert into orders default values');
  response.sendStatus(201);
});
app.listen(8080);
