import type { Request, Response } from 'express';

export function follow(request: Request, response: Response): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => response.write('data: order\n\n'), 1_000);
  request.once('close', () => clearInterval(timer));
}
