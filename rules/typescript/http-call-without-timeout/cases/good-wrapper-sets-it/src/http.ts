export async function getJson(url: string, init: RequestInit = {}): Promise<unknown> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 3_000);
  try {
    const answer = await fetch(url, { ...init, signal: controller.signal });
    return await answer.json();
  } finally {
    clearTimeout(timer);
  }
}
