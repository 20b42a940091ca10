import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { OrdersController } from './orders.controller.ts';
import { PaymentsService } from './payments.service.ts';

@Module({
  imports: [HttpModule.registerAsync({ useFactory: () => ({ maxRedirects: 2 }) })],
  controllers: [OrdersController],
  providers: [PaymentsService],
})
export class OrdersModule {}
