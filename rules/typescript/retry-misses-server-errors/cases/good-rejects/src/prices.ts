import axios from 'axios';
import pRetry from 'p-retry';

const asked = (id: string) => axios.get(`http://catalog/prices/${id}`, { timeout: 1_000 });

export async function priceOf(id: string): Promise<unknown> {
  return (await pRetry(() => asked(id), { retries: 2, randomize: true })).data;
}
