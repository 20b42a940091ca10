import express from 'express';

const app = express();
app.get('/healthz', (_request, response) => {
  response.status(200).send('OK');
});
app.listen(8080);
