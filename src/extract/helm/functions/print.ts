/** How Go prints values: `%v`, `%T`, `%q`, `strconv.FormatFloat`. */
import { type GoValue, type List, Text, Unknown } from '../value.ts';

/** A float as `%v` has it: with an exponent below 1e-4 and from 1e6 on. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  // Between these JavaScript has the same digits without an exponent.
  if (power >= -4 && power < 6) return String(value);
  const sign = power < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** What `strconv.Quote` writes between the quotes. */
export function escapeQuoted(text: string): string {
  return text.replace(/[^ !#-[\]-~]/gu, (character) => {
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

/** Go orders strings by their bytes, which is the order of code points. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** A surrogate stands for a code point above all others. */
function rank(code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
}

const isList = (value: GoValue): value is List => Array.isArray(value);

/** A known value as `%v` has it. */
export function print(value: GoValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return printFloat(value);
  if (value instanceof Text) return value.value;
  if (value instanceof Unknown) return '';
  if (isList(value)) return `[${value.map(({ value: inner }) => print(inner)).join(' ')}]`;
  if (value instanceof Map) {
    const entries = [...value].sort(([a], [b]) => compareStrings(a, b));
    return `map[${entries.map(([key, { value: inner }]) => `${key}:${print(inner)}`).join(' ')}]`;
  }
  return value.text ?? value.native;
}

/** The kind of a value, as `reflect.Kind` names it; undefined for an integer: `int` and `int64` look the same here. */
export function goKind(value: GoValue): string | undefined {
  if (value === null) return 'invalid';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return undefined;
    case 'number':
      return 'float64';
  }
  if (value instanceof Text) return 'string';
  if (isList(value)) return 'slice';
  if (value instanceof Map) return 'map';
  return 'ptr';
}

/** The type of a value, as `%T` has it. */
export function goType(value: GoValue): string {
  if (value === null) return '<nil>';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
  }
  if (value instanceof Text) return 'string';
  if (isList(value)) return '[]interface {}';
  if (value instanceof Map) return 'map[string]interface {}';
  return 'native' in value && typeof value.native === 'string' ? `*${value.native}` : 'unknown';
}
