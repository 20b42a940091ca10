import express from 'express';
import { orders } from './orders.ts';

const app = express();
app.get('/orders', (request, response) => response.json(orders()));
app.listen(8080);
