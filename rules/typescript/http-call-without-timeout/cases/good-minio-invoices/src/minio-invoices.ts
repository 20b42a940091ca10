import { client } from './clients.ts';

export async function invoiceExists(order: { id: string; mail: string }) {
  return client.statObject('invoices', order.id);
}
