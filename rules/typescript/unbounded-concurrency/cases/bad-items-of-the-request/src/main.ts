import express from 'express';
import { pricesOf } from './prices.ts';

const app = express();
app.use(express.json());

app.post('/prices', async (request, response) => {
  response.json(await pricesOf(request.body.ids));
});

app.listen(8080);
