import { HttpModule } from '@nestjs/axios';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { PaymentsService } from './payments.service.ts';

@Controller('orders')
export class OrdersController {
  constructor(private readonly payments: PaymentsService) {}

  @Get(':id')
  find(@Param('id') id: string) {
    return this.payments.of(id);
  }
}

@Module({
  imports: [HttpModule.register({ timeout: 2_000 })],
  controllers: [OrdersController],
  providers: [PaymentsService],
})
export class OrdersModule {}
