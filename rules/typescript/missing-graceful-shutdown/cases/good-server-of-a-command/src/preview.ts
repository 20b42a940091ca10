import express from 'express';

export function preview(port: number): void {
  const app = express();
  app.get('/', (_request, response) => response.send('preview'));
  app.listen(port);
}
