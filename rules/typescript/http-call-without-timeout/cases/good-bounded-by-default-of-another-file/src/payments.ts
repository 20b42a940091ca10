import { payments } from './clients.ts';

export function paymentOf(order: string): Promise<unknown> {
  return payments.get(`payments/${order}`).json();
}
