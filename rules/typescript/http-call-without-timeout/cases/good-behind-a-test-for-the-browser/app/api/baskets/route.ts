import { basketOf, count, currencies, pricesOf, visit } from '../../../lib/basket';

export async function GET(): Promise<Response> {
  await visit('baskets');
  await count('baskets');
  return Response.json({
    basket: await basketOf('1'),
    currencies: await currencies(),
    prices: await pricesOf('1'),
  });
}
