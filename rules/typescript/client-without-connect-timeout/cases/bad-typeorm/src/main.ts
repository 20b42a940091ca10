import express from 'express';
import { dataSource } from './data-source.ts';

await dataSource.initialize();
const app = express();
app.get('/orders', async (_request, response) => {
  response.json(await dataSource.query('select * from orders'));
});
app.listen(8080);
