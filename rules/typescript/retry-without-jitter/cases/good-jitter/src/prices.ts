import { setTimeout as sleep } from 'node:timers/promises';

const jittered = (attempt: number) => 100 * 2 ** attempt * (0.5 + Math.random());

export async function priceOf(id: string): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(`http://catalog/prices/${id}`, { signal: AbortSignal.timeout(1_000) });
      if (!answer.ok) throw new Error(answer.statusText);
      return await answer.json();
    } catch (error) {
      if (attempt >= 3) throw error;
      const pause = jittered(attempt);
      await sleep(pause);
    }
  }
}
