import express from 'express';
import { Payments } from './payments.ts';
const payments = new Payments(3_000);
const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await payments.of(request.params.id));
});
app.listen(8080);
