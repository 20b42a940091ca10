import express from 'express';
import { addMeeting } from './google-calendar.ts';

const app = express();
app.use(express.json());
app.post('/google-calendar', async (request, response) => {
  response.json(await addMeeting(request.body));
});
app.listen(8080);
