import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { Redis } from 'ioredis';

const redis = new Redis({ host: 'redis', commandTimeout: 2_000 });

const app = express();
app.get('/readyz', async (_request, response) => {
  const answer = await Promise.race([redis.ping(), sleep(500)]);
  response.sendStatus(answer === 'PONG' ? 200 : 503);
});
app.listen(8080);
