import pRetry from 'p-retry';
import { asked } from './asked.ts';

export async function priceOf(id: string): Promise<unknown> {
  const answer = await pRetry(() => asked(id), { retries: 2, randomize: true });
  return answer;
}
