import express from 'express';
import { announce, announceAll, audit, invoice, stock } from './peers.ts';

const app = express();

// Nobody waits for these: the answer is sent at once.
app.post('/orders', (request, response) => {
  void announce(request.body.id);
  audit(request.body.id).catch(() => undefined);
  announceAll(request.body.items);
  setImmediate(async () => {
    await invoice(request.body.id);
  });
  response.status(202).end();
});

// A callback of the promise answers, so the client waits.
app.get('/stock/:id', (request, response) => {
  stock(request.params.id).then((items) => response.json(items));
});

app.listen(8080);
