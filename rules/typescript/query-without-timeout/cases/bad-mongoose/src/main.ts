import express from 'express';
import mongoose from 'mongoose';
import { Item } from './item.ts';

await mongoose.connect('mongodb://db/catalog');

const app = express();
app.get('/items/:id', async (request, response) => {
  response.json(await Item.findById(request.params.id).exec());
});
app.listen(8080);
