import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.setGlobalPrefix('api');
  app.getHttpAdapter().get('/healthz', (_: unknown, response: { send(text: string): void }) => response.send('ok'));
  await app.listen(8080);
}
bootstrap();
