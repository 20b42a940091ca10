import type { ErrorRequestHandler, RequestHandler } from 'express';

export function logged(level: string): RequestHandler {
  return (request, _response, next) => {
    console.log(level, request.method, request.url);
    next();
  };
}

export const failed: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.sendStatus(500);
};
