import express from 'express';
import './probes.ts';

const app = express();
app.get('/orders', (_request, response) => response.json([]));
app.listen(8080);
