/** The tokens of a template as its parser takes them, and where they stand. */
import { lex, type Token, type TokenKind } from './lex.ts';
import { type Origin, TemplateError, type Text } from './value.ts';

/** Constructs and parentheses may be nested this deep: real templates stay below 20. */
const DEEPEST = 150;

/** Where the characters of a template come from. */
export interface Provenance {
  readonly path: string;
  readonly at: (start: number, end: number) => Origin;
  readonly text: (start: number, end: number) => Text;
  readonly from: (start: number, end: number) => readonly Origin[];
}

const END: Token = { kind: 'eof', start: 0, end: 0, value: '' };

/** What the token that begins an operand makes of it. */
export const TERMS: Readonly<
  Partial<
    Record<TokenKind, 'literal' | 'parentheses' | 'function' | 'dot' | 'nil' | 'field' | 'variable'>
  >
> = {
  bool: 'literal',
  character: 'literal',
  complex: 'literal',
  number: 'literal',
  string: 'literal',
  rawString: 'literal',
  leftParen: 'parentheses',
  identifier: 'function',
  dot: 'dot',
  nil: 'nil',
  field: 'field',
  variable: 'variable',
};

export const STARTS_OPERAND: ReadonlySet<string> = new Set(Object.keys(TERMS));

export class Tokens {
  protected readonly source: string;
  protected readonly provenance: Provenance;
  protected readonly tokens: readonly Token[];
  protected next = 0;
  private depth = 0;

  constructor(source: string, provenance: Provenance) {
    this.source = source;
    this.provenance = provenance;
    this.tokens = lex(source);
  }

  protected peek(): Token {
    // The last token is `eof` or an error; nothing is read behind it.
    return this.tokens[Math.min(this.next, this.tokens.length - 1)] ?? END;
  }

  protected take(): Token {
    const token = this.peek();
    this.next++;
    return token;
  }

  protected skipSpace(): void {
    while (this.peek().kind === 'space') this.next++;
  }

  protected peekWord(): Token {
    this.skipSpace();
    return this.peek();
  }

  protected takeWord(): Token {
    this.skipSpace();
    return this.take();
  }

  protected expect(kind: TokenKind, context: string): Token {
    const token = this.takeWord();
    return token.kind === kind ? token : this.unexpected(token, context);
  }

  protected fail(message: string, token = this.peek()): never {
    const before = this.source.slice(0, token.start);
    const line = before.split('\n').length;
    const at = this.provenance.at(token.start, token.end);
    throw new TemplateError(message, at, line);
  }

  protected unexpected(token: Token, context: string): never {
    if (token.kind === 'error') this.fail(token.value, token);
    this.fail(`unexpected ${shown(token)} in ${context}`, token);
  }

  /** Counts one level of nesting while `read` runs. */
  protected nested<T>(read: () => T): T {
    if (++this.depth > DEEPEST) this.fail(`nested deeper than ${DEEPEST} levels`);
    const result = read();
    this.depth--;
    return result;
  }

  /** The place from a token to the one read last. */
  protected placed(from: Token): Origin {
    return this.provenance.at(from.start, this.lastEnd());
  }

  protected lastEnd(): number {
    return this.tokens[this.next - 1]?.end ?? 0;
  }
}

/** A token in a message. */
function shown({ kind, value }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (/^(?:block|break|continue|define|dot|else|end|if|nil|range|template|with)$/.test(kind))
    return `<${value}>`;
  return JSON.stringify(value.length > 10 ? `${value.slice(0, 10)}...` : value);
}
