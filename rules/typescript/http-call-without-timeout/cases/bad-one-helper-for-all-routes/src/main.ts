import express from 'express';
import { type Agent, LedgerAgent, LogAgent, MailAgent } from './agents.ts';

async function sendTest(agent: Agent): Promise<void> {
  await agent.send('a test');
}

const app = express();
app.post('/log/test', async (_request, response) => {
  const agent = new LogAgent();
  await sendTest(agent);
  response.status(204).end();
});
app.post('/ledger/test', async (_request, response) => {
  await sendTest(new LedgerAgent());
  response.status(204).end();
});
app.post('/mail/test', async (_request, response) => {
  const agent = new MailAgent();
  await sendTest(agent);
  response.status(204).end();
});
app.listen(8080);
