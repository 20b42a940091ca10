import pRetry from 'p-retry';
import { catalog } from './catalog.ts';

export async function priceOf(id: string): Promise<unknown> {
  return pRetry(async () => (await catalog.get(`/prices/${id}`)).data, { retries: 4, randomize: true });
}
