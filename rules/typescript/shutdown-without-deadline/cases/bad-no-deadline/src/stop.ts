import type { Server } from 'node:http';

export function stop(server: Server): void {
  process.once('SIGTERM', () => server.close(() => process.exit(0)));
}
