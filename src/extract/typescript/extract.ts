/** Text to CodeFacts: pure, and never an exception, whatever the text is. */
import type { CodeFacts } from '../../code-facts.ts';
import type { SourceFile } from '../../facts.ts';
import { lineStartsOf, type Range } from '../../location.ts';
import { DIRECTIVE_WORD } from '../directives.ts';
import { directivesOf } from './directives.ts';
import { emptyFacts, unread } from './empty.ts';
import { type Parser, parse, parser } from './parse.ts';
import { scan } from './scan.ts';
import { isMinified, isNoCode } from './sniff.ts';
import { draftOf } from './walk.ts';

/** Brackets may nest this deep. Code of people reaches 30; parsers give up beyond a few hundred. */
const DEPTH = 150;

/** Things in one file. Real files of a mebibyte have 40,000; beyond this it is data that happens to be code. */
const SIZE = 100_000;

export function extractCode(file: SourceFile, by: Parser = parser): CodeFacts {
  const { path, text } = file;
  if (isNoCode(text)) return emptyFacts(file);
  if (isMinified(text))
    return unread(file, 'minified', [0, text.length], {
      level: 'note',
      id: 'minified-code',
      message: 'Minified or generated code is not read',
    });
  const { depth, deepest, comments } = scan(text);
  if (depth > DEPTH) return tooDeep(file, [deepest, deepest]);
  const parsed = parse(path, text, by);
  if (!parsed.ok) {
    if (parsed.why === 'too-deep') return tooDeep(file, parsed.range);
    return unread(file, 'syntax', parsed.range, {
      level: 'warning',
      id: 'broken-typescript',
      message: `Not read, because of a syntax error: ${parsed.message}`,
    });
  }
  try {
    const draft = draftOf(parsed.program, text);
    if (draft === undefined) return tooDeep(file, [0, text.length]);
    if (draft.expressions.length + draft.bindings.length + draft.functions.length > SIZE)
      return unread(file, 'too-large', [0, text.length], {
        level: 'note',
        id: 'too-large-code',
        message: `Not read: more than ${SIZE} expressions and names in one file`,
      });
    const lineStarts = lineStartsOf(text);
    return {
      kind: 'code',
      path,
      lineStarts,
      imports: draft.imports,
      exports: draft.exports,
      bindings: draft.bindings,
      expressions: draft.expressions,
      calls: draft.calls,
      writes: draft.writes,
      functions: draft.functions,
      classes: draft.classes,
      types: draft.types,
      freeNames: [...draft.freeNames].sort(),
      incomplete: draft.incomplete,
      directives: DIRECTIVE_WORD.test(text) ? directivesOf(text, comments, lineStarts) : [],
      notifications: [],
    };
  } catch (error) {
    // A defect of ours must not end the run; it is an error that everybody sees.
    return unread(file, 'crash', [0, text.length], {
      level: 'error',
      id: 'extraction-crash',
      message: `Not read, because of a defect in chaoslint: ${error instanceof Error ? error.message : 'unknown'}`,
    });
  }
}

function tooDeep(file: SourceFile, range: Range): CodeFacts {
  return unread(file, 'too-deep', range, {
    level: 'warning',
    id: 'too-deep',
    message: 'Not read: nested too deeply',
  });
}
