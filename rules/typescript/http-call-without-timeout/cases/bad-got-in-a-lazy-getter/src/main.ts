import express from 'express';
import { payments } from './payments.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await payments.of(request.params.id));
});
app.listen(8080);
