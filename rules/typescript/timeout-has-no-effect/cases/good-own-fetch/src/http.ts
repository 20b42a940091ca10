export async function fetch(url: string, { timeout }: { timeout: number }): Promise<unknown> {
  const answer = await globalThis.fetch(url, { signal: AbortSignal.timeout(timeout) });
  return answer.json();
}
