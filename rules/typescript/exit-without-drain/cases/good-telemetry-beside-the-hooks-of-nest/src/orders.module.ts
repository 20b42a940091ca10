import { Controller, Get, Module } from '@nestjs/common';

@Controller('orders')
export class OrdersController {
  @Get()
  list(): string[] {
    return [];
  }
}

@Module({ controllers: [OrdersController] })
export class OrdersModule {}
