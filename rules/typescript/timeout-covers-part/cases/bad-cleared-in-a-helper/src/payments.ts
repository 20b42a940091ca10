import { fetchWithTimeout } from './http.ts';

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetchWithTimeout(`http://payments:8080/payments/${order}`, 3_000);
  return answer.json();
}
