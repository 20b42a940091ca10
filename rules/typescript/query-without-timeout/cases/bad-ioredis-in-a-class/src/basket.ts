import { Redis } from 'ioredis';

export class Basket {
  private readonly redis = new Redis({ host: 'redis', connectTimeout: 2_000 });

  of(customer: string): Promise<string | null> {
    return this.redis.get(`basket:${customer}`);
  }
}
