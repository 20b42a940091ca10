import express from 'express';
import { closeOnSigterm } from './shutdown.ts';

const app = express();
app.get('/orders', (_request, response) => response.json([]));
closeOnSigterm(app.listen(8080));
