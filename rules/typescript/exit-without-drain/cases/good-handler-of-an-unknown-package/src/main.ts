import express from 'express';
import { shutdown } from '@acme/lifecycle';

const app = express();
app.get('/orders', (_request, response) => response.json([]));
const server = app.listen(8080);

process.once('SIGTERM', () => shutdown(server));
