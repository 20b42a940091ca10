import express from 'express';
import { cache } from './cache.ts';
import { pool } from './db.ts';

const app = express();
app.get('/orders', async (request, response) => {
  response.json((await pool.query(String(await cache.get('orders')))).rows);
});

app.listen(8080);
