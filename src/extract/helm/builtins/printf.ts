/** `printf`: Go's format strings. Texts under `%s` and `%v` keep their pieces. */

import { goType, print } from '../functions/print.ts';
import { spendText, unknownIn } from '../functions/signature.ts';
import { allOrigins, sliceText } from '../text.ts';
import {
  type Calling,
  type Operand,
  type Piece,
  TemplateError,
  type TemplateFunction,
  Text,
  Unknown,
} from '../value.ts';
import { type Flags, format, NotWritten } from './format.ts';

const LOWER_A = 97;
const LOWER_Z = 122;

/** Widths and precisions beyond it are none. */
const LARGEST = 1_000_000;

/** A verb alone: `%s`. */
export const PLAIN: Flags = {
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  width: undefined,
  precision: undefined,
};
const FLAGS: Readonly<Record<string, Partial<Flags>>> = {
  '-': { minus: true },
  '+': { plus: true },
  '#': { sharp: true },
  ' ': { space: true },
  '0': { zero: true },
};

/** One value as text; one that nobody can tell as an unknown piece. */
export function pieceOf(
  operand: Operand,
  verb: string,
  flags: Flags,
  calling: Calling,
): Piece | Text {
  const { value } = operand;
  const plain = flags.width === undefined && flags.precision === undefined && !flags.sharp;
  if (value instanceof Text && plain && (verb === 'v' || verb === 's')) return value;
  const { at } = calling;
  const from = allOrigins(operand);
  const unknown = verb === 'T' && value instanceof Text ? undefined : unknownIn(value, calling);
  if (unknown !== undefined) return { text: '', at, from, unknown };
  try {
    const text = format(value, verb, flags);
    spendText(calling, text.length);
    return { text, at, from };
  } catch (error) {
    if (error instanceof NotWritten) return { text: '', at, from, unknown: error.message };
    throw error;
  }
}

class Formatter {
  private readonly text: Text;
  private readonly format: string;
  private readonly args: readonly Operand[];
  private readonly calling: Calling;
  private readonly parts: (Piece | Text)[] = [];
  private at = 0;
  private arg = 0;
  private reordered = false;
  private afterIndex = false;
  private goodIndex = true;

  constructor(text: Text, args: readonly Operand[], calling: Calling) {
    this.text = text;
    this.format = text.value;
    this.args = args;
    this.calling = calling;
  }

  run(): Text {
    const { format: formatText } = this;
    while (this.at < formatText.length) {
      const next = formatText.indexOf('%', this.at);
      const end = next === -1 ? formatText.length : next;
      if (end > this.at) this.parts.push(sliceText(this.text, this.at, end));
      this.at = end + 1;
      if (next !== -1) this.verb();
    }
    if (!this.reordered && this.arg < this.args.length) this.extra();
    return Text.of(this.parts);
  }

  private say(text: string): void {
    this.parts.push({ text, at: this.calling.at, from: [] });
  }

  private verb(): void {
    const { format: formatText, args } = this;
    this.goodIndex = true;
    this.afterIndex = false;
    const next = formatText.charCodeAt(this.at);
    const flags = next >= LOWER_A && next <= LOWER_Z ? PLAIN : this.flags();
    const code = formatText.codePointAt(this.at);
    const verb = code === undefined ? '' : String.fromCodePoint(code);
    this.at += verb.length;
    const operand = args[this.arg];
    if (verb === '') this.say('%!(NOVERB)');
    else if (verb === '%') this.say('%');
    else if (!this.goodIndex) this.say(`%!${verb}(BADINDEX)`);
    else if (operand === undefined) this.say(`%!${verb}(MISSING)`);
    else {
      this.arg++;
      this.parts.push(pieceOf(operand, verb, flags, this.calling));
    }
  }

  /** All that stands between `%` and the verb. */
  private flags(): Flags {
    let flags = PLAIN;
    for (;;) {
      const flag = FLAGS[this.format[this.at] ?? ''];
      if (flag === undefined) break;
      flags = { ...flags, ...flag };
      this.at++;
    }
    this.index();
    flags = this.precision(this.width(flags));
    if (!this.afterIndex) this.index();
    return flags;
  }

  /** `[2]`: the argument that comes next. */
  private index(): void {
    if (this.format[this.at] !== '[') {
      this.afterIndex = false;
      return;
    }
    this.reordered = true;
    const close = this.format.indexOf(']', this.at);
    const inner = close === -1 ? '' : this.format.slice(this.at + 1, close);
    const number = /^[0-9]{1,7}$/.test(inner) ? Number(inner) : undefined;
    this.at = close === -1 ? this.at + 1 : close + 1;
    if (number !== undefined && number >= 1 && number <= this.args.length) {
      this.arg = number - 1;
      this.afterIndex = true;
      return;
    }
    this.goodIndex = false;
    this.afterIndex = number !== undefined;
  }

  private number(): number | undefined {
    const start = this.at;
    while (/^[0-9]$/.test(this.format[this.at] ?? '')) this.at++;
    if (this.at === start) return undefined;
    const number = Number(this.format.slice(start, this.at));
    if (number <= LARGEST) return number;
    this.at = this.format.length;
    return undefined;
  }

  /** `*`: a number of the arguments. */
  private star(): number | undefined {
    this.at++;
    const value = this.args[this.arg]?.value;
    if (this.arg < this.args.length) this.arg++;
    if (value instanceof Unknown) throw new NotWritten(value.why);
    if (typeof value !== 'bigint' || value > LARGEST || value < -LARGEST) return undefined;
    return Number(value);
  }

  private width(flags: Flags): Flags {
    if (this.format[this.at] !== '*') {
      const width = this.number();
      if (this.afterIndex && width !== undefined) this.goodIndex = false;
      return { ...flags, width };
    }
    const width = this.star();
    this.afterIndex = false;
    if (width === undefined) this.say('%!(BADWIDTH)');
    if (width !== undefined && width < 0)
      return { ...flags, width: -width, minus: true, zero: false };
    return { ...flags, width };
  }

  private precision(flags: Flags): Flags {
    if (this.format[this.at] !== '.' || this.at + 1 >= this.format.length) return flags;
    this.at++;
    if (this.afterIndex) this.goodIndex = false;
    this.index();
    if (this.format[this.at] !== '*') return { ...flags, precision: this.number() ?? 0 };
    const precision = this.star();
    this.afterIndex = false;
    if (precision === undefined || precision < 0) {
      this.say('%!(BADPREC)');
      return flags;
    }
    return { ...flags, precision };
  }

  private extra(): void {
    this.say('%!(EXTRA ');
    for (const [i, operand] of this.args.slice(this.arg).entries()) {
      if (i > 0) this.say(', ');
      if (operand.value === null) this.say('<nil>');
      else {
        this.say(`${goType(operand.value)}=`);
        this.parts.push(pieceOf(operand, 'v', PLAIN, this.calling));
      }
    }
    this.say(')');
  }
}

export const printf: TemplateFunction = ([first, ...args], calling) => {
  if (first === undefined)
    throw new TemplateError('wrong number of args for printf: want at least 1 got 0');
  const { value } = first;
  if (value instanceof Unknown) return first;
  if (!(value instanceof Text))
    throw new TemplateError(
      `wrong type for value; expected string; got ${goType(value)}: ${print(value)}`,
    );
  if (value.unknown !== undefined) return { value: new Unknown(value.unknown), from: first.from };
  try {
    return { value: new Formatter(value, args, calling).run(), from: [] };
  } catch (error) {
    if (error instanceof NotWritten) return { value: new Unknown(error.message), from: [] };
    throw error;
  }
};
