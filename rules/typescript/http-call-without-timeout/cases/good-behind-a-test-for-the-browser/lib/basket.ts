import { environment, isBrowser, isServer } from './side';

async function synchronise(customer: string): Promise<void> {
  await fetch(`/api/baskets/${customer}/synchronise`, { method: 'POST' });
}

export async function basketOf(customer: string): Promise<unknown> {
  if (isBrowser) {
    await synchronise(customer);
    return (await fetch(`/api/baskets/${customer}`)).json();
  }
  return { customer, items: [] };
}

export async function visit(page: string): Promise<void> {
  if (isServer()) return;
  await fetch(`https://statistics.example/visits/${page}`);
}

export const currencies = (): Promise<unknown> =>
  typeof document === 'undefined'
    ? Promise.resolve(['EUR'])
    : fetch('/api/currencies').then((answer) => answer.json());

export async function pricesOf(customer: string, cookie?: string): Promise<unknown> {
  if (environment.side === 'server' && cookie !== undefined) {
    return { customer, prices: [] };
  } else {
    return (await fetch(`https://shop.example/api/prices/${customer}`)).json();
  }
}

export async function count(page: string): Promise<void> {
  if (environment.side === 'client') await fetch(`https://statistics.example/counts/${page}`);
}
