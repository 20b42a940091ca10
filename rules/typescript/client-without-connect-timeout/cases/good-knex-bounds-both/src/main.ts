import express from 'express';
import { db } from './db.ts';

const app = express();
app.get('/orders', async (_request, response) => {
  response.json(await db('orders').select().timeout(2_000));
});
app.listen(8080);
