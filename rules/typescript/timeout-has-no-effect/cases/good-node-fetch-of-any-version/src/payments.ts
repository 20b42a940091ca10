import fetch from 'node-fetch';

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`http://payments:8080/payments/${order}`, { timeout: 5_000 });
  return answer.json();
}
