/** How Go's fmt writes one value under one verb. */

import { compareStrings, escapeQuoted, goType, print, printFloat } from '../functions/print.ts';
import { checkDepth } from '../functions/signature.ts';
import { byteLength } from '../functions/text.ts';
import { textOf } from '../text.ts';
import { type GoValue, Text } from '../value.ts';

/** What stands between `%` and the verb. */
export interface Flags {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** A verb that is valid and whose result is not computed here. */
export class NotWritten extends Error {}

/** A value under a verb; `%!d(string=x)` for a verb that it does not have. */
export function format(value: GoValue, verb: string, flags: Flags): string {
  if (value === null)
    return verb === 'T' || verb === 'v' ? pad('<nil>', flags) : `%!${verb}(<nil>)`;
  if (verb === 'T') return formatString(goType(value), 's', flags);
  // `%+v` asks for the names of fields, not for signs.
  return formatValue(value, verb, verb === 'v' ? { ...flags, plus: false } : flags, 0);
}

function formatValue(value: GoValue, verb: string, flags: Flags, depth: number): string {
  checkDepth(depth);
  if (value === null) return verb === 'v' && flags.sharp ? 'interface {}(nil)' : '<nil>';
  const text = leaf(value, verb, flags);
  if (text !== undefined) return text;
  const inner = ({ value: element }: { readonly value: GoValue }) =>
    formatValue(element, verb, flags, depth + 1);
  const go = verb === 'v' && flags.sharp;
  const [open, between, close] = go ? [`${goType(value)}{`, ', ', '}'] : ['[', ' ', ']'];
  if (Array.isArray(value)) return `${open}${value.map(inner).join(between)}${close}`;
  if (value instanceof Map) {
    const entries = [...value].sort(([a], [b]) => compareStrings(a, b));
    const texts = entries.map(
      ([key, element]) => `${formatString(key, verb, flags)}:${inner(element)}`,
    );
    return `${go ? '' : 'map'}${open}${texts.join(between)}${close}`;
  }
  return print(value);
}

function leaf(value: GoValue, verb: string, flags: Flags): string | undefined {
  switch (typeof value) {
    case 'boolean':
      if (verb === 't' || verb === 'v') return pad(String(value), flags);
      return badVerb(value, verb, flags);
    case 'bigint':
      return formatInteger(value, verb, flags);
    case 'number':
      return formatFloat(value, verb, flags);
  }
  return value instanceof Text ? formatString(value.value, verb, flags) : undefined;
}

/** Width, precision and sign hold for the value that is shown as well. */
function badVerb(value: GoValue, verb: string, flags: Flags): string {
  const shown = formatValue(value, 'v', { ...flags, sharp: false }, 0);
  return `%!${verb}(${goType(value)}=${shown})`;
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function pad(text: string, { width = 0, minus, zero }: Flags): string {
  const missing = width - (width === 0 ? 0 : characters(text));
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  return (zero ? '0' : ' ').repeat(missing) + text;
}

function padWithSpaces(text: string, flags: Flags): string {
  return pad(text, { ...flags, zero: false });
}

// Strings.

function formatString(text: string, verb: string, flags: Flags): string {
  switch (verb) {
    case 'v':
      if (flags.sharp) return quoted(text, { ...flags, sharp: false });
      return pad(truncated(text, flags), flags);
    case 's':
      return pad(truncated(text, flags), flags);
    case 'q':
      return quoted(truncated(text, flags), flags);
    case 'x':
      return hexadecimal(text, flags, false);
    case 'X':
      return hexadecimal(text, flags, true);
  }
  return badVerb(textOf(text), verb, flags);
}

function truncated(text: string, { precision }: Flags): string {
  if (precision === undefined || text.length <= precision) return text;
  let end = 0;
  let left = precision;
  for (const character of text) {
    if (left-- === 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function quoted(text: string, flags: Flags): string {
  if (flags.sharp && !/[\p{Cc}`\u007f\ufeff]/u.test(text.replaceAll('\t', '')))
    return pad(`\`${text}\``, flags);
  const escaped = escapeQuoted(text);
  return pad(`"${flags.plus ? ascii(escaped) : escaped}"`, flags);
}

/** The characters beyond ASCII as escapes. */
function ascii(text: string): string {
  return text.replace(/[^\u0000-\u007f]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

function hexadecimal(text: string, flags: Flags, upper: boolean): string {
  const length = Math.min(flags.precision ?? Number.POSITIVE_INFINITY, byteLength(text));
  const bytes = [...Buffer.from(text, 'utf8').subarray(0, length)];
  const prefix = flags.sharp ? '0x' : '';
  const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  const joined = flags.space
    ? digits.map((pair) => prefix + pair).join(' ')
    : digits.length > 0
      ? prefix + digits.join('')
      : '';
  return pad(upper ? joined.toUpperCase() : joined, flags);
}

// Integers.

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const PREFIXES: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

function formatInteger(value: bigint, verb: string, flags: Flags): string {
  const base = BASES[verb];
  if (base !== undefined) return integerIn(value, base, verb, flags);
  const code = value < 0n || value > 0x10ffffn ? 0xfffd : Number(value);
  switch (verb) {
    case 'c':
      return pad(String.fromCodePoint(code), flags);
    case 'q': {
      const escaped = escapeQuoted(String.fromCodePoint(code)).replace('\\"', '"');
      const shown = escaped === "'" ? "\\'" : escaped;
      return pad(`'${flags.plus ? ascii(shown) : shown}'`, flags);
    }
    case 'U': {
      const bits = BigInt.asUintN(64, value).toString(16).toUpperCase();
      const shown = flags.sharp && value >= 0n && value <= 0x10ffffn;
      const character = shown ? ` '${String.fromCodePoint(code)}'` : '';
      const digits = bits.padStart(Math.max(4, flags.precision ?? 0), '0');
      return padWithSpaces(`U+${digits}${character}`, flags);
    }
  }
  return badVerb(value, verb, flags);
}

function integerIn(value: bigint, base: number, verb: string, flags: Flags): string {
  const negative = value < 0n;
  const { precision, width = 0 } = flags;
  if (precision === 0 && value === 0n) return ' '.repeat(width);
  const signed = negative || flags.plus || flags.space;
  const filled = flags.zero && !flags.minus ? width - (signed ? 1 : 0) : 0;
  let digits = (negative ? -value : value).toString(base).padStart(precision ?? filled, '0');
  if (verb === 'X') digits = digits.toUpperCase();
  if (flags.sharp && verb !== 'v' && !(base === 8 && digits.startsWith('0')))
    digits = (PREFIXES[verb] ?? '') + digits;
  if (verb === 'O') digits = `0o${digits}`;
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  return padWithSpaces(sign + digits, flags);
}

// Floats.

/** Most digits that JavaScript gives. */
const MOST_DIGITS = 100;

function formatFloat(value: number, verb: string, flags: Flags): string {
  if ('bxX'.includes(verb)) throw new NotWritten(`%${verb} of a float`);
  if (!'vgGfFeE'.includes(verb)) return badVerb(value, verb, flags);
  const precision = flags.precision ?? ('fFeE'.includes(verb) ? 6 : undefined);
  if ((precision ?? 0) > MOST_DIGITS || (flags.sharp && verb !== 'v'))
    throw new NotWritten(`%${verb} of a float in this form`);
  const magnitude = Math.abs(value);
  const digits = Number.isFinite(value)
    ? floatDigits(magnitude, verb, precision)
    : Number.isNaN(value)
      ? 'NaN'
      : 'Inf';
  const negative = value < 0 || Object.is(value, -0);
  const infinite = digits === 'Inf';
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : infinite ? '+' : '';
  const number = verb === 'E' || verb === 'G' ? digits.toUpperCase() : digits;
  if (!Number.isFinite(value)) return padWithSpaces(sign + digits, flags);
  if (sign === '' || !flags.zero || flags.minus) return pad(sign + number, flags);
  return sign + number.padStart((flags.width ?? 0) - 1, '0');
}

function floatDigits(value: number, verb: string, precision: number | undefined): string {
  switch (verb) {
    case 'f':
    case 'F':
      return fixedDigits(value, precision ?? 6);
    case 'e':
    case 'E':
      return exponent(scientific(value, precision ?? 6));
  }
  if (precision === undefined) return printFloat(value);
  const digits = Math.max(precision, 1);
  if (value === 0) return '0';
  const [mantissa = '', power = '0'] = scientific(value, digits - 1).split('e');
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  const places = Number(power);
  // Go turns to an exponent by the digits that are there, where the number has no more places than them.
  const length = trimmed.replace('.', '').length;
  const most = digits > length && length >= places + 1 ? length : digits;
  if (places < -4 || places >= most) return exponent(`${trimmed}e${power}`);
  return fixedDigits(Number(`${trimmed}e${power}`), Math.max(length - 1 - places, 0));
}

function fixedDigits(value: number, precision: number): string {
  if (value >= 1e21)
    return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  const text = value.toFixed(precision);
  return isTie(value, precision) ? toEven(text) : text;
}

function scientific(value: number, precision: number): string {
  const text = value.toExponential(precision);
  const [mantissa = '', power = '0'] = text.split('e');
  return isTie(value, precision - Number(power)) ? `${toEven(mantissa)}e${power}` : text;
}

/** Whether a value lies exactly between two numbers of `places` decimals: JavaScript rounds up, Go to the even one. */
function isTie(value: number, places: number): boolean {
  if (places >= 0) {
    const doubled = value * 2 ** (places + 1);
    return Number.isInteger(doubled) && doubled % 2 === 1;
  }
  const unit = 10n ** BigInt(-places);
  const doubled = Number.isInteger(value) ? 2n * BigInt(value) : 1n;
  return doubled % unit === 0n && (doubled / unit) % 2n === 1n;
}

/** The number below, of the same number of digits, when the last digit is odd. */
function toEven(text: string): string {
  const last = Number(text.at(-1));
  return last % 2 === 1 ? text.slice(0, -1) + (last - 1) : text;
}

/** An exponent has a sign and at least two digits. */
function exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
