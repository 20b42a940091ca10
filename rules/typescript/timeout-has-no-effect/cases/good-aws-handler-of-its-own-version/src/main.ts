import { GetObjectCommand } from '@aws-sdk/client-s3';
import express from 'express';
import { s3 } from './storage.ts';

const app = express();
app.get('/images/:name', async (request, response) => {
  const image = await s3.send(new GetObjectCommand({ Bucket: 'images', Key: request.params.name }));
  response.send(await image.Body?.transformToByteArray());
});
app.listen(8080);
