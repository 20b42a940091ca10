import { Redis } from 'ioredis';

export const cache = new Redis({ host: 'cache', commandTimeout: 1_000 });
