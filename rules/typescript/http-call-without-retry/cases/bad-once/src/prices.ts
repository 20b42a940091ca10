import { catalog } from './catalog.ts';

export async function priceOf(id: string): Promise<unknown> {
  const { data } = await catalog.get(`/prices/${id}`);
  const taxes = await catalog.get('/taxes');
  return { data, taxes: taxes.data };
}
