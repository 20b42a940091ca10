import { basketOf, currencies, visit } from '../../../lib/basket';

export async function GET(): Promise<Response> {
  await visit('baskets');
  return Response.json({ basket: await basketOf('1'), currencies: await currencies() });
}
