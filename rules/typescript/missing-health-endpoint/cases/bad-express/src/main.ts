import express from 'express';
import { orders } from './orders.ts';

const app = express();
app.use('/orders', orders);
app.listen(8080);
