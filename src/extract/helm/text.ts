/** Texts: made of strings, cut, and joined, with their origins kept. */
import type { Range } from '../../location.ts';
import { type Operand, type Origin, type Piece, Text } from './value.ts';

const NONE: readonly Origin[] = [];

/** More origins than this are not remembered: a sentence names no more, and loops that gather text stay linear. */
const MOST_ORIGINS = 8;

export const EMPTY_TEXT = new Text([]);

/** A text of one piece. */
export function textOf(text: string, from: readonly Origin[] = NONE, at?: Origin): Text {
  return new Text([at === undefined ? { text, from } : { text, at, from }]);
}

/** A text that nobody can tell. */
export function unknownText(why: string, from: readonly Origin[] = NONE, at?: Origin): Text {
  const piece = { text: '', from, unknown: why };
  return new Text([at === undefined ? piece : { ...piece, at }]);
}

/** The origins of both, each once. */
export function union(a: readonly Origin[], b: readonly Origin[]): readonly Origin[] {
  if (b.length === 0 || a === b || a.length >= MOST_ORIGINS) return a;
  if (a.length === 0) return b;
  const added = b.filter((origin) => !a.includes(origin));
  return added.length === 0 ? a : [...a, ...added].slice(0, MOST_ORIGINS);
}

/** The origins of all operands, and of the pieces of those that are texts. */
export function originsOf(operands: readonly Operand[]): readonly Origin[] {
  let from = NONE;
  for (const operand of operands) from = union(from, allOrigins(operand));
  return from;
}

/** The origins of an operand, and of the pieces of its text. */
export function allOrigins({ value, from }: Operand): readonly Origin[] {
  if (!(value instanceof Text)) return from;
  let all = from;
  for (const piece of value.pieces) {
    all = union(all, piece.from);
    if (all.length >= MOST_ORIGINS) break;
  }
  return all;
}

/** The part of a text from `start` to `end`, in UTF-16 code units of its value. Unknown pieces within stay. */
export function sliceText(text: Text, start: number, end: number): Text {
  return start <= 0 && end >= text.length ? text : pick(text, [[start, end]]);
}

/** The parts of a text in `ranges`, which ascend and do not touch; the unknown pieces within them stay. */
function pick(text: Text, ranges: readonly Range[]): Text {
  const pieces: Piece[] = [];
  let first = 0;
  let at = 0;
  for (const piece of text.pieces) {
    const next = at + piece.text.length;
    const empty = next === at;
    for (let range = ranges[first]; range !== undefined; range = ranges[first]) {
      if (empty ? range[1] >= at : range[1] > at) break;
      first++;
    }
    for (let i = first, range = ranges[i]; range !== undefined; range = ranges[++i]) {
      const [start, end] = range;
      if (empty ? start > at : start >= next) break;
      const whole = at >= start && next <= end;
      pieces.push(
        whole ? piece : { ...piece, text: piece.text.slice(Math.max(start - at, 0), end - at) },
      );
    }
    at = next;
  }
  return new Text(pieces);
}

/** The text without every occurrence of `word`, which may lie over several pieces. */
export function without(text: Text, word: string): Text {
  const { value } = text;
  let found = value.indexOf(word);
  if (found === -1) return text;
  const ranges: Range[] = [];
  let start = 0;
  for (; found !== -1; found = value.indexOf(word, start)) {
    ranges.push([start, found]);
    start = found + word.length;
  }
  ranges.push([start, value.length]);
  return pick(text, ranges);
}
