/** Silencing comments: `// chaoslint-disable-next-line rule-a, rule-b -- reason`, also as a block comment. */
import type { Directive } from '../../facts.ts';
import type { Range } from '../../location.ts';

export const DIRECTIVE_WORD = 'chaoslint-disable-';

const DIRECTIVE = /^\/[/*]+\s*chaoslint-disable-next-line(?![\w-])([\s\S]*)$/;
const REASON = /(?:^|\s)--(?=\s|$)/;

/** The directives among the comments of a file, which are in order. */
export function directivesOf(
  text: string,
  comments: readonly Range[],
  lineStarts: readonly number[],
): readonly Directive[] {
  const directives: Directive[] = [];
  const next = nextLines(text, comments, lineStarts);
  let line = 0;
  for (const range of comments) {
    const written = text.slice(...range);
    if (!written.includes(DIRECTIVE_WORD)) continue;
    const argument = DIRECTIVE.exec(written)?.[1]?.replace(/\*+\/$/, '');
    if (argument === undefined) continue;
    while ((lineStarts[line + 1] ?? Number.POSITIVE_INFINITY) <= range[1]) line++;
    const dashes = REASON.exec(argument);
    const rules = dashes === null ? argument : argument.slice(0, dashes.index);
    directives.push({
      form: 'next-line',
      rules: rules.split(/[\s,]+/).filter((rule) => rule !== ''),
      reason: dashes === null ? '' : argument.slice(dashes.index + dashes[0].length).trim(),
      range,
      line: next[line] ?? lineStarts.length,
    });
  }
  return directives;
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
