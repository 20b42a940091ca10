import type { FastifyInstance } from 'fastify';

export function stop(app: FastifyInstance): void {
  void app.close();
  process.exit(0);
}
