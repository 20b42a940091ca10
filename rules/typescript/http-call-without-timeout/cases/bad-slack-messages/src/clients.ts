import { WebClient } from '@slack/web-api';

export const client = new WebClient('token');

