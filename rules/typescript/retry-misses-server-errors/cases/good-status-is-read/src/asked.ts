export async function asked(id: string): Promise<Response> {
  return fetch(`http://catalog/prices/${id}`, { signal: AbortSignal.timeout(1_000) });
}
