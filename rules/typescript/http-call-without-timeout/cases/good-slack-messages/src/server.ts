import express from 'express';
import { announce } from './slack-messages.ts';

const app = express();
app.use(express.json());
app.post('/slack-messages', async (request, response) => {
  response.json(await announce(request.body));
});
app.listen(8080);
