import express from 'express';
import { getJson } from './http.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await getJson(`http://catalog:8080/${request.params.id}`, AbortSignal.timeout(2_000)));
});
app.listen(8080);
