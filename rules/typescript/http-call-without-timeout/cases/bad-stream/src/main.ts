import express from 'express';
import { eventsOf } from './ledger.ts';

const app = express();
app.get('/orders/:id/events', async (request, response) => {
  const events = await eventsOf(request.params.id);
  events.pipe(response);
});
app.listen(8080);
