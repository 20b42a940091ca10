import { Router } from 'express';

export const orders = Router();
orders.get('/', (_request, response) => response.json([]));
orders.get('/:id', (request, response) => response.json({ id: request.params.id }));
