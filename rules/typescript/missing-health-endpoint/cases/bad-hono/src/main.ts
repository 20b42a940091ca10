import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();
app.get('/entries', (context) => context.json([]));
serve({ fetch: app.fetch, port: 8080 });
