import { Readable } from 'node:stream';
import express from 'express';
import { patient } from './agents.ts';

const app = express();
app.get('/orders/:id/events', async (request, response) => {
  const answer = await fetch(`http://ledger:8080/events/${request.params.id}`, { dispatcher: patient });
  if (answer.body !== null) Readable.fromWeb(answer.body).pipe(response);
});
app.listen(8080);
