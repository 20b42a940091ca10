import { client } from './clients.ts';

export async function announce(order: { id: string; mail: string }) {
  return client.chat.postMessage({ channel: 'orders', text: order.id });
}
