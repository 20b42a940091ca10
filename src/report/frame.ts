/** A small excerpt of a file with a region underlined. */
import type { Location } from '../location.ts';
import { columnsOf } from './columns.ts';
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

/** One character as it is shown. */
interface Cell {
  readonly text: string;
  readonly columns: number;
  readonly marked: boolean;
}

/** The characters of a range of text, as shown on a terminal. */
function cellsOf(text: string, start: number, end: number, from: number, to: number): Cell[] {
  const cells: Cell[] = [];
  let offset = from;
  for (const character of text.slice(from, to)) {
    const shown = character === '\t' ? TAB : printable(character);
    cells.push({
      text: shown,
      columns: columnsOf(shown),
      marked: offset >= start && offset < end,
    });
    offset += character.length;
  }
  return cells;
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
  const from = whole(text, Math.max(line.start, Math.min(start, line.end) - width));
  const to = whole(text, Math.min(line.end, Math.max(start, from) + 2 * width));
  const cells = cellsOf(text, start, end, from, to);
  const regionStart = cells.findIndex((cell) => cell.marked);

  const columnsBefore = (index: number) =>
    cells.slice(0, index).reduce((sum, cell) => sum + cell.columns, 0);
  const total = columnsBefore(cells.length);
  let first = 0;
  let cutLeft = from > line.start;
  if (total > width || cutLeft) {
    // A third of the width before the region, more when nothing follows it.
    const column = columnsBefore(regionStart < 0 ? cells.length : regionStart);
    const skip = Math.min(column - Math.floor(width / 3), total - width + 2);
    for (let columns = 0; columns < skip; first++) columns += cells[first]?.columns ?? 1;
    cutLeft ||= first > 0;
  }

  let shown = cutLeft ? CUT : '';
  let marks = cutLeft ? ' ' : '';
  let columns = shown.length;
  let last = first;
  for (; last < cells.length; last++) {
    const cell = cells[last];
    if (cell === undefined || columns + cell.columns > width - 1) break;
    shown += cell.text;
    columns += cell.columns;
    marks += (cell.marked ? '^' : ' ').repeat(cell.columns);
  }
  if (last < cells.length || to < line.end) shown += CUT;
  // An empty region is a place between two characters: one mark at the second.
  if (!marks.includes('^')) {
    const before = Math.max(0, Math.min(start - from, cells.length) - first);
    const at = cells.slice(first, first + before).reduce((sum, cell) => sum + cell.columns, 0);
    marks = `${' '.repeat(at + (cutLeft ? 1 : 0))}^`;
  }
  return { number: line.number, text: shown.trimEnd(), marks: marks.trimEnd() };
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
