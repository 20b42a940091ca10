import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { loadPrices } from './prices.ts';

const prices = await loadPrices();
const app = new Hono();
app.get('/prices', (context) => context.json(prices));
serve({ fetch: app.fetch, port: 8080 });
