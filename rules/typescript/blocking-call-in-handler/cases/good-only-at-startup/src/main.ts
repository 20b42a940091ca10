import express from 'express';
import { migrate } from './orders.ts';

const app = express();
app.get('/orders', (request, response) => response.json([]));
migrate();
app.listen(8080);
