import express from 'express';
import ky from 'ky';

const payments = ky.create({ prefixUrl: 'http://payments:8080' });

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await payments.get(`payments/${request.params.id}`).json());
});
app.listen(8080);
