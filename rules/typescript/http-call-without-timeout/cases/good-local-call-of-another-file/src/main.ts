import express from 'express';
import { isReady } from './sidecar.ts';

const app = express();
app.get('/orders', async (_request, response) => {
  response.sendStatus((await isReady()) ? 200 : 503);
});
app.listen(8080);
