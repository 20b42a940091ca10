import './metrics.ts';
import { NestFactory } from '@nestjs/core';
import { OrdersModule } from './orders.module.ts';

const app = await NestFactory.create(OrdersModule);
app.enableShutdownHooks();
await app.listen(8080);
