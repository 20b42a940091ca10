import type { RequestHandler } from 'express';

const PATHS = ['/livez', '/readyz'];

export function probes(): RequestHandler {
  return (request, response, next) => {
    if (PATHS.includes(request.path)) response.sendStatus(200);
    else next();
  };
}
