export async function paymentOf(order: string): Promise<unknown> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 3_000);
  try {
    const answer = await fetch(`http://payments:8080/payments/${order}`, { signal: controller.signal });
    return await answer.json();
  } finally {
    clearTimeout(timer);
  }
}
