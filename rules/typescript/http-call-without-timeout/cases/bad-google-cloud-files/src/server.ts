import express from 'express';
import { invoiceExists } from './google-cloud-files.ts';

const app = express();
app.use(express.json());
app.post('/google-cloud-files', async (request, response) => {
  response.json(await invoiceExists(request.body));
});
app.listen(8080);
