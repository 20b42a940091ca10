/** Text that keeps the places of its characters while functions cut and join it. */
import type { Origin, Piece } from '../value.ts';
import { Text } from '../value.ts';

/** A piece that a template has word for word: each of its characters has its own place. */
function isVerbatim({ at, from, text }: Piece): boolean {
  return at !== undefined && from.length === 0 && at.range[1] - at.range[0] === text.length;
}

function slicePiece(piece: Piece, start: number, end: number): Piece {
  if (start === 0 && end === piece.text.length) return piece;
  const text = piece.text.slice(start, end);
  if (piece.at === undefined || !isVerbatim(piece)) return { ...piece, text };
  const from = piece.at.range[0];
  return { ...piece, text, at: { ...piece.at, range: [from + start, from + end] } };
}

/** The pieces between two offsets of `text.value`; unknown pieces inside and at the ends stay. */
function slicePieces(text: Text, start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const piece of text.pieces) {
    const next = offset + piece.text.length;
    if (piece.unknown !== undefined) {
      if (offset >= start && offset <= end) pieces.push(piece);
    } else if (next > start && offset < end) {
      pieces.push(
        slicePiece(piece, Math.max(0, start - offset), Math.min(piece.text.length, end - offset)),
      );
    }
    offset = next;
  }
  return pieces;
}

/** An unknown piece with the same done to what its branches would write. */
function mapHidden(piece: Piece, change: (text: Text) => Text): Piece {
  return piece.hides === undefined ? piece : { ...piece, hides: piece.hides.map(change) };
}

/** Changes every known piece by itself: for changes that need to see one character only. */
export function mapPieces(text: Text, change: (text: string) => string): Text {
  return new Text(
    text.pieces.map((piece) =>
      piece.unknown === undefined
        ? { ...piece, text: change(piece.text) }
        : mapHidden(piece, (hidden) => mapPieces(hidden, change)),
    ),
  );
}

/** The stretches of known text between unknown pieces, and those pieces, in their order. */
function runs(text: Text): (Text | Piece)[] {
  if (text.unknown === undefined) return [text];
  const found: (Text | Piece)[] = [];
  let run: Piece[] = [];
  for (const piece of text.pieces) {
    if (piece.unknown === undefined) run.push(piece);
    else {
      found.push(new Text(run), piece);
      run = [];
    }
  }
  found.push(new Text(run));
  return found;
}

/** Puts `replacement` in the place of every `old`; an empty `old` stands before every character and at the end. */
export function replacePieces(text: Text, old: string, replacement: string, at: Origin): Text {
  // A single character lies within its piece; lines stay lines.
  if (old.length === 1 && old !== '\n' && !replacement.includes('\n'))
    return mapPieces(text, (piece) => piece.replaceAll(old, () => replacement));
  return new Text(
    runs(text).flatMap((run) =>
      run instanceof Text
        ? replaceInRun(run, old, replacement, at)
        : [mapHidden(run, (hidden) => replacePieces(hidden, old, replacement, at))],
    ),
  );
}

function replaceInRun(run: Text, old: string, replacement: string, at: Origin): readonly Piece[] {
  const { value } = run;
  const pieces: Piece[] = [];
  let done = 0;
  let found = value.indexOf(old);
  if (found === -1) return run.pieces;
  const cursor = new PieceCursor(run.pieces);
  while (found !== -1) {
    cursor.take(found, pieces);
    const from = cursor.skip(found + old.length);
    if (replacement !== '') pieces.push({ text: replacement, at, from });
    done = found + old.length;
    found = old === '' ? nextCharacter(value, found) : value.indexOf(old, done);
  }
  cursor.take(value.length, pieces);
  return pieces;
}

function nextCharacter(value: string, at: number): number {
  const code = value.codePointAt(at);
  return code === undefined ? -1 : at + (code > 0xffff ? 2 : 1);
}

/** Walks once over pieces, by offsets of their joined text. */
class PieceCursor {
  private readonly pieces: readonly Piece[];
  private index = 0;
  private start = 0;
  private offset = 0;

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  /** Adds the text up to `end` to `into`. */
  take(end: number, into: Piece[]): void {
    this.walk(end, (piece, from, to) => into.push(slicePiece(piece, from, to)));
  }

  /** Leaves out the text up to `end`; the origins of what was left out. */
  skip(end: number): readonly Origin[] {
    let origins: readonly Origin[] = [];
    this.walk(end, ({ from }) => {
      if (origins.length === 0) origins = from;
    });
    return origins;
  }

  private walk(end: number, visit: (piece: Piece, from: number, to: number) => void): void {
    while (this.offset < end) {
      const piece = this.pieces[this.index];
      if (piece === undefined) return;
      const from = this.offset - this.start;
      const to = Math.min(piece.text.length, end - this.start);
      if (to > from) visit(piece, from, to);
      this.offset = this.start + to;
      if (to === piece.text.length) {
        this.start += piece.text.length;
        this.index++;
      }
    }
  }
}

/** Puts `pad` before every line: before the first, and after every line break. */
export function indentPieces(text: Text, pad: string, at: Origin): Text {
  if (pad === '') return text;
  return new Text([{ text: pad, at, from: [] }, ...padBreaks(text, pad, at)]);
}

/** The pieces of a text with `pad` after every line break. */
function padBreaks(text: Text, pad: string, at: Origin): Piece[] {
  const pieces: Piece[] = [];
  for (const piece of text.pieces) {
    if (piece.unknown !== undefined)
      pieces.push(mapHidden(piece, (hidden) => new Text(padBreaks(hidden, pad, at))));
    else if (!piece.text.includes('\n')) pieces.push(piece);
    else if (!isVerbatim(piece))
      pieces.push({ ...piece, text: piece.text.replaceAll('\n', `\n${pad}`) });
    else {
      for (let start = 0; start < piece.text.length; ) {
        const end = piece.text.indexOf('\n', start) + 1;
        pieces.push(slicePiece(piece, start, end === 0 ? piece.text.length : end));
        if (end === 0) break;
        pieces.push({ text: pad, at, from: [] });
        start = end;
      }
    }
  }
  return pieces;
}

/** The known text before the first unknown piece. */
export function knownStart(text: Text): Text {
  const end = text.pieces.findIndex(({ unknown }) => unknown !== undefined);
  return end === -1 ? text : new Text(text.pieces.slice(0, end));
}

/** The known text after the last unknown piece. */
export function knownEnd(text: Text): Text {
  const start = text.pieces.findLastIndex(({ unknown }) => unknown !== undefined);
  return start === -1 ? text : new Text(text.pieces.slice(start + 1));
}

/** Drops `left` characters at the start and `right` at the end, both of them known. */
export function cutPieces(text: Text, left: number, right: number): Text {
  if (left === 0 && right === 0) return text;
  return new Text(slicePieces(text, left, text.value.length - right));
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Whether every character is one byte long in UTF-8. */
export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** The length of a string in Go, in bytes of UTF-8. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : Buffer.byteLength(text);
}

/** Each byte of UTF-8 as a character of its own: what Go code sees that takes bytes for characters. */
export function bytewise(text: string): string {
  return isAscii(text) ? text : Buffer.from(text).toString('latin1');
}

/** `text[start:end]` of Go, by bytes; a character that is cut becomes U+FFFD. */
export function sliceBytes(text: string, start: number, end: number): string {
  if (isAscii(text)) return text.slice(start, end);
  return decoder.decode(encoder.encode(text).subarray(start, end));
}
