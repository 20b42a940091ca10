import { Queue } from 'bullmq';
import express from 'express';
import { redis } from './redis.ts';

const mails = new Queue('mails', { connection: redis });

const app = express();
app.get('/baskets/:customer', async (request, response) => {
  response.json(await redis.get(`basket:${request.params.customer}`));
});
app.post('/orders', async (_request, response) => {
  await mails.add('confirmation', {});
  response.sendStatus(202);
});
app.listen(8080);
