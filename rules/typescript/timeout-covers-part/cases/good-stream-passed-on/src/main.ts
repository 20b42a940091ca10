import express from 'express';
import { Readable } from 'node:stream';

const app = express();
app.get('/orders/:id/events', async (request, response) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 3_000);
  const answer = await fetch(`http://ledger:8080/${request.params.id}`, { signal: controller.signal });
  clearTimeout(timer);
  if (answer.body !== null) Readable.fromWeb(answer.body).pipe(response);
});
app.listen(8080);
