import { options } from './options.ts';

export async function paymentOf(order: string): Promise<unknown> {
  const answer = await fetch(`http://payments:8080/payments/${order}`, options);
  const items = await fetch(`http://catalog:8080/items/${order}`, { ...options, method: 'GET' });
  return { payment: await answer.json(), items: await items.json() };
}
