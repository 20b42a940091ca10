import { client } from './clients.ts';

export async function addRow(order: { id: string; mail: string }) {
  return client.from('orders').insert({ id: order.id }).select().single();
}
