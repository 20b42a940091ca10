import express from 'express';
import { pool } from './db.ts';
import { statement } from './statement.ts';

const app = express();
app.get('/orders/:id', async (request, response) => {
  const { rows } = await pool.query(statement(request.params.id));
  response.json(rows[0]);
});
app.listen(8080);
