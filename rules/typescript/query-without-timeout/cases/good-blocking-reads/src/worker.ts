import { Redis } from 'ioredis';

const redis = new Redis({ host: 'redis' });
let open = true;
process.once('SIGTERM', () => {
  open = false;
});

while (open) {
  const entry = await redis.blpop('entries', 0);
  console.log(entry);
}
