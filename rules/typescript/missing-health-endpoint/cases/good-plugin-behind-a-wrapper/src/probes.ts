import type { FastifyInstance } from 'fastify';
import plugin from 'fastify-plugin';

export default plugin(async (app: FastifyInstance) => {
  app.get('/readyz', async () => 'ready');
});
