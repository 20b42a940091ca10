import { NestFactory } from '@nestjs/core';
import { OrdersModule } from './orders.module.ts';

const app = await NestFactory.create(OrdersModule);
app.setGlobalPrefix('api');
await app.listen(8080);
