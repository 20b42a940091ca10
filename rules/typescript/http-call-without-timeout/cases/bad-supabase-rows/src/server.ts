import express from 'express';
import { addRow } from './supabase-rows.ts';

const app = express();
app.use(express.json());
app.post('/supabase-rows', async (request, response) => {
  response.json(await addRow(request.body));
});
app.listen(8080);
