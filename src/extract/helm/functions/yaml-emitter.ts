/** The block style of go-yaml's emitter, character for character, with the origins of what it writes. */
import type { Origin, Piece } from '../value.ts';
import { analyze, isBreak, isPrintable } from './yaml-analyze.ts';
import { type Dialect, needsQuotes } from './yaml-resolve.ts';

/** Columns after which `v2` folds a line; `v3` does not fold. */
const WIDTH = 80;
/** Longest text that may be a simple key, in bytes. */
const LONGEST_KEY = 128;
const STEP = 2;

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

function escaped(character: string): string {
  const known = ESCAPES[character];
  if (known !== undefined) return `\\${known}`;
  const code = character.codePointAt(0) ?? 0;
  const [mark, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${mark}${code.toString(16).toUpperCase().padStart(Number(width), '0')}`;
}

/** How a scalar stands: a key on the line of its value, or a value. */
export type Position = 'key' | 'value';

export class Emitter {
  readonly pieces: Piece[] = [];
  private readonly dialect: Dialect;
  private readonly at: Origin;
  private text = '';
  private from: readonly Origin[] = [];
  private next: readonly Origin[] | undefined;
  private column = 0;
  private whitespace = true;
  private indention = true;
  /** Columns of the open collection; -1 outside of all. */
  indent = -1;

  constructor(dialect: Dialect, at: Origin) {
    this.dialect = dialect;
    this.at = at;
  }

  /** What is written from here on, after the break of the line, has these origins. */
  origin(from: readonly Origin[]): void {
    this.next = from;
  }

  /** Ends the text; without its last line break. */
  finish(): Piece[] {
    this.flush();
    return this.pieces;
  }

  private flush(): void {
    if (this.text !== '') this.pieces.push({ text: this.text, at: this.at, from: this.from });
    this.text = '';
  }

  private turn(): void {
    if (this.next === undefined) return;
    if (this.next !== this.from) this.flush();
    this.from = this.next;
    this.next = undefined;
  }

  private put(text: string): void {
    this.turn();
    this.text += text;
    this.column += text.length;
  }

  private putBreak(): void {
    this.text += '\n';
    this.column = 0;
    this.indention = true;
    this.turn();
  }

  private put1(character: string): void {
    this.turn();
    this.text += character;
    this.column++;
  }

  private writeBreak(character: string): void {
    if (character === '\n') this.putBreak();
    else {
      this.put1(character);
      this.column = 0;
    }
  }

  newLine(): void {
    const indent = Math.max(0, this.indent);
    const inside = this.column === indent && !this.whitespace;
    if (!this.indention || this.column > indent || inside) this.putBreak();
    if (this.column < indent) this.put(' '.repeat(indent - this.column));
    this.whitespace = true;
    this.indention = true;
  }

  indicator(mark: string, spaced: boolean, is: { space: boolean; indention: boolean }): void {
    if (spaced && !this.whitespace) this.put(' ');
    this.put(mark);
    this.whitespace = is.space;
    this.indention &&= is.indention;
  }

  /** Opens a collection; a sequence that is a value of a mapping of `v2` stands below its key without more space. */
  open(kind: 'mapping' | 'sequence', inMapping: boolean): () => void {
    const outer = this.indent;
    const level = kind === 'sequence' && inMapping && !this.indention && this.dialect === 'v2';
    if (outer < 0) this.indent = 0;
    else if (!level) this.indent = outer + STEP;
    return () => {
      this.indent = outer;
    };
  }

  /** Whether a text may be written as a key before its colon. */
  isSimpleKey(text: string): boolean {
    return !analyze(text, this.dialect).multiline && Buffer.byteLength(text) <= LONGEST_KEY;
  }

  /** Text that nobody can tell. */
  unknown(why: string, from: readonly Origin[]): void {
    if (!this.whitespace) this.put(' ');
    this.flush();
    this.pieces.push({ text: '', at: this.at, from, unknown: why });
    this.whitespace = false;
    this.indention = false;
  }

  /** A word or number that is written as it is. */
  word(text: string): void {
    this.plain(text, 'value');
  }

  /** A string in the style that go-yaml picks for it. */
  string(text: string, position: Position): void {
    const can = analyze(text, this.dialect);
    const outer = this.indent;
    this.indent = outer < 0 ? STEP : outer + STEP;
    if (text.includes('\n') && position === 'value' && can.block) this.literal(text);
    else if (
      text.includes('\n') ||
      needsQuotes(text, this.dialect) ||
      (position === 'key' && can.multiline)
    )
      this.doubleQuoted(text, position);
    else if (can.plain) this.plain(text, position);
    else if (can.singleQuoted) this.singleQuoted(text, position);
    else this.doubleQuoted(text, position);
    this.indent = outer;
  }

  private folds(position: Position): boolean {
    return this.dialect === 'v2' && position === 'value' && this.column > WIDTH;
  }

  private plain(text: string, position: Position): void {
    if (!this.whitespace) this.put(' ');
    if (this.dialect === 'v3' || position === 'key' || this.column + text.length <= WIDTH)
      this.put(text);
    else this.foldedPlain(text);
    this.whitespace = false;
    this.indention = false;
  }

  private foldedPlain(text: string): void {
    const characters = Array.from(text);
    let spaces = false;
    for (const [i, character] of characters.entries()) {
      if (character === ' ') {
        if (!spaces && this.column > WIDTH && characters[i + 1] !== ' ') this.newLine();
        else this.put1(character);
        spaces = true;
      } else {
        this.put1(character);
        this.indention = false;
        spaces = false;
      }
    }
  }

  private singleQuoted(text: string, position: Position): void {
    this.indicator("'", true, { space: false, indention: false });
    const characters = Array.from(text);
    const last = characters.length - 1;
    let spaces = false;
    let breaks = false;
    for (const [i, character] of characters.entries()) {
      if (character === ' ') {
        const inner = i > 0 && i < last && characters[i + 1] !== ' ';
        if (!spaces && inner && this.folds(position)) this.newLine();
        else this.put1(character);
        spaces = true;
      } else if (isBreak(character)) {
        if (!breaks && character === '\n') this.putBreak();
        this.writeBreak(character);
        this.indention = true;
        breaks = true;
      } else {
        if (breaks) this.newLine();
        if (character === "'") this.put("'");
        this.put1(character);
        this.indention = false;
        spaces = false;
        breaks = false;
      }
    }
    this.indicator("'", false, { space: false, indention: false });
  }

  private doubleQuoted(text: string, position: Position): void {
    this.indicator('"', true, { space: false, indention: false });
    const characters = Array.from(text);
    const last = characters.length - 1;
    let spaces = false;
    for (const [i, character] of characters.entries()) {
      if (character === ' ') {
        if (!spaces && i > 0 && i < last && this.folds(position)) {
          this.newLine();
          if (characters[i + 1] === ' ') this.put('\\');
        } else this.put1(character);
        spaces = true;
      } else {
        const plain =
          isPrintable(character) && !isBreak(character) && character !== '"' && character !== '\\';
        if (plain) this.put1(character);
        else this.put(escaped(character));
        spaces = false;
      }
    }
    this.indicator('"', false, { space: false, indention: false });
  }

  private literal(text: string): void {
    this.indicator('|', true, { space: false, indention: false });
    const first = text.charAt(0);
    if (first === ' ' || isBreak(first)) this.put(String(STEP));
    this.put(chomping(text));
    this.putBreak();
    this.whitespace = true;
    for (const [stretch] of text.matchAll(/[^\n\u2028\u2029]+|[\n\u2028\u2029]/g)) {
      if (isBreak(stretch)) {
        this.writeBreak(stretch);
        this.indention = true;
      } else {
        this.newLine();
        this.put(stretch);
        this.indention = false;
      }
    }
  }
}

/** `-`: no line break at the end; nothing: one; `+`: more. */
function chomping(text: string): string {
  if (!isBreak(text.slice(-1))) return '-';
  return text.length === 1 || isBreak(text.slice(-2, -1)) ? '+' : '';
}
