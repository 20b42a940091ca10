import { Worker } from 'bullmq';

export class MailQueue {
  readonly #worker: Worker;

  constructor(send: (mail: string) => Promise<void>) {
    this.#worker = new Worker('mails', (job) => send(job.data), { connection: { host: 'redis' } });
  }

  async end(): Promise<void> {
    await this.#worker.close();
  }
}
