import { Client } from 'minio';

export const client = new Client({ endPoint: 'minio', accessKey: 'a', secretKey: 'b' });

