import express from 'express';
import { PrismaClient } from '@prisma/client';

const app = express();

app.get('/orders', async (request, response) => {
  const prisma = new PrismaClient();
  response.json(await prisma.order.findMany());
});

app.listen(8080);
