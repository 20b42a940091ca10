import { Controller, Get, Param } from '@nestjs/common';
import { PaymentsService } from './payments.service.ts';

@Controller('orders')
export class OrdersController {
  constructor(private readonly payments: PaymentsService) {}

  @Get(':id')
  find(@Param('id') id: string) {
    return this.payments.of(id);
  }
}
