import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = sleep(milliseconds).then(() => {
    throw new Error('too late');
  });
  return Promise.race([work, late]);
}

const app = express();
app.get('/orders', async (_request, response) => {
  const answer = await within(2_000, fetch('http://ledger:8080/orders'));
  response.sendStatus(answer.status);
});
app.listen(8080);
