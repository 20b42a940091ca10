import express from 'express';

const app = express();
app.get('/orders', async (_request, response) => {
  // chaoslint-disable-next-line http-call-without-timeout -- the sidecar ends it after 2 s
  const answer = await fetch('http://ledger:8080/orders');
  response.json(await answer.json());
});
app.listen(8080);
