import express from 'express';
import { order } from './prices.ts';

const app = express();

app.post('/orders/:id', async (request, response) => {
  response.json(await order(request.params.id));
});

app.listen(8080);
