import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const admin = new Hono();
admin.get('/', (context) => context.text('admin'));
serve({ fetch: admin.fetch, port: 9090 });
