import { options } from './options.ts';

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`http://payments:8080/payments/${order}`, options());
  return answer.json();
}
