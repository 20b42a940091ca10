import type { FastifyInstance } from 'fastify';

export async function stop(app: FastifyInstance): Promise<void> {
  await app.close();
  process.exit(0);
}
