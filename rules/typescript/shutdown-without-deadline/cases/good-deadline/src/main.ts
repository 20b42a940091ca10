import express from 'express';
import { stop } from './stop.ts';

const app = express();
app.get('/orders/events', (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
});
const server = app.listen(8080);
process.once('SIGTERM', () => {
  stop();
  server.close(() => process.exit(0));
});
