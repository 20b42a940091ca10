/** Silencing comments: `# chaoslint-disable-next-line rule-a, rule-b -- reason`. */
import { Lexer } from 'yaml';
import type { Directive } from '../../facts.ts';
import { type Document, documentsOf } from './documents.ts';

const WORD = 'chaoslint-disable-';
const DIRECTIVE = /^#+[ \t]*chaoslint-disable-next-line(?![\w-])[ \t]*(.*)$/;
const REASON = /(?:^|[ \t])--(?=[ \t]|$)/;

/** The directives in the comments of a file; text in quotes and block scalars is no comment. */
export function directivesOf(text: string, lineStarts: readonly number[]): readonly Directive[] {
  if (!text.includes(WORD)) return [];
  const directives: Directive[] = [];
  const next = nextLines(text, lineStarts);
  let line = 0;
  for (const document of documentsOf(text)) {
    for (const { offset, comment } of commentsOf(text, document)) {
      const written = comment.trimEnd();
      const arguments_ = DIRECTIVE.exec(written)?.[1];
      if (arguments_ === undefined) continue;
      while ((lineStarts[line + 1] ?? Number.POSITIVE_INFINITY) <= offset) line++;
      const dashes = REASON.exec(arguments_);
      const rules = dashes === null ? arguments_ : arguments_.slice(0, dashes.index);
      directives.push({
        form: 'next-line',
        rules: rules.split(/[\s,]+/).filter((rule) => rule !== ''),
        reason: dashes === null ? '' : arguments_.slice(dashes.index + dashes[0].length).trim(),
        range: [offset, offset + written.length],
        line: next[line] ?? lineStarts.length,
      });
    }
  }
  return directives;
}

function* commentsOf(text: string, { start, end }: Document) {
  const content = text.slice(start, end);
  if (!content.includes(WORD)) return;
  let offset = start;
  for (const lexeme of new Lexer().lex(content)) {
    if (lexeme.startsWith('#')) yield { offset, comment: lexeme };
    // These three are signals of the lexer and not part of the text.
    if (lexeme !== '\x02' && lexeme !== '\x18' && lexeme !== '\x1f') offset += lexeme.length;
  }
}

/** For every line, the 1-based number of the first line after it that is neither blank nor a comment. */
function nextLines(text: string, lineStarts: readonly number[]): readonly number[] {
  const next: number[] = [];
  let following = lineStarts.length;
  for (let line = lineStarts.length - 1; line >= 0; line--) {
    next[line] = following;
    const content = text.slice(lineStarts[line], lineStarts[line + 1]).trimStart();
    if (content !== '' && !content.startsWith('#')) following = line + 1;
  }
  return next;
}
