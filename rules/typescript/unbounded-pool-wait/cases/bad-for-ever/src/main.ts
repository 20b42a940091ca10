import express from 'express';
import { pool } from './db.ts';

const app = express();
app.get('/orders', async (request, response) => {
  response.json((await pool.query('select * from orders')).rows);
});

app.listen(8080);
