import { Controller, Get, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { Pool } from 'pg';

@Injectable()
export class Database implements OnModuleDestroy {
  private readonly pool = new Pool({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });

  orders() {
    return this.pool.query('select * from orders');
  }

  async onModuleDestroy() {
    await this.pool.end();
  }
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly database: Database) {}

  @Get()
  all() {
    return this.database.orders();
  }
}

@Module({ providers: [Database], controllers: [OrdersController] })
export class ShopModule {}
