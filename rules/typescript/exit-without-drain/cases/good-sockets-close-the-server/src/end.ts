import type { Server } from 'socket.io';

export function endWith(sockets: Server): void {
  process.once('SIGTERM', async () => {
    await sockets.close();
    process.exit(0);
  });
}
