import { createClient } from 'redis';

// The timeout of commandOptions ends before the command is written.
export const cache = createClient({
  url: 'redis://redis:6379',
  socket: { connectTimeout: 2_000 },
  commandOptions: { timeout: 1_000 },
});
