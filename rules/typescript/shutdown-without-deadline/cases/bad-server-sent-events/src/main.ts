import express from 'express';
import { follow } from './follow.ts';

const app = express();
app.get('/orders/events', follow);

const server = app.listen(8080);
process.once('SIGTERM', () => server.close(() => process.exit(0)));
