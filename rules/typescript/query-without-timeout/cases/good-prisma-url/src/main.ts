import express from 'express';
import { prisma } from './prisma.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await prisma.order.findUnique({ where: { id: request.params.id } }));
});
app.listen(8080);
