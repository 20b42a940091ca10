export async function asked(id: string): Promise<unknown> {
  const answer = await fetch(`http://catalog/prices/${id}`, { signal: AbortSignal.timeout(1_000) });
  return answer.json();
}
