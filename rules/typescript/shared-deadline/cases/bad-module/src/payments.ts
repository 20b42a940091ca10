const signal = AbortSignal.timeout(5_000);

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`http://payments:8080/payments/${order}`, { signal });
  return answer.json();
}
