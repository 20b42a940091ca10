import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import express from 'express';

const client = new SNSClient({ region: 'eu-central-1' });
const app = express();
app.post('/orders', async (_request, response) => {
  await client.send(new PublishCommand({ TopicArn: 'orders', Message: 'placed' }));
  response.sendStatus(201);
});
app.listen(8080);
