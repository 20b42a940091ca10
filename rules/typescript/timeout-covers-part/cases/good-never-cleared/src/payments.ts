export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`http://payments:8080/payments/${order}`, { signal: AbortSignal.timeout(3_000) });
  return answer.json();
}
