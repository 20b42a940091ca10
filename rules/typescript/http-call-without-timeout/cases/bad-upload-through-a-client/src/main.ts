import { DeleteObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import express from 'express';
import { client } from './client.ts';

const app = express();
app.put('/receipts/:id', async (request, response) => {
  const upload = new Upload({
    client,
    params: { Bucket: 'receipts', Key: request.params.id, Body: request },
  });
  await upload.done();
  response.sendStatus(204);
});
app.delete('/receipts', async (_request, response) => {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: 'receipts' }))
    for (const { Key } of Contents)
      await client.send(new DeleteObjectCommand({ Bucket: 'receipts', Key }));
  response.sendStatus(204);
});
app.listen(8080);
