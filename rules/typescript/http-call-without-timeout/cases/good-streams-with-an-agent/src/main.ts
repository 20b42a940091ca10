import { Readable } from 'node:stream';
import express from 'express';
import { Agent } from 'undici';

const dispatcher = new Agent({
  connect: { timeout: 2_000 },
  headersTimeout: 5_000,
  bodyTimeout: 30_000,
});

const app = express();
app.get('/orders/:id/events', async (request, response) => {
  const answer = await fetch(`http://ledger:8080/events/${request.params.id}`, { dispatcher });
  if (answer.body !== null) Readable.fromWeb(answer.body).pipe(response);
});
app.listen(8080);
