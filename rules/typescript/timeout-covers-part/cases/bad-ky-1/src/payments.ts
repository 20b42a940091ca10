import ky from 'ky';

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await ky.get(`http://payments:8080/payments/${order}`, { timeout: 3_000 });
  return answer.json();
}
