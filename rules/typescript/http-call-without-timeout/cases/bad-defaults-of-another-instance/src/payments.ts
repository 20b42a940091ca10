import { catalog, payments } from './clients.ts';

catalog.defaults.timeout = 2_000;

export async function paymentOf(order: string): Promise<unknown> {
  const { data } = await payments.get(`/payments/${order}`);
  return data;
}
