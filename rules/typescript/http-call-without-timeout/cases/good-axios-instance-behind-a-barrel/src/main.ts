import fastify from 'fastify';
import { catalog } from './clients/index.ts';

const app = fastify();

app.get('/orders/:id', async (request) => {
  const { data } = await catalog.get('/items');
  return data;
});

await app.listen({ port: 8080 });
