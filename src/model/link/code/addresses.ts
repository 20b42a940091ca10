/** What addresses are put together from: texts, variables of the environment, and what cannot be told. */
import type { AddressPart } from '../../code.ts';
import { type Abstract, placeOf } from './abstract.ts';

/** The addresses of a call: its own, or those of its client when it only gives a path. */
export function addressesOf(
  own: Abstract,
  client: Abstract | undefined,
): readonly (readonly AddressPart[])[] {
  const base = client === undefined ? [] : partsOf(client);
  const written = partsOf(own);
  if (written.length === 0) return base;
  return written.flatMap((parts) => (isPath(parts) && base.length > 0 ? base : [parts]));
}

/** `/orders`, `orders/12`: no scheme in front. */
function isPath([first]: readonly AddressPart[]): boolean {
  return typeof first === 'string' && !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(first);
}

function partsOf(value: Abstract): readonly (readonly AddressPart[])[] {
  switch (value.is) {
    case 'literal':
      return typeof value.value === 'string' ? [[value.value]] : [];
    case 'text':
      return [(value.pieces ?? value.parts).map(partOf)];
    case 'environment':
      return [[partOf(value)]];
    case 'alternatives':
      return value.of.flatMap(partsOf);
    default:
      return [];
  }
}

function partOf(piece: string | null | Abstract): AddressPart {
  if (piece === null || typeof piece === 'string') return piece;
  if (piece.is !== 'environment') return null;
  const { name, fallback, at } = piece;
  const isWritten = fallback?.is === 'literal' && typeof fallback.value === 'string';
  return {
    variable: name,
    at: placeOf(at),
    ...(isWritten ? { default: String(fallback.value) } : {}),
  };
}
