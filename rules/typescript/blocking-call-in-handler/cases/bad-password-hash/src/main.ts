import express from 'express';
import { checked } from './password.ts';

const app = express();
app.use(express.json());

app.post('/login', (request, response) => {
  response.json({ known: checked(request.body.password, 'hash') });
});

app.listen(8080);
