import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { OrdersController } from './orders.controller.ts';
import { PaymentsService } from './payments.service.ts';

@Module({
  imports: [HttpModule],
  controllers: [OrdersController],
  providers: [PaymentsService],
})
export class OrdersModule {}
