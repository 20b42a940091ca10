import { setTimeout as sleep } from 'node:timers/promises';
import amqp from 'amqplib';

export async function connected(): Promise<unknown> {
  for (;;) {
    try {
      return await amqp.connect('amqp://broker?heartbeat=10', { timeout: 5_000 });
    } catch (error) {
      console.error(error);
      await sleep(1_000);
    }
  }
}
