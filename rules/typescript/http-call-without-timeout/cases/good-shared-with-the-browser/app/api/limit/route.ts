import { limit } from '../../../lib/files';

export function GET() {
  return Response.json({ limit });
}
