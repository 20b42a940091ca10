import express from 'express';
import { pageOf } from './orders.ts';

const app = express();

app.get('/orders/:id', async (request, response) => {
  response.json(await pageOf(request.params.id));
});

app.listen(8080);
