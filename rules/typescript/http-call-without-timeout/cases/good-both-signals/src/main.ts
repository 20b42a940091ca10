import express from 'express';
import { itemsOf } from './catalog.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  const gone = new AbortController();
  request.on('close', () => gone.abort());
  response.json(await itemsOf(request.params.id, gone.signal));
});
app.listen(8080);
