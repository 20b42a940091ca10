import express from 'express';
import { OrdersGateway } from './gateway.ts';
import { fetch } from './recorded.ts';

const gateway = new OrdersGateway(fetch);
const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await gateway.load(request.params.id));
});
app.listen(8080);
