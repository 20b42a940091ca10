import express from 'express';
import { redis } from './redis.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await redis.get(request.params.id));
});
app.listen(8080);
