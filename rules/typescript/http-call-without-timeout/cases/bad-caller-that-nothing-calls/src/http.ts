export async function getJson(url: string, init?: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...init, redirect: 'error' });
  return answer.json();
}
