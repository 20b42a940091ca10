export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`http://payments:8080/payments/${order}`);
  return answer.json();
}
