import fastify from 'fastify';

const app = fastify();
app.get('/orders', async () => []);
await app.listen({ port: 8080 });

let stopping = false;
process.on('SIGTERM', async () => {
  if (stopping) process.exit(1);
  stopping = true;
  await app.close();
  process.exit(0);
});
