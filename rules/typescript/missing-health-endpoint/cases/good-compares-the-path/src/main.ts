import express from 'express';
import { probes } from './probes.ts';

const app = express();
app.use(probes());
app.get('/orders', (_request, response) => response.json([]));
app.listen(8080);
