import express from 'express';
import { podsOf } from './kubernetes-pods.ts';

const app = express();
app.use(express.json());
app.post('/kubernetes-pods', async (request, response) => {
  response.json(await podsOf(request.body));
});
app.listen(8080);
