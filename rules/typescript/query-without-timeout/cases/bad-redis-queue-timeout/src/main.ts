import express from 'express';
import { cache } from './cache.ts';

await cache.connect();
const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await cache.get(`order:${request.params.id}`));
});
app.listen(8080);
