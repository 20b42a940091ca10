import { fetch } from './http.ts';

export function paymentOf(order: string): Promise<unknown> {
  return fetch(`http://payments:8080/payments/${order}`, { timeout: 5_000 });
}
