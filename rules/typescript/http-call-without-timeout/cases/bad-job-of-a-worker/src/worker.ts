import { Worker } from 'bullmq';
import { send } from './send.ts';

const worker = new Worker('mails', async (job) => send(job.data), {
  connection: { host: 'redis', port: 6379 },
});

process.once('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});
