import express from 'express';
import { pool } from './db.ts';

const app = express();
app.get('/orders', async (request, response) => {
  response.json((await pool.query('select * from orders')).rows);
});


const server = app.listen(8080);
process.once('SIGTERM', async () => {
  await pool.end();
  server.close(() => process.exit(0));
});
