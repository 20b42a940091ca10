import express from 'express';
import { dataSource } from './data-source.ts';
import { Order } from './order.ts';

await dataSource.initialize();
const orders = dataSource.getRepository(Order);

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await orders.findOneBy({ id: request.params.id }));
});
app.listen(8080);
