import { Client } from 'minio';

import https from 'node:https';
export const client = new Client({ endPoint: 'minio', accessKey: 'a', secretKey: 'b', transportAgent: new https.Agent({ timeout: 5_000 }) });

