import { setTimeout as sleep } from 'node:timers/promises';
import { client } from './clients.ts';

export async function podsOf(order: { id: string; mail: string }) {
  return Promise.race([
    client.listNamespacedPod({ namespace: order.id }),
    sleep(5_000).then(() => {
      throw new Error('the cluster does not answer');
    }),
  ]);
}
