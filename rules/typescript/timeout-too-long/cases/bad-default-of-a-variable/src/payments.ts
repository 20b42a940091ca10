export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`http://payments:8080/payments/${order}`, { signal: AbortSignal.timeout(Number(process.env.PAYMENTS_TIMEOUT ?? 90_000)) });
  return answer.json();
}
