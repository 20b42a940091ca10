import { Redis } from 'ioredis';

export const connection = new Redis({ host: 'redis', maxRetriesPerRequest: null });
