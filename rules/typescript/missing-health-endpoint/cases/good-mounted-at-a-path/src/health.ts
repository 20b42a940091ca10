import type { RequestHandler } from 'express';

export const health: RequestHandler = (_request, response) => {
  response.sendStatus(200);
};
