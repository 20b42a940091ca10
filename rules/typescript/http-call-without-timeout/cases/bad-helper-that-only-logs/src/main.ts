import express from 'express';
import { timed } from './timed.ts';

const app = express();
app.get('/orders', async (_request, response) => {
  const answer = await timed('orders', fetch('http://ledger:8080/orders'));
  response.sendStatus(answer.status);
});
app.listen(8080);
