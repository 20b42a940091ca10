import express from 'express';
import { Product } from './product.ts';

const app = express();
app.use(express.json());

app.post('/basket', async (request, response) => {
  const found = [];
  for (let index = 0; index < request.body.items.length; index++) {
    const id = request.body.items[index].id;
    found.push(await Product.findById(id));
  }
  for (const { id } of request.body.items) found.push((await Product.findById(id))?.name);
  response.json(found);
});

app.listen(8080);
