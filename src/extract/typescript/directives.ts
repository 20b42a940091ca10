/** Silencing comments: `// chaoslint-disable-next-line rule-a, rule-b -- reason`, also as a block comment. */
import type { Directive } from '../../facts.ts';
import type { Range } from '../../location.ts';

export const DIRECTIVE_WORD = 'chaoslint-disable-';

const DIRECTIVE = /^\/[/*]+\s*chaoslint-disable-next-line(?![\w-])([\s\S]*)$/;
const REASON = /(?:^|\s)--(?=\s|$)/;

/** The directives among the comments of a file. */
export function directivesOf(
  text: string,
  comments: readonly Range[],
  lineStarts: readonly number[],
): readonly Directive[] {
  const directives: Directive[] = [];
  for (const range of comments) {
    const written = text.slice(...range);
    if (!written.includes(DIRECTIVE_WORD)) continue;
    const argument = DIRECTIVE.exec(written)?.[1]?.replace(/\*+\/$/, '');
    if (argument === undefined) continue;
    const dashes = REASON.exec(argument);
    const rules = dashes === null ? argument : argument.slice(0, dashes.index);
    directives.push({
      form: 'next-line',
      rules: rules.split(/[\s,]+/).filter((rule) => rule !== ''),
      reason: dashes === null ? '' : argument.slice(dashes.index + dashes[0].length).trim(),
      range,
      line: nextLine(text, range[1], comments, lineStarts),
    });
  }
  return directives;
}

/** The 1-based number of the first line after `offset` that is more than blanks and comments. */
function nextLine(
  text: string,
  offset: number,
  comments: readonly Range[],
  lineStarts: readonly number[],
): number {
  let line = lineStarts.findIndex((start) => start > offset);
  if (line < 0) return lineStarts.length;
  for (; line < lineStarts.length; line++) {
    const end = lineStarts[line + 1] ?? text.length;
    let at = lineStarts[line] ?? 0;
    for (;;) {
      while (at < end && text.charCodeAt(at) <= 32) at++;
      const comment = comments.find(([from, to]) => from <= at && at < to);
      if (comment === undefined || at >= end) break;
      at = comment[1];
    }
    if (at < end) return line + 1;
  }
  return lineStarts.length;
}
