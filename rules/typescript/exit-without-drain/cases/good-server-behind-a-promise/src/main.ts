import express from 'express';
import { listening } from './listening.ts';

const app = express();
app.get('/orders', (_request, response) => response.json([]));
const server = await listening(app, 8080);
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
});
