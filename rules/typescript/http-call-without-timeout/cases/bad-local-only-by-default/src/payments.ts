import { paymentsUrl } from './settings.ts';

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`${paymentsUrl}/payments/${order}`);
  return answer.json();
}
