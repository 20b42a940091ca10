import express from 'express';
import { connected } from './queue.ts';

const app = express();
app.get('/orders', (request, response) => response.json([]));
app.listen(8080);
void connected();
