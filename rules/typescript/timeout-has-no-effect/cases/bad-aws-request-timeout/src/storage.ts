import { S3Client } from '@aws-sdk/client-s3';

export const s3 = new S3Client({
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
});
