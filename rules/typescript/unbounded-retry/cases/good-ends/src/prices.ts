import { setTimeout as sleep } from 'node:timers/promises';

const attempts = 3;

export async function priceOf(id: string): Promise<unknown> {
  let attempt = 0;
  while (true) {
    try {
      const answer = await fetch(`http://catalog/prices/${id}`, { signal: AbortSignal.timeout(1_000) });
      if (answer.ok) return await answer.json();
      throw new Error(answer.statusText);
    } catch (error) {
      attempt += 1;
      if (attempt >= attempts) throw error;
    }
    await sleep(Math.random() * 1_000 * attempt);
  }
}
