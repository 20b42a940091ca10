/** Silencing comments of TypeScript: `// chaoslint-disable-next-line rule-a, rule-b -- reason`, also as a block comment. */
import type { Directive } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { DIRECTIVE_WORD, directivesIn, saidIn, type Written } from '../directives.ts';

/** The directives among the comments of a file, which are in order. */
export function directivesOf(
  text: string,
  comments: readonly Range[],
  lineStarts: readonly number[],
): readonly Directive[] {
  const found: Written[] = [];
  const next = nextLines(text, comments, lineStarts);
  const isBefore = (line: number, offset: number) =>
    (lineStarts[line + 1] ?? Number.POSITIVE_INFINITY) <= offset;
  let line = 0;
  for (const range of comments) {
    const written = text.slice(...range);
    if (!DIRECTIVE_WORD.test(written)) continue;
    const said = saidIn(written.replace(/^\/[/*]+/, '').replace(/\*+\/$/, ''));
    if (said === undefined) continue;
    while (isBefore(line, range[0])) line++;
    const own = line + 1;
    while (isBefore(line, range[1])) line++;
    found.push({ ...said, range, own, next: next[line] ?? lineStarts.length });
  }
  return directivesIn(found, lineStarts.length);
}

/** For every line, the 1-based number of the first line after it that holds more than blanks and comments. */
function nextLines(
  text: string,
  comments: readonly Range[],
  lineStarts: readonly number[],
): readonly number[] {
  const next: number[] = [];
  let following = lineStarts.length;
  // Comments that begin before the end of the line, the last one last.
  let last = comments.length - 1;
  for (let line = lineStarts.length - 1; line >= 0; line--) {
    next[line] = following;
    const start = lineStarts[line] ?? 0;
    let end = lineStarts[line + 1] ?? text.length;
    let code = '';
    // What stands between the comments, from the end to the start of the line.
    for (; last >= 0; last--) {
      const [from, to] = comments[last] ?? [0, 0];
      if (to <= start) break;
      code = text.slice(to, end) + code;
      end = from;
      if (from < start) break;
    }
    if ((code + text.slice(start, end)).trim() !== '') following = line + 1;
  }
  return next;
}
