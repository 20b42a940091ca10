import fastify from 'fastify';

const app = fastify();
app.get('/items', async () => []);
app.get('/metrics', async () => 'items_total 0');
await app.listen({ port: 8080, host: '0.0.0.0' });
