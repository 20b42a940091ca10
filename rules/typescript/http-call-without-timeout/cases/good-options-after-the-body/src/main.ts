import express from 'express';
import { payments } from './payments.ts';

const app = express();
app.post('/orders/:id/payment', async (request, response) => {
  const { data } = await payments.post('/payments', { amount: 3 }, { timeout: 2_000 });
  response.json(data);
});
app.listen(8080);
