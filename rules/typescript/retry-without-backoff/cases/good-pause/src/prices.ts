import pRetry from 'p-retry';
import { catalog } from './catalog.ts';
import { sleep } from './sleep.ts';

export async function priceOf(id: string): Promise<unknown> {
  await catalog.get('/currencies');
  await pRetry(async () => {
    const answer = await fetch('http://catalog/taxes', { signal: AbortSignal.timeout(1_000) });
    if (!answer.ok) throw new Error(answer.statusText);
  }, { retries: 2, randomize: true });
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(`http://catalog/prices/${id}`, { signal: AbortSignal.timeout(1_000) });
      if (!answer.ok) throw new Error(answer.statusText);
      return await answer.json();
    } catch (error) {
      if (attempt >= 3) throw error;
      await sleep(Math.random() * 100 * 2 ** attempt);
    }
  }
}
