import { ordersOf } from '../../../lib/orders';

export async function GET(request: Request) {
  return Response.json(await ordersOf(new URL(request.url).searchParams.get('customer') ?? ''));
}
