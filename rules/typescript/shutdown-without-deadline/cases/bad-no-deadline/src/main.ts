import express from 'express';
import { stop } from './stop.ts';

const app = express();
app.get('/orders', (request, response) => response.json([]));
stop(app.listen(8080));
