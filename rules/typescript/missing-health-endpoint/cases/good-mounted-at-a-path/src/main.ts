import express from 'express';
import { health } from './health.ts';

const app = express();
app.use('/healthz', health);
app.get('/orders', (_request, response) => response.json([]));
app.listen(8080);
