import express from 'express';
import { priceOf } from './prices.ts';

const app = express();

app.get('/orders/:id', async (request, response) => {
  response.json(await priceOf(request.params.id));
});

app.listen(8080);
