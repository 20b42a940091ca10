import axios from 'axios';
import express from 'express';
import { payments } from './payments.ts';

// Too late for clients that were made before: which these are depends on the order of all modules.
axios.defaults.timeout = 5_000;

const app = express();
app.get('/orders/:id', async (request, response) => {
  const { data } = await payments.get(`/payments/${request.params.id}`);
  response.json(data);
});
app.listen(8080);
