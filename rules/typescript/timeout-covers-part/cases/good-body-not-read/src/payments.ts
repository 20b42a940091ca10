export async function isPaid(order: string): Promise<boolean> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 3_000);
  try {
    const { ok } = await fetch(`http://payments:8080/payments/${order}`, {
      method: 'HEAD',
      signal: controller.signal,
    });
    return ok;
  } finally {
    clearTimeout(timer);
  }
}
