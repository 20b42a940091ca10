import { NestFactory } from '@nestjs/core';
import { ShopModule } from './shop.ts';

const app = await NestFactory.create(ShopModule);
app.enableShutdownHooks();
await app.listen(8080);
