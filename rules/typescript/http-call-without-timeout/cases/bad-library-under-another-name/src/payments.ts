import { ask } from './http.ts';

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await ask(`http://payments:8080/payments/${order}`);
  return answer.json();
}
