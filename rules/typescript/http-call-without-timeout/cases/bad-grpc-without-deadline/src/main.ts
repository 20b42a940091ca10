import express from 'express';
import { ledger } from './ledger.ts';

const app = express();
app.get('/orders/:id', (request, response) => {
  ledger.getEntries({ order: request.params.id }, (error: Error | null, answer: unknown) => {
    response.status(error === null ? 200 : 502).json(answer);
  });
});
app.listen(8080);
