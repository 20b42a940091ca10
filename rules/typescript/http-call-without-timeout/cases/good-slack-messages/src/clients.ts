import { WebClient } from '@slack/web-api';

export const client = new WebClient('token', { timeout: 5_000 });

