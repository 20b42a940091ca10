/** The tokens of a template: those of Go's text/template, with its rules for trim markers, comments and spaces. */

export type TokenKind =
  | 'error'
  | 'bool'
  | 'char'
  | 'character'
  | 'comment'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'leftDelim'
  | 'leftParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'rightDelim'
  | 'rightParen'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | 'dot'
  | Keyword;

export type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

/** A token: `value` is what stands from `start` to `end`, or the message of an error. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  (
    [
      'block',
      'break',
      'continue',
      'define',
      'else',
      'end',
      'if',
      'nil',
      'range',
      'template',
      'with',
    ] as const
  ).map((word) => [word, word]),
);

/** What may follow an identifier, a field or a variable besides a space, the end and `}}`. */
const TERMINATORS = '.,|:)(';

const LETTER_OR_DIGIT = /[\p{L}\p{Nd}]/u;

const SPACE = 32;
const TAB = 9;
const LF = 10;
const CR = 13;
const MINUS = 45;

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === LF || code === CR;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Reads all tokens of `text`; the last one is `eof` or `error`. */
export function lex(text: string): Token[] {
  return new Lexer(text).read();
}

class Lexer {
  private readonly text: string;
  private readonly tokens: Token[] = [];
  private at = 0;
  private start = 0;
  private parens = 0;

  constructor(text: string) {
    this.text = text;
  }

  read(): Token[] {
    while (this.literal() && this.action());
    return this.tokens;
  }

  private emit(kind: TokenKind): true {
    const { start, at: end } = this;
    this.tokens.push({ kind, start, end, value: this.text.slice(start, end) });
    this.start = end;
    return true;
  }

  private fail(message: string): false {
    this.tokens.push({ kind: 'error', start: this.start, end: this.at, value: message });
    return false;
  }

  private skipSpaces(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at++;
  }

  /** Text up to an action, comments left out; false at the end of the template. */
  private literal(): boolean {
    const { text } = this;
    for (;;) {
      const open = text.indexOf('{{', this.at);
      if (open === -1) {
        this.at = text.length;
        if (this.at > this.start) this.emit('text');
        this.emit('eof');
        return false;
      }
      const trims = text.charCodeAt(open + 2) === MINUS && isSpace(text.charCodeAt(open + 3));
      this.at = open;
      if (trims) while (this.at > this.start && isSpace(text.charCodeAt(this.at - 1))) this.at--;
      if (this.at > this.start) this.emit('text');
      this.start = open;
      const inside = open + (trims ? 4 : 2);
      if (!text.startsWith('/*', inside)) {
        this.at = open + 2;
        this.emit('leftDelim');
        this.at = inside;
        this.start = inside;
        this.parens = 0;
        return true;
      }
      if (!this.comment(inside)) return false;
    }
  }

  private comment(open: number): boolean {
    const close = this.text.indexOf('*/', open + 2);
    if (close === -1) return this.fail('unclosed comment');
    this.at = close + 2;
    const delimiter = this.rightDelimiter();
    if (delimiter === undefined) return this.fail('comment ends before closing delimiter');
    this.at += delimiter.length;
    if (delimiter.trims) this.skipSpaces();
    this.start = this.at;
    return true;
  }

  /** The closing delimiter that stands here, with or without a trim marker. */
  private rightDelimiter(): { readonly trims: boolean; readonly length: number } | undefined {
    const { text, at } = this;
    if (text.startsWith('}}', at)) return { trims: false, length: 2 };
    if (
      isSpace(text.charCodeAt(at)) &&
      text.charCodeAt(at + 1) === MINUS &&
      text.startsWith('}}', at + 2)
    )
      return { trims: true, length: 4 };
    return undefined;
  }

  /** The tokens of one action; false when an error ended the reading. */
  private action(): boolean {
    for (;;) {
      const delimiter = this.rightDelimiter();
      if (delimiter !== undefined) {
        if (this.parens > 0) return this.fail('unclosed left paren');
        if (delimiter.trims) this.start += 2;
        this.at += delimiter.length;
        this.emit('rightDelim');
        if (delimiter.trims) this.skipSpaces();
        this.start = this.at;
        return true;
      }
      if (!this.token()) return false;
    }
  }

  private token(): boolean {
    const { text } = this;
    if (this.at >= text.length) return this.fail('unclosed action');
    const code = text.charCodeAt(this.at);
    if (isSpace(code)) return this.spaces();
    this.at++;
    switch (text[this.at - 1]) {
      case '=':
        return this.emit('assign');
      case ':':
        if (text[this.at] !== '=') return this.fail('expected :=');
        this.at++;
        return this.emit('declare');
      case '|':
        return this.emit('pipe');
      case '"':
        return this.quoted('"', 'string', 'unterminated quoted string');
      case "'":
        return this.quoted("'", 'character', 'unterminated character constant');
      case '`':
        return this.raw();
      case '$':
        return this.named('variable');
      case '.':
        if (this.at < text.length && !isDigit(text.charCodeAt(this.at))) return this.named('field');
        return this.number();
      case '(':
        this.parens++;
        return this.emit('leftParen');
      case ')':
        if (--this.parens < 0) return this.fail('unexpected right paren');
        return this.emit('rightParen');
      case '+':
      case '-':
        return this.number();
    }
    if (isDigit(code)) return this.number();
    this.at--;
    if (this.alphanumeric() > 0) return this.identifier();
    if (code > SPACE && code < 127) {
      this.at++;
      return this.emit('char');
    }
    return this.fail(`unrecognized character in action: ${describe(text, this.at)}`);
  }

  /** A run of spaces; its last one may belong to a trim marker. */
  private spaces(): true {
    this.skipSpaces();
    this.at--;
    if (this.rightDelimiter() === undefined) this.at++;
    if (this.at > this.start) this.emit('space');
    return true;
  }

  /** Length of the letter, digit or underscore that stands here, 0 where none does. */
  private alphanumeric(): number {
    const code = this.text.charCodeAt(this.at);
    if ((code | 32) >= 97 && (code | 32) <= 122) return 1;
    if (isDigit(code) || code === 95) return 1;
    if (!(code >= 128)) return 0;
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    return LETTER_OR_DIGIT.test(character) ? character.length : 0;
  }

  private skipAlphanumerics(): void {
    for (let length = this.alphanumeric(); length > 0; length = this.alphanumeric())
      this.at += length;
  }

  /** Whether an identifier may end here. */
  private terminated(): boolean {
    const { text, at } = this;
    if (at >= text.length || isSpace(text.charCodeAt(at))) return true;
    return TERMINATORS.includes(text[at] ?? '') || text.startsWith('}}', at);
  }

  private badCharacter(): false {
    return this.fail(`bad character ${describe(this.text, this.at)}`);
  }

  private identifier(): boolean {
    this.skipAlphanumerics();
    if (!this.terminated()) return this.badCharacter();
    const word = this.text.slice(this.start, this.at);
    if (word === 'true' || word === 'false') return this.emit('bool');
    return this.emit(KEYWORDS.get(word) ?? 'identifier');
  }

  /** `.name` or `$name`, of which the first character is read; `.` and `$` alone. */
  private named(kind: 'field' | 'variable'): boolean {
    if (this.terminated()) return this.emit(kind === 'field' ? 'dot' : 'variable');
    this.skipAlphanumerics();
    return this.terminated() ? this.emit(kind) : this.badCharacter();
  }

  private quoted(quote: string, kind: TokenKind, unterminated: string): boolean {
    const { text } = this;
    for (;;) {
      const character = text[this.at++];
      if (character === quote) return this.emit(kind);
      const escaped = character === '\\' ? text[this.at++] : character;
      if (escaped === undefined || escaped === '\n') return this.fail(unterminated);
    }
  }

  private raw(): boolean {
    const close = this.text.indexOf('`', this.at);
    if (close === -1) return this.fail('unterminated raw quoted string');
    this.at = close + 1;
    return this.emit('rawString');
  }

  private number(): boolean {
    this.at = this.start;
    if (!this.scanNumber()) return this.badNumber();
    const sign = this.text[this.at];
    if (sign !== '+' && sign !== '-') return this.emit('number');
    if (!this.scanNumber() || this.text[this.at - 1] !== 'i') return this.badNumber();
    return this.emit('complex');
  }

  private badNumber(): false {
    return this.fail(`bad number syntax: ${JSON.stringify(this.text.slice(this.start, this.at))}`);
  }

  private accept(valid: string): boolean {
    const character = this.text[this.at];
    if (character === undefined || !valid.includes(character)) return false;
    this.at++;
    return true;
  }

  /** One part of a number; what it accepts too much, the reader of numbers refuses. */
  private scanNumber(): boolean {
    this.accept('+-');
    let digits = '0123456789_';
    let exponent = 'eE';
    if (this.accept('0')) {
      if (this.accept('xX')) {
        digits = '0123456789abcdefABCDEF_';
        exponent = 'pP';
      } else if (this.accept('oO')) {
        digits = '01234567_';
        exponent = '';
      } else if (this.accept('bB')) {
        digits = '01_';
        exponent = '';
      }
    }
    while (this.accept(digits));
    if (this.accept('.')) while (this.accept(digits));
    if (this.accept(exponent)) {
      this.accept('+-');
      while (this.accept('0123456789_'));
    }
    this.accept('i');
    const length = this.alphanumeric();
    this.at += length;
    return length === 0;
  }
}

/** A character as Go's `%#U` writes it. */
function describe(text: string, at: number): string {
  const code = text.codePointAt(at);
  if (code === undefined) return 'U+FFFFFFFFFFFFFFFF';
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  return code < 32 || code === 127 ? `U+${hex}` : `U+${hex} '${String.fromCodePoint(code)}'`;
}
