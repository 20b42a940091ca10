import express from 'express';
import pTimeout from 'p-timeout';
import { byHand, Patience, withTimeout } from './within.ts';

const patience = new Patience();

async function stockOf(id: string): Promise<unknown> {
  const answer = await fetch(`http://catalog:8080/stock/${id}`);
  return answer.json();
}

const app = express();
app.get('/orders/:id', async (request, response) => {
  const order = fetch(`http://ledger:8080/orders/${request.params.id}`);
  const paid = await byHand(fetch('http://payments:8080/payments'), 2_000);
  const mails = await patience.wait(fetch('http://mailer:8080/mails'));
  const prices = await pTimeout(fetch('http://catalog:8080/prices'), { milliseconds: 2_000 });
  const stock = await withTimeout(stockOf(request.params.id), 2_000);
  const found = await withTimeout(order, 2_000);
  response.json({ stock, states: [found, paid, mails, prices].map(({ status }) => status) });
});
app.listen(8080);
