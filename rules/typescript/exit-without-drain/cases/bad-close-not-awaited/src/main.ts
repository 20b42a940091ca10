import fastify from 'fastify';
import { stop } from './stop.ts';

const app = fastify();
app.get('/items', async () => []);
await app.listen({ port: 8080 });
process.once('SIGTERM', () => stop(app));
