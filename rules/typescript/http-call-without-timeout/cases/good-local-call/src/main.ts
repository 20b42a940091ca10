import express from 'express';

const app = express();
app.get('/orders', async (_request, response) => {
  const answer = await fetch('http://127.0.0.1:15021/healthz/ready');
  response.sendStatus(answer.status);
});
app.listen(8080);
