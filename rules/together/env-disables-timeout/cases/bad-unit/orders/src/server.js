const axios = require('axios');
const express = require('express');

const payments = axios.create({
  baseURL: 'http://payments',
  timeout: Number(process.env.PAYMENTS_TIMEOUT_MS ?? 3000),
});
const app = express();
app.get('/orders', async (request, response) => {
  const { data } = await payments.get('/open');
  response.json(data);
});
app.listen(8080);
