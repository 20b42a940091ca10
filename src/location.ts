/** A half-open range of one file's text, in UTF-16 code units from its start. */
export type Range = readonly [start: number, end: number];

/** The path of the file that stands for standard input. */
export const STDIN_PATH = '<stdin>';

/**
 * A place in one file: what an editor, SARIF and a person need to find it.
 * Lines and columns are 1-based, columns count UTF-16 code units, the end is exclusive.
 */
export interface Location {
  /** Path with forward slashes, relative to the base of the run; `<stdin>` for standard input. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The template that a renderer names for this text (`# Source: chart/templates/x.yaml`). */
  readonly renderedFrom?: string;
}

/** The offset of the first character of every line of `text`. Lines end with LF, CRLF or CR. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
      starts.push(at + 1);
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) starts.push(i + 1);
    else if (code === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
  }
  return starts;
}

/** Index of the last line that starts at or before `offset`. */
function lineAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Turns a range of the file `path` into a `Location`. */
export function locate(
  file: { readonly path: string; readonly lineStarts: readonly number[] },
  range: Range,
  renderedFrom?: string,
): Location {
  const [start, end] = range;
  const line = lineAt(file.lineStarts, start);
  const endLine = lineAt(file.lineStarts, end);
  return {
    path: file.path,
    start,
    end,
    line: line + 1,
    column: start - (file.lineStarts[line] ?? 0) + 1,
    endLine: endLine + 1,
    endColumn: end - (file.lineStarts[endLine] ?? 0) + 1,
    ...(renderedFrom === undefined ? {} : { renderedFrom }),
  };
}

/** Orders places by path, then by position: code-unit order, the same on every machine. */
export function compareLocations(a: Location, b: Location): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}
