import express from 'express';
import { Payments } from './payments.ts';
const payments = new Payments();
const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await payments.of(request.params.id));
});
app.listen(8080);
