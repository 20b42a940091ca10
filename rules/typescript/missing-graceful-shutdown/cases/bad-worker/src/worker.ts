import { Worker } from 'bullmq';
import { send } from './send.ts';

new Worker('mails', async (job) => send(job.data), { connection: { host: 'redis' } });
