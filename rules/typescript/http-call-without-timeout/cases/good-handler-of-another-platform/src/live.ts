import type { Context } from 'hono';

export async function live(context: Context): Promise<Response> {
  const answer = await fetch('http://orders:8080/live');
  return context.body(answer.body);
}

export async function liveOnNode(context: Context): Promise<Response> {
  const answer = await fetch('http://orders:8080/live', { signal: AbortSignal.timeout(5_000) });
  return context.body(answer.body);
}
