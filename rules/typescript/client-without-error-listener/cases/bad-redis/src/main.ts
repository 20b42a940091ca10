import express from 'express';
import { cache } from './cache.ts';

const app = express();
app.get('/orders', async (request, response) => {
  response.json(await cache.get('orders'));
});

app.listen(8080);
