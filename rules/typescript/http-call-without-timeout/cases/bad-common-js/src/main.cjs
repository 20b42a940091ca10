const express = require('express');
const { payments } = require('./clients.cjs');

const app = express();
app.get('/orders/:id', async (request, response) => {
  const { data } = await payments.get(`/payments/${request.params.id}`);
  response.json(data);
});
app.listen(8080);
