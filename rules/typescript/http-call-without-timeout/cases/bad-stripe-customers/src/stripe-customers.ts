import { client } from './clients.ts';

export async function addCustomer(order: { id: string; mail: string }) {
  return client.customers.create({ email: order.mail });
}
