import { Router } from 'express';

const READY = '/readyz';
export const probes = Router();
probes.get(READY, (_request, response) => response.sendStatus(200));
