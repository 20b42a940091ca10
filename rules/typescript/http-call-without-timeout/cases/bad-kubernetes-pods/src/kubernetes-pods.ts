import { client } from './clients.ts';

export async function podsOf(order: { id: string; mail: string }) {
  return client.listNamespacedPod({ namespace: order.id });
}
