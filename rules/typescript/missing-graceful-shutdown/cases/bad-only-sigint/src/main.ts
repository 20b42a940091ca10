import fastify from 'fastify';
import { onInterrupt } from './signals.ts';

const app = fastify();
app.get('/items', async () => []);
await app.listen({ port: 8080 });
onInterrupt(() => app.close());
