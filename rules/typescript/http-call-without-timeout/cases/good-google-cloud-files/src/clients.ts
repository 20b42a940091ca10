import { Storage } from '@google-cloud/storage';

export const client = new Storage({ timeout: 5_000 });

