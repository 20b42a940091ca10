import express from 'express';

const app = express();
app.get('/orders/:id', async (request, response) => {
  const signal = AbortSignal.timeout(5_000);
  const [payment, items] = await Promise.all([
    fetch('http://payments:8080/payments', { signal }),
    fetch('http://catalog:8080/items', { signal }),
  ]);
  response.json([request.params.id, await payment.json(), await items.json()]);
});
app.listen(8080);
