import type { RequestHandler } from 'express';

export const caught = (handler: RequestHandler): RequestHandler => (request, response, next) =>
  Promise.resolve(handler(request, response, next)).catch(next);
