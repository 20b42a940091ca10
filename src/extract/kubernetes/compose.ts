/** YAML text to syntax trees, guarded: depth and amount are counted before anything recursive sees the text. */
import { Composer, type CST, Lexer, type ParsedNode, Parser } from 'yaml';
import type { Range } from '../../location.ts';
import { lenientLexer } from './lenient.ts';
import { type Problem, problemOf } from './problems.ts';

/** Levels of nesting; real manifests have fewer than thirty, and the parser aborts the process near a thousand. */
export const MAX_DEPTH = 100;
/** The document itself and the scalar or key at work also stand on the parser's stack. */
const STACK = MAX_DEPTH + 2;

/** What is left of the work that one file may cause, in tokens of the lexer. */
export interface Budget {
  tokens: number;
}

/** Tokens of a file; a dense manifest of one MiB has about half of it. */
export const MAX_TOKENS = 1_000_000;

export type Composed =
  | { readonly state: 'read'; readonly contents: ParsedNode | null }
  | {
      readonly state: 'broken' /** Costs a walk, so it is only described on demand. */;
      readonly problem: () => Problem;
    }
  | { readonly state: 'too-deep'; readonly range: Range }
  | { readonly state: 'too-large' };

/** Scalars stay text and tags stay names: what they mean is decided in scalars.ts. */
const OPTIONS = {
  schema: 'failsafe',
  resolveKnownTags: false,
  merge: false,
  // The check of the library is quadratic; duplicates are found while the tree is walked.
  uniqueKeys: false,
  prettyErrors: false,
} as const;

/** What `text`, a whole document, holds; `...` lines may make it several. Never throws. */
export function compose(text: string, budget: Budget): readonly Composed[] {
  const { stackTraceLimit } = Error;
  // A damaged file may have a hundred thousand errors, and nobody looks at where the parser made them.
  Error.stackTraceLimit = 0;
  try {
    return composeStrictlyOrNot(text, budget);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function composeStrictlyOrNot(text: string, budget: Budget): readonly Composed[] {
  const strict = composeWith(new Lexer(), text, budget);
  if (!strict.some((composed) => composed.state === 'broken')) return strict;
  const lenient = composeWith(lenientLexer(), text, budget);
  return lenient.every((composed) => composed.state === 'read') ? lenient : strict;
}

function composeWith(lexer: Lexer, text: string, budget: Budget): readonly Composed[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of lexer.lex(text)) {
    if (--budget.tokens < 0) return [{ state: 'too-large' }];
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > STACK) {
      const at = Math.min(parser.offset, text.length);
      return [{ state: 'too-deep', range: [at, Math.min(at + 1, text.length)] }];
    }
  }
  for (const token of parser.end()) tokens.push(token);
  try {
    const composed: Composed[] = [];
    for (const document of new Composer(OPTIONS).compose(tokens)) {
      const [error] = document.errors;
      composed.push(
        error === undefined
          ? { state: 'read', contents: document.contents as ParsedNode | null }
          : { state: 'broken', problem: () => problemOf(error, document.contents, text) },
      );
    }
    return composed;
  } catch {
    return [{ state: 'broken', problem: () => ({ reason: 'it cannot be parsed', range: [0, 0] }) }];
  }
}
