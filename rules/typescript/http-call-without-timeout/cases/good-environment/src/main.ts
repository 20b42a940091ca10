import express from 'express';

const timeout = Number(process.env.PAYMENTS_TIMEOUT ?? 5_000);

const app = express();
app.get('/orders/:id', async (request, response) => {
  const answer = await fetch(`http://payments:8080/payments/${request.params.id}`, {
    signal: AbortSignal.timeout(timeout),
  });
  response.json(await answer.json());
});
app.listen(8080);
