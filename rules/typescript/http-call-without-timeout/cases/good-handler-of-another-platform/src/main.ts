import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { getRuntimeKey } from 'hono/adapter';
import { live, liveOnNode } from './live.ts';

const app = new Hono();
const runtime = getRuntimeKey();
if (runtime === 'workerd') app.get('/live', live);
if (runtime === 'node') app.get('/live', liveOnNode);

const server = serve({ fetch: app.fetch, port: 8080 });
process.once('SIGTERM', () => server.close());
