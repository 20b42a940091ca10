import { once } from 'node:events';
import fastify from 'fastify';

const app = fastify();
app.get('/orders', async () => []);
await app.listen({ port: 8080 });
await once(process, 'SIGTERM');
await app.close();
