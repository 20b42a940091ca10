import pRetry from 'p-retry';

export async function order(id: string): Promise<unknown> {
  return pRetry(
    async () => {
      const answer = await fetch('http://catalog/search', {
        method: 'POST',
        body: id,
        signal: AbortSignal.timeout(1_000),
      });
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    },
    { retries: 2, randomize: true },
  );
}
