import express from 'express';

const signal = AbortSignal.timeout(5_000);
const answer = await fetch('http://ledger:8080/prices', { signal });
const prices = await answer.json();
const app = express();
app.get('/prices', (_request, response) => response.json(prices));
app.listen(8080);
