/** What literals of a template mean: Go's strings, characters and numbers. */

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};

/** Digits of `\x`, `\u`, `\U` and of an octal escape. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

interface Unescaped {
  /** A byte of `\x41` and `\101`, a character of all others. */
  readonly kind: 'byte' | 'character';
  readonly code: number;
  readonly next: number;
}

/** Reads the escape at `at`, which points behind the backslash; undefined for one that Go refuses. */
function readEscape(text: string, at: number, quote: string): Unescaped | undefined {
  const letter = text[at] ?? '';
  const simple = letter === quote ? quote.charCodeAt(0) : ESCAPES[letter];
  if (simple !== undefined) return { kind: 'character', code: simple, next: at + 1 };
  const octal = letter >= '0' && letter <= '7';
  const length = octal ? 3 : HEX_DIGITS[letter];
  if (length === undefined) return undefined;
  const start = octal ? at : at + 1;
  const digits = text.slice(start, start + length);
  if (digits.length < length || !(octal ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/).test(digits))
    return undefined;
  const code = Number.parseInt(digits, octal ? 8 : 16);
  const next = start + length;
  if (octal || letter === 'x') return code > 255 ? undefined : { kind: 'byte', code, next };
  const valid = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return valid ? { kind: 'character', code, next } : undefined;
}

/** The string of a literal in double quotes or backquotes; undefined when it is none of Go. */
export function unquote(literal: string): string | undefined {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner.replaceAll('\r', '');
  if (!inner.includes('\\')) return inner;
  // Bytes may be parts of one character: they are gathered until it ends.
  let text = '';
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) text += Buffer.from(bytes).toString('utf8');
    bytes = [];
  };
  for (let at = 0; at < inner.length; ) {
    const backslash = inner.indexOf('\\', at);
    if (backslash !== at) {
      flush();
      text += inner.slice(at, backslash === -1 ? undefined : backslash);
      if (backslash === -1) break;
    }
    const escaped = readEscape(inner, backslash + 1, '"');
    if (escaped === undefined) return undefined;
    at = escaped.next;
    if (escaped.kind === 'byte') bytes.push(escaped.code);
    else {
      flush();
      text += String.fromCodePoint(escaped.code);
    }
  }
  flush();
  return text;
}

/** The code of a character literal; undefined when it is none of Go. */
export function unquoteCharacter(literal: string): bigint | undefined {
  const inner = literal.slice(1, -1);
  if (inner.startsWith('\\')) {
    const escaped = readEscape(inner, 1, "'");
    return escaped?.next === inner.length ? BigInt(escaped.code) : undefined;
  }
  const code = inner.codePointAt(0);
  const single = code !== undefined && String.fromCodePoint(code) === inner;
  return single ? BigInt(code) : undefined;
}

const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

/** Go's underscores stand between digits, or behind the prefix of a base. */
const MISPLACED_UNDERSCORE = /(?:^|[^0-9a-fA-FxXoObB])_|_(?:$|[^0-9a-fA-F])/;

/** A Go integer literal of any base, of any size. */
function integer(literal: string): bigint | undefined {
  const sign = /^[+-]/.test(literal);
  const digits = sign ? literal.slice(1) : literal;
  if (digits.includes('_') && MISPLACED_UNDERSCORE.test(digits)) return undefined;
  let plain = digits.replaceAll('_', '').toLowerCase();
  if (/^0[0-7]+$/.test(plain)) plain = `0o${plain.slice(1)}`;
  if (!/^(?:0x[0-9a-f]+|0o[0-7]+|0b[01]+|0|[1-9][0-9]*)$/.test(plain)) return undefined;
  const value = BigInt(plain);
  return literal.startsWith('-') ? -value : value;
}

/** A Go floating-point literal, decimal or hexadecimal. */
function float(literal: string): number | undefined {
  if (literal.includes('_') && MISPLACED_UNDERSCORE.test(literal)) return undefined;
  const plain = literal.replaceAll('_', '');
  const hex = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]{1,6})$/.exec(plain);
  if (hex !== null) {
    const [, sign, whole = '', fraction = '', power] = hex;
    if (whole === '' && fraction === '') return undefined;
    const mantissa = Number.parseInt(`${whole}${fraction}`, 16);
    const value = mantissa * 2 ** (Number(power) - 4 * fraction.length);
    return sign === '-' ? -value : value;
  }
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** A number literal: an integer, a float, or why it is neither. Imaginary numbers that are not zero: `complex`. */
export type NumberLiteral = bigint | number | 'complex' | { readonly error: string };

/** What a number token means where no type is asked for: its spelling decides, as for Go's ideal constants. */
export function numberOf(literal: string): NumberLiteral {
  if (literal.endsWith('i') && !/^[+-]?0[xX]/.test(literal)) {
    const imaginary = float(literal.slice(0, -1));
    if (imaginary !== undefined) return 'complex';
  }
  const whole = integer(literal);
  if (whole !== undefined && whole >= MIN_INT && whole <= MAX_INT) return whole;
  if (whole !== undefined && whole >= 0n && whole <= MAX_UINT)
    return { error: `${literal} overflows int` };
  const value = float(literal);
  if (value === undefined) return { error: `illegal number syntax: "${literal}"` };
  if (!/[.eEpP]/.test(literal)) return { error: `integer overflow: "${literal}"` };
  return value;
}
