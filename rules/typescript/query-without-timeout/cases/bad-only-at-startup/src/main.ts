import express from 'express';
import { Client } from 'pg';

const client = new Client({ host: 'db' });
await client.connect();
const { rows } = await client.query('select * from categories');

const app = express();
app.get('/categories', (_request, response) => response.json(rows));
app.listen(8080);
