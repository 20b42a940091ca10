import { Worker } from 'bullmq';

const worker = new Worker('mails', async (job) => console.log(job.id), {
  connection: { host: 'redis' },
});
process.once('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});
