/** Silencing comments of YAML: `# chaoslint-disable-next-line rule-a, rule-b -- reason`. */
import { Lexer } from 'yaml';
import type { Directive } from '../../facts.ts';
import { DIRECTIVE_WORD, directivesIn, saidIn, type Written } from '../directives.ts';
import { type Document, documentsOf } from './documents.ts';

/** The directives in the comments of a file; text in quotes and block scalars is no comment. */
export function directivesOf(text: string, lineStarts: readonly number[]): readonly Directive[] {
  if (!DIRECTIVE_WORD.test(text)) return [];
  const found: Written[] = [];
  const next = nextLines(text, lineStarts);
  let line = 0;
  for (const document of documentsOf(text)) {
    for (const { offset, comment } of commentsOf(text, document)) {
      const written = comment.trimEnd();
      const said = saidIn(written.replace(/^#+/, ''));
      if (said === undefined) continue;
      while ((lineStarts[line + 1] ?? Number.POSITIVE_INFINITY) <= offset) line++;
      found.push({
        ...said,
        range: [offset, offset + written.length],
        own: line + 1,
        next: next[line] ?? lineStarts.length,
      });
    }
  }
  return directivesIn(found, lineStarts.length);
}

function* commentsOf(text: string, { start, end }: Document) {
  const content = text.slice(start, end);
  if (!DIRECTIVE_WORD.test(content)) return;
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
