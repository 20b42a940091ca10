import { Worker } from 'bullmq';
import { onSigterm } from './signals.ts';

const worker = new Worker('mails', async (job) => console.log(job.id), {
  connection: { host: 'redis' },
});
worker.on('error', console.error);
onSigterm();
