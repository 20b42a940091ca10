import { client } from './clients.ts';

export async function confirm(order: { id: string; mail: string }) {
  return client.send({ to: order.mail, from: 'shop@example.com', subject: order.id, text: 'Thank you.' });
}
