const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());

export async function paymentOf(order: string): Promise<unknown> {
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(5_000)]);
  const answer = await fetch(`http://payments:8080/payments/${order}`, { signal });
  return answer.json();
}
