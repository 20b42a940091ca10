import express from 'express';
import { orderOf } from './orders.ts';

const app = express();

app.get('/orders/:id', async (request, response) => {
  response.json(await orderOf(request.params.id));
});

app.listen(8080);
