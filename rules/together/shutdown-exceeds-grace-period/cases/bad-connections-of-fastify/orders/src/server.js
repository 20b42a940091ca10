const app = require('fastify')();

app.get('/healthz', async () => 'ok');
app.listen({ port: 8080, host: '0.0.0.0' });
process.once('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});
