import express from 'express';
import { source } from './source.ts';
import { Item } from './item.ts';

const app = express();
app.use(express.json());

app.post('/basket', async (request, response) => {
  const found = await source.transaction(async (manager) => {
    const all = [];
    for (const id of request.body.ids) all.push(await manager.findOneBy(Item, { id }));
    return all;
  });
  response.json(found);
});

app.listen(8080);
