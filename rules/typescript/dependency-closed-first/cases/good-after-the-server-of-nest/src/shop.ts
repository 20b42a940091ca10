import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';

@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly pool = new Pool({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });

  async onApplicationShutdown() {
    await this.pool.end();
  }
}

@Module({ providers: [Database] })
export class ShopModule {}
