import express from 'express';
import { invoiceExists } from './minio-invoices.ts';

const app = express();
app.use(express.json());
app.post('/minio-invoices', async (request, response) => {
  response.json(await invoiceExists(request.body));
});
app.listen(8080);
