import fastify from 'fastify';
import probes from './probes.ts';

const app = fastify();
await app.register(probes);
app.get('/orders', async () => []);
await app.listen({ port: 8080 });
