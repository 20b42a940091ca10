import { Worker } from 'bullmq';
import { connection } from './connection.ts';

// A queue waits for jobs on purpose: its connection must not have a timeout.
const worker = new Worker('mails', async (job) => console.log(job.id), { connection });

process.once('SIGTERM', () => worker.close());
