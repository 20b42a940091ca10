export async function send(url: string, body: string): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(1_000) });
  return answer.json();
}
