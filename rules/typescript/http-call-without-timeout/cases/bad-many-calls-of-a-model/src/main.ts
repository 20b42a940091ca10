import express from 'express';
import { classify, describe, price, rank, summarise, translate } from './texts.ts';

const app = express();
app.post('/texts/summary', async (request, response) => {
  response.json(await summarise(request.body.text));
});
app.post('/texts/translation', async (request, response) => {
  response.json(await translate(request.body.text));
});
app.post('/texts/class', async (request, response) => {
  response.json(await classify(request.body.text));
});
app.post('/texts/rank', async (request, response) => {
  response.json(await rank(request.body.text));
});
app.post('/texts/description', async (request, response) => {
  response.json(await describe(request.body.text));
});
app.get('/prices/:id', async (request, response) => {
  response.json(await price(request.params.id));
});
app.listen(8080);
