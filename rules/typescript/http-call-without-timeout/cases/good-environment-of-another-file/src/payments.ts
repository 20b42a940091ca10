import { settings } from './settings.ts';

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`http://payments:8080/payments/${order}`, {
    signal: AbortSignal.timeout(settings.payments.timeout),
  });
  return answer.json();
}
