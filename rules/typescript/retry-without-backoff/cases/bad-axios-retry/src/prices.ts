import { catalog } from './catalog.ts';

export async function priceOf(id: string): Promise<unknown> {
  return (await catalog.get(`/prices/${id}`)).data;
}
