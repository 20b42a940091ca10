import { createClient } from 'redis';

export const cache = createClient({ url: 'redis://cache:6379', socket: { socketTimeout: 5_000 } });
cache.on('ready', () => console.log('connected'));
await cache.connect();
