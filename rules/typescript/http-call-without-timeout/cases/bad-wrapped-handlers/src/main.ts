import express, { type Request, type Response } from 'express';
import { wrap } from './wrap.ts';

async function orders(_request: Request, response: Response): Promise<void> {
  response.json([]);
}

async function payments(request: Request, response: Response): Promise<void> {
  const answer = await fetch(`http://payments:8080/payments/${request.params.id}`);
  response.json(await answer.json());
}

const app = express();
app.get('/orders', wrap(orders));
app.get('/payments/:id', wrap(payments));
app.listen(8080);
