import { NestFactory } from '@nestjs/core';
import { OrdersModule } from './orders.module.ts';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(OrdersModule);
  await app.listen(8080);
}

void bootstrap();
