import { createClient } from 'redis';

export const cache = createClient({ url: 'redis://cache:6379', socket: { socketTimeout: 5_000 } }).on(
  'error',
  (error) => console.error(error),
);
await cache.connect();
