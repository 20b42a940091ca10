async function bodyOf(answer: Response): Promise<unknown> {
  return await answer.json();
}

async function jsonOf(url: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return await bodyOf(answer);
}

export async function paymentOf(order: string): Promise<unknown> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 2_000);
  try {
    return await jsonOf(`http://payments:8080/payments/${order}`, controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
