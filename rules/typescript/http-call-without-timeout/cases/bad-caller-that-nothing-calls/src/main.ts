import express from 'express';
import { getJson } from './http.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  const signal = AbortSignal.timeout(2_000);
  response.json(await getJson(`http://payments:8080/payments/${request.params.id}`, { signal }));
});
app.listen(8080);

export async function prices(): Promise<unknown> {
  return getJson('http://catalog:8080/prices');
}
