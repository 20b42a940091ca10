import express from 'express';
import { database } from './database.ts';

const app = express();
app.get('/healthz', async (_request, response) => {
  await database.ping();
  response.status(200).send('OK');
});
app.listen(8080);
