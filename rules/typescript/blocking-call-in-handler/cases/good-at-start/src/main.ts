import express from 'express';
import { invoiceOf } from './orders.ts';

const app = express();

app.get('/orders/:id', async (request, response) => {
  response.json(await invoiceOf(request.params.id));
});

app.listen(8080);
