/** A small excerpt of a file with a region underlined. */
import type { Location } from '../location.ts';
import { columnsOf, firstColumns, lastColumns } from './columns.ts';
import { printable } from './escape.ts';
import type { Line, Sources } from './sources.ts';

/** Lines of a region that are shown; of a longer one the first ones and the last. */
const SHOWN_LINES = 3;
const TAB = '    ';
const CUT = '…';

/** The excerpt of one line, and the marks below it. */
export interface FrameLine {
  /** 1-based; undefined where lines were left out. */
  readonly number: number | undefined;
  readonly text: string;
  /** Blanks and carets, to stand below `text`. */
  readonly marks: string;
}

/** A range of text, as shown on a terminal. */
function shown(text: string, from: number, to: number): string {
  return text.slice(from, to).split('\t').map(printable).join(TAB);
}

/** The nearest offset at or before `offset` that does not split a pair of surrogates. */
function whole(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return offset > 0 && code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}

/**
 * One line with the part of the region that lies in it. Of a line that is longer than `width` columns only
 * what is around the beginning of the region is looked at, so that a file of one huge line costs nothing.
 */
function excerpt(text: string, line: Line, start: number, end: number, width: number): FrameLine {
  const from = whole(text, Math.max(line.start, start - width));
  const to = whole(text, Math.min(line.end, start + width));
  let before = shown(text, from, start);
  let region = shown(text, start, Math.min(end, to));
  let after = shown(text, end, to);

  const [columnsBefore, columnsFromRegion] = [columnsOf(before), columnsOf(region + after)];
  let cutLeft = from > line.start;
  let cutRight = to < line.end;
  if (cutLeft || cutRight || columnsBefore + columnsFromRegion > width) {
    // A third of the width before the region, more when little follows it.
    const room = Math.max(Math.floor(width / 3), width - columnsFromRegion - 2);
    cutLeft ||= columnsBefore > room;
    if (cutLeft) before = CUT + lastColumns(before, room);
    const rest = firstColumns(region + after, width - columnsOf(before) - 1);
    cutRight ||= rest.length < region.length + after.length;
    region = region.slice(0, rest.length);
    after = rest.slice(region.length);
  }
  // An empty region is a place between two characters: one mark at the second.
  const marks = ' '.repeat(columnsOf(before)) + '^'.repeat(Math.max(1, columnsOf(region)));
  const code = before + region + after + (cutRight ? CUT : '');
  return { number: line.number, text: code.trimEnd(), marks };
}

/** The excerpt of a place, at most `width` columns wide; empty when the report does not hold its text. */
export function frameOf(sources: Sources, at: Location, width: number): FrameLine[] {
  const text = sources.text(at.path);
  if (text === undefined || at.start > text.length || at.end < at.start) return [];
  const lastLine = sources.lastLineOf(at);
  const count = lastLine - at.line + 1;
  const numbers: (number | undefined)[] = [];
  for (let number = at.line; number <= Math.min(lastLine, at.line + SHOWN_LINES - 1); number++)
    numbers.push(number);
  if (count > SHOWN_LINES) numbers.splice(SHOWN_LINES - 1, 1, undefined, lastLine);

  return numbers.flatMap((number): FrameLine[] => {
    if (number === undefined) return [{ number, text: CUT, marks: '' }];
    const line = sources.line(at.path, number);
    if (line === undefined) return [];
    let start = Math.max(at.start, line.start);
    if (number > at.line) while (start < line.end && /[ \t]/.test(text[start] ?? '')) start++;
    return [excerpt(text, line, start, Math.min(at.end, line.end), width)];
  });
}
