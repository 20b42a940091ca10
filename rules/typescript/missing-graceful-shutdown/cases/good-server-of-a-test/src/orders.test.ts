import { test } from 'node:test';
import express from 'express';
import { orders } from './orders.ts';

test('serves orders', () => {
  const app = express();
  app.get('/orders', (_request, response) => response.json(orders));
  app.listen(0).close();
});
