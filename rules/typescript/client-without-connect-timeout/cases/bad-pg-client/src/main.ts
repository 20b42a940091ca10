import express from 'express';
import { client } from './db.ts';

await client.connect();
const app = express();
app.get('/entries', async (_request, response) => {
  const { rows } = await client.query('select * from entries');
  response.json(rows);
});
app.listen(8080);
