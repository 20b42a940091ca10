import express from 'express';
import { stop } from './stop.ts';

const app = express();
app.get('/orders', (_request, response) => response.json([]));
const server = app.listen(8080);

process.on('SIGTERM', stop);
