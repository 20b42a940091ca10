import express from 'express';
import { confirm } from './sendgrid-mails.ts';

const app = express();
app.use(express.json());
app.post('/sendgrid-mails', async (request, response) => {
  response.json(await confirm(request.body));
});
app.listen(8080);
