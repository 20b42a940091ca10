import type { RequestHandler } from 'express';

export const authorised: RequestHandler = async (request, response, next) => {
  const answer = await fetch('http://customers:8080/sessions', {
    headers: { authorization: request.headers.authorization ?? '' },
  });
  if (answer.ok) next();
  else response.sendStatus(401);
};
