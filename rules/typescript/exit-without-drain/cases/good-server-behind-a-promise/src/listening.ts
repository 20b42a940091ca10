import type { Server } from 'node:http';
import type { Express } from 'express';

export const listening = (app: Express, port: number) =>
  new Promise<Server>((resolve, reject) => {
    const server = app.listen(port, () => resolve(server));
    server.once('error', reject);
  });
