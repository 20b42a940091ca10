import express from 'express';
import { Payments } from './payments.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await new Payments().of(request.params.id));
});
app.listen(8080);
