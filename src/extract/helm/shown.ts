/** What an action writes. */

import { print } from './functions/print.ts';
import { unknownIn } from './functions/signature.ts';
import { union } from './text.ts';
import { type Calling, type Operand, type Origin, type Piece, Text, Unknown } from './value.ts';

/** The action that writes: its place, and where its own text comes from when that is a value (`tpl`). */
interface Writer {
  readonly at: Origin;
  readonly from: readonly Origin[];
}

/** A value as an action writes it. Texts keep the origins of their pieces. */
export function shownOf(
  { value, from }: Operand,
  writer: Writer,
  calling: (at: Origin) => Calling,
): Piece | Text {
  const { at } = writer;
  if (value instanceof Text) {
    if (writer.from.length === 0 && value.pieces.every((piece) => piece.at !== undefined))
      return value;
    const [first] = value.pieces;
    if (first !== undefined && value.pieces.length === 1) return placed(first, writer);
    return new Text(value.pieces.map((piece) => placed(piece, writer)));
  }
  const all = union(from, writer.from);
  if (value === null) return { text: '<no value>', at, from: all };
  if (typeof value !== 'object') return { text: print(value), at, from: all };
  const unknown = value instanceof Unknown ? value.why : unknownIn(value, calling(at));
  if (unknown !== undefined) return { text: '', at, from: all, unknown };
  return { text: print(value), at, from: all };
}

function placed(piece: Piece, { at, from }: Writer): Piece {
  return { ...piece, at: piece.at ?? at, from: union(piece.from, from) };
}
