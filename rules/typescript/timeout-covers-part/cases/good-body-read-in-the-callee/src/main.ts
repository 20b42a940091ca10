import express from 'express';
import { paymentOf } from './payments.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await paymentOf(request.params.id));
});
app.listen(8080);
