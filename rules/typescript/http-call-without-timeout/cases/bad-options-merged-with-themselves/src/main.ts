import express from 'express';
import { paymentOf } from './payments.ts';

const app = express();
app.get('/payments/:id', async (request, response) => {
  response.json(await paymentOf(request.params.id, request.header('x-trace')));
});
app.listen(8080);
