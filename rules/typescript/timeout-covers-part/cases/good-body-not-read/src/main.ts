import express from 'express';
import { isPaid } from './payments.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.sendStatus((await isPaid(request.params.id)) ? 200 : 404);
});
app.listen(8080);
