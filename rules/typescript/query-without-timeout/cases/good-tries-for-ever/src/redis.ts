import { Redis } from 'ioredis';

const options = { maxRetriesPerRequest: null };

export const redis = new Redis(process.env.REDIS_URL ?? 'redis://redis', options);
