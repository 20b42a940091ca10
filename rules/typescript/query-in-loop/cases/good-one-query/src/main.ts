import express from 'express';
import { ordersOf } from './orders.ts';

const app = express();

app.get('/orders/:id', async (request, response) => {
  response.json(await ordersOf(request.params.id));
});

app.listen(8080);
