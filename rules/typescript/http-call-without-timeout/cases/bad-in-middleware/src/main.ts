import express from 'express';
import { authorised } from './authorised.ts';

const app = express();
app.use(authorised);
app.get('/orders', (_request, response) => response.json([]));
app.listen(8080);
