import express from 'express';
import { addCustomer } from './stripe-customers.ts';

const app = express();
app.use(express.json());
app.post('/stripe-customers', async (request, response) => {
  response.json(await addCustomer(request.body));
});
app.listen(8080);
