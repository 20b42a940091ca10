import got from 'got';
import pRetry from 'p-retry';
import { catalog } from './catalog.ts';

async function taxes(): Promise<unknown> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      const answer = await fetch('http://catalog/taxes', { signal: AbortSignal.timeout(1_000) });
      if (answer.ok) return await answer.json();
    } catch (error) {
      await new Promise((done) => setTimeout(done, Math.random() * 100 * attempt));
    }
  }
  return undefined;
}

export async function priceOf(id: string): Promise<unknown> {
  const { data } = await catalog.get(`/prices/${id}`);
  await got.get('http://catalog/currencies', { timeout: { request: 1_000 } });
  const answer = await pRetry(() => fetch('http://catalog/stock', { signal: AbortSignal.timeout(1_000) }), { retries: 2, randomize: true });
  return { data, ok: answer.ok, taxes: await taxes() };
}
