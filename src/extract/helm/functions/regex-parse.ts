/** Go's regular expressions: pattern to tree. The syntax is RE2's. */
import { TemplateError } from '../value.ts';

/** Whether a code point belongs. */
export type Belongs = (code: number) => boolean;

export type Assertion = 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'no-word';

export type Tree =
  | { readonly kind: 'empty' }
  | { readonly kind: 'character'; readonly belongs: Belongs }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'alternatives'; readonly parts: readonly Tree[] }
  | { readonly kind: 'group'; readonly index: number; readonly body: Tree }
  | {
      readonly kind: 'repeat';
      readonly body: Tree;
      readonly least: number;
      /** Infinity: no bound. */
      readonly most: number;
      readonly greedy: boolean;
    };

export interface Pattern {
  readonly tree: Tree;
  /** Number of capturing groups. */
  readonly groups: number;
  /** Names of groups, by their index. */
  readonly names: ReadonlyMap<string, number>;
}

interface Flags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  ungreedy: boolean;
}

const MOST_REPEATS = 1000;
const DEEPEST = 200;

const digit: Belongs = (code) => code >= 48 && code <= 57;
export const word: Belongs = (code) =>
  digit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const space: Belongs = (code) =>
  code === 32 || code === 9 || code === 10 || code === 12 || code === 13;
const not =
  (belongs: Belongs): Belongs =>
  (code) =>
    !belongs(code);
const between =
  (low: number, high: number): Belongs =>
  (code) =>
    code >= low && code <= high;

const PERL: Readonly<Record<string, Belongs>> = {
  d: digit,
  D: not(digit),
  w: word,
  W: not(word),
  s: space,
  S: not(space),
};

/** The classes of POSIX by their name, as the inside of a class of JavaScript. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\0-\\x7f',
  blank: '\\t ',
  cntrl: '\\0-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-/:-@[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

const matches =
  (expression: RegExp): Belongs =>
  (code) =>
    expression.test(String.fromCodePoint(code));

/** Adds the other cases of every member. */
function folded(belongs: Belongs): Belongs {
  return (code) => {
    if (belongs(code)) return true;
    const character = String.fromCodePoint(code);
    return [character.toLowerCase(), character.toUpperCase()].some((other) => {
      const folds = other.codePointAt(0);
      return folds !== undefined && String.fromCodePoint(folds) === other && belongs(folds);
    });
  };
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

export function parsePattern(pattern: string): Pattern {
  return new Parser(pattern).parse();
}

class Parser {
  private readonly text: string;
  private at = 0;
  private groups = 0;
  private depth = 0;
  private readonly names = new Map<string, number>();
  private flags: Flags = { ignoreCase: false, multiline: false, dotAll: false, ungreedy: false };

  constructor(text: string) {
    this.text = text;
  }

  parse(): Pattern {
    const tree = this.alternatives();
    if (this.at < this.text.length) throw this.error('unexpected )');
    return { tree, groups: this.groups, names: this.names };
  }

  private error(what: string): TemplateError {
    return new TemplateError(`error parsing regexp: ${what}`);
  }

  private take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** Takes what matches at this place; `expression` is sticky. */
  private match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  private character(): number {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) throw this.error('unexpected end');
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  private alternatives(): Tree {
    if (++this.depth > DEEPEST) throw this.error('expression nests too deeply');
    // Flags that are set inside of a group end with it.
    const outer = { ...this.flags };
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    this.flags = outer;
    this.depth--;
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'alternatives', parts };
  }

  private sequence(): Tree {
    const parts: Tree[] = [];
    while (this.at < this.text.length) {
      const next = this.text.charAt(this.at);
      if (next === '|' || next === ')') break;
      if (this.take('\\Q')) {
        this.quotedText(parts);
        continue;
      }
      const atom = this.atom();
      if (atom !== undefined) parts.push(this.repeated(atom));
    }
    return { kind: 'sequence', parts };
  }

  private quotedText(parts: Tree[]): void {
    const end = this.text.indexOf('\\E', this.at);
    const stop = end === -1 ? this.text.length : end;
    while (this.at < stop) {
      const literal = this.literal(this.character());
      parts.push(this.at >= stop && end === -1 ? this.repeated(literal) : literal);
    }
    if (end !== -1) this.at = end + 2;
  }

  private repeated(atom: Tree): Tree {
    const bounds = this.bounds();
    if (bounds === undefined) return atom;
    const lazy = this.take('?');
    const before = this.at;
    if (this.bounds() !== undefined) {
      this.at = before;
      throw this.error('invalid nested repetition operator');
    }
    const [least, most] = bounds;
    if (
      least > MOST_REPEATS ||
      (most !== Number.POSITIVE_INFINITY && most > MOST_REPEATS) ||
      least > most
    )
      throw this.error('invalid repeat count');
    return { kind: 'repeat', body: atom, least, most, greedy: lazy === this.flags.ungreedy };
  }

  private bounds(): readonly [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.take('?')) return [0, 1];
    const counted = this.match(/\{([0-9]+)(?:(,)([0-9]*))?\}/y);
    if (counted === null) return undefined;
    const least = Number(counted[1]);
    if (counted[2] === undefined) return [least, least];
    return [least, counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3])];
  }

  private literal(code: number): Tree {
    const belongs: Belongs = (other) => other === code;
    return this.one(belongs);
  }

  private one(belongs: Belongs): Tree {
    return { kind: 'character', belongs: this.flags.ignoreCase ? folded(belongs) : belongs };
  }

  private assert(assertion: Assertion): Tree {
    return { kind: 'assertion', assertion };
  }

  /** One thing that may be repeated; nothing for a change of flags. */
  private atom(): Tree | undefined {
    if (this.take('(')) return this.group();
    if (this.take('[')) return this.one(this.characterClass());
    if (this.take('.')) return this.one(this.flags.dotAll ? () => true : (code) => code !== 10);
    if (this.take('^')) return this.assert(this.flags.multiline ? 'line-start' : 'start');
    if (this.take('$')) return this.assert(this.flags.multiline ? 'line-end' : 'end');
    if (this.take('\\')) return this.escape();
    if (this.bounds() !== undefined) throw this.error('missing argument to repetition operator');
    return this.literal(this.character());
  }

  private group(): Tree | undefined {
    if (!this.take('?')) return this.captured(undefined);
    const name = this.match(/P?<([A-Za-z0-9_]+)>/y)?.[1];
    if (name !== undefined) return this.captured(name);
    const set = this.match(/([imsU]*)(?:(-)([imsU]+))?([:)])/y);
    if (set === null) throw this.error('invalid or unsupported Perl syntax');
    const [, on = '', , off = '', end] = set;
    const outer = { ...this.flags };
    this.change(on, true);
    this.change(off, false);
    if (end === ')') return undefined;
    const body = this.alternatives();
    this.close();
    this.flags = outer;
    return body;
  }

  private change(letters: string, value: boolean): void {
    for (const letter of letters) {
      if (letter === 'i') this.flags.ignoreCase = value;
      else if (letter === 'm') this.flags.multiline = value;
      else if (letter === 's') this.flags.dotAll = value;
      else this.flags.ungreedy = value;
    }
  }

  private captured(name: string | undefined): Tree {
    const index = ++this.groups;
    if (name !== undefined) {
      if (this.names.has(name)) throw this.error('duplicate capture group name');
      this.names.set(name, index);
    }
    const body = this.alternatives();
    this.close();
    return { kind: 'group', index, body };
  }

  private close(): void {
    if (!this.take(')')) throw this.error('missing closing )');
  }

  private escape(): Tree {
    if (this.take('A')) return this.assert('start');
    if (this.take('z')) return this.assert('end');
    if (this.take('b')) return this.assert('word');
    if (this.take('B')) return this.assert('no-word');
    return this.one(this.escapedClass() ?? between(...this.escapedRange()));
  }

  private escapedRange(): readonly [number, number] {
    const code = this.escapedCharacter();
    return [code, code];
  }

  /** `\d`, `\pL`, `\p{Greek}`: what follows a backslash and stands for several characters. */
  private escapedClass(): Belongs | undefined {
    const perl = PERL[this.text.charAt(this.at)];
    if (perl !== undefined) {
      this.at++;
      return perl;
    }
    const unicode = this.match(/([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Za-z]))/y);
    if (unicode === null) return undefined;
    const [, letter, caret = '', long, short] = unicode;
    const name = long ?? short ?? '';
    const belongs = this.property(name);
    return (letter === 'P') !== (caret === '^') ? not(belongs) : belongs;
  }

  private property(name: string): Belongs {
    if (name === 'Any') return () => true;
    for (const property of [name, `Script=${name}`]) {
      try {
        return matches(new RegExp(`^\\p{${property}}$`, 'u'));
      } catch {
        // Not the name of a general category; perhaps of a script.
      }
    }
    throw this.error(`invalid character class range: \`\\p{${name}}\``);
  }

  private escapedCharacter(): number {
    const octal = this.match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
    if (octal !== null) return Number.parseInt(octal[0], 8);
    const hexadecimal = this.match(/x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/y);
    if (hexadecimal !== null) {
      const code = Number.parseInt(hexadecimal[1] ?? hexadecimal[2] ?? '', 16);
      if (code > 0x10ffff) throw this.error('invalid escape sequence');
      return code;
    }
    const letter = this.text.charAt(this.at);
    const control = CONTROLS[letter];
    if (control !== undefined) {
      this.at++;
      return control;
    }
    const code = this.text.charCodeAt(this.at);
    if (letter === '' || letter === '_' || code > 127 || (word(code) && letter !== '_'))
      throw this.error('invalid escape sequence');
    return this.character();
  }

  private characterClass(): Belongs {
    const negated = this.take('^');
    const members: Belongs[] = [];
    for (let first = true; first || !this.take(']'); first = false) {
      if (this.at >= this.text.length) throw this.error('missing closing ]');
      members.push(this.member());
    }
    const belongs: Belongs = (code) => members.some((member) => member(code));
    const whole = this.flags.ignoreCase ? folded(belongs) : belongs;
    return negated ? not(whole) : whole;
  }

  private member(): Belongs {
    const posix = this.match(/\[:(\^?)([a-z]+):\]/y);
    if (posix !== null) {
      const inside = POSIX[posix[2] ?? ''];
      if (inside === undefined) throw this.error('invalid character class range');
      const belongs = matches(new RegExp(`^[${inside}]$`, 'u'));
      return posix[1] === '^' ? not(belongs) : belongs;
    }
    if (this.text.charAt(this.at) === '\\') {
      this.at++;
      const several = this.escapedClass();
      if (several !== undefined) return several;
      this.at--;
    }
    const low = this.bound();
    const ranges = this.text.charAt(this.at) === '-' && !this.text.startsWith('-]', this.at);
    if (!ranges) return between(low, low);
    this.at++;
    const high = this.bound();
    if (high < low) throw this.error('invalid character class range');
    return between(low, high);
  }

  private bound(): number {
    return this.take('\\') ? this.escapedCharacter() : this.character();
  }
}
