import fastify from 'fastify';
import { Basket } from './basket.ts';

const app = fastify();
const basket = new Basket();

app.get('/baskets/:customer', async (request) => basket.of((request.params as { customer: string }).customer));

await app.listen({ port: 8080 });
