import { basketOf } from '../../../lib/basket';

export async function GET(): Promise<Response> {
  return Response.json(await basketOf('1'));
}
