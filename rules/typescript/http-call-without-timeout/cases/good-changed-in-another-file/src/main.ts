import fastify from 'fastify';
import { Payments } from './payments.ts';

const payments = new Payments();
payments.options.timeout = Number(process.env.PAYMENTS_TIMEOUT ?? 2_000);

const app = fastify();
app.get<{ Params: { id: string } }>('/orders/:id', ({ params }) => payments.of(params.id));
await app.listen({ port: 8080 });
