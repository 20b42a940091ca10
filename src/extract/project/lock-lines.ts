/** The lines of the lockfiles that are a kind of YAML: one key a line, one level two spaces. */
import type { Range } from '../../location.ts';

export interface Line {
  /** Spaces in front. */
  readonly indent: number;
  /** Without quotes. */
  readonly key: string;
  readonly keyRange: Range;
  /** Behind the key and its colon, without quotes; '' when nothing stands there. */
  readonly value: string;
}

/** Longer lines hold nothing that is wanted, but for keys of packages with very many peers. */
const LONGEST = 1024 * 1024;

/**
 * Calls `visit` with every line that has a key. Items of lists, comments, further lines of texts and `---` have none.
 * @param classic yarn 1 writes `key "value"` for what others write as `key: value`
 */
export function eachLine(text: string, classic: boolean, visit: (line: Line) => void): void {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const stop = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    let at = start;
    while (at < stop && text.charCodeAt(at) === 32) at++;
    if (at < stop && stop - at <= LONGEST) {
      const line = lineAt(text, at, stop, at - start, classic);
      if (line !== undefined) visit(line);
    }
    start = end + 1;
  }
}

function lineAt(
  text: string,
  from: number,
  stop: number,
  indent: number,
  classic: boolean,
): Line | undefined {
  // Searches must end with the line: the text has very many of them.
  const line = text.slice(from, stop);
  const first = line.charAt(0);
  if (first === '#' || first === '-') return undefined;
  // Keys that are too long for one line: `? key`, and on the next `: first: value`.
  const isSplit = line.charAt(1) === ' ';
  if (first === '?' && isSplit) {
    const key = line.slice(2);
    return { indent, key: unquoted(key), keyRange: [from + 2, stop], value: '' };
  }
  const skipped = first === ':' && isSplit ? 2 : 0;
  const depth = indent + skipped;
  if (classic && depth === 0) return { indent: 0, key: line, keyRange: [from, stop], value: '' };
  const end = keyEnd(line, skipped, classic);
  if (end === undefined) return undefined;
  return {
    indent: depth,
    key: unquoted(line.slice(skipped, end)),
    keyRange: [from + skipped, from + end],
    value: unquoted(line.slice(line.charAt(end) === ':' ? end + 1 : end)),
  };
}

/** Offset behind the key that starts at `start`; undefined when the line has none. */
function keyEnd(line: string, start: number, classic: boolean): number | undefined {
  const quote = line.charAt(start);
  if (quote === '"' || quote === "'") {
    const close = line.indexOf(quote, start + 1);
    return close < 0 ? undefined : close + 1;
  }
  const end = line.indexOf(classic ? ' ' : ': ', start);
  if (end >= 0) return end;
  return line.endsWith(':') ? line.length - 1 : undefined;
}

function unquoted(text: string): string {
  const inner = text.trim();
  const quote = inner.charAt(0);
  const isQuoted =
    inner.length > 1 &&
    (quote === '"' || quote === "'") &&
    inner.charAt(inner.length - 1) === quote;
  return isQuoted ? inner.slice(1, -1) : inner;
}
