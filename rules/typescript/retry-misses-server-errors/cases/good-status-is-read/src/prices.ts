import pRetry from 'p-retry';
import { asked } from './asked.ts';

export async function priceOf(id: string): Promise<unknown> {
  return pRetry(
    async () => {
      const answer = await asked(id);
      if (answer.status >= 500) throw new Error(answer.statusText);
      return answer.json();
    },
    { retries: 2, randomize: true },
  );
}
