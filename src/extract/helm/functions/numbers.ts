/** Arithmetic: what Go's cast and decimal packages do to template values. */
import { type GoValue, type Operand, TemplateError, Text } from '../value.ts';
import { print } from './print.ts';
import {
  type Call,
  element,
  type Functions,
  fixed,
  spendElements,
  spendText,
  variadic,
} from './signature.ts';

const wrap = (value: bigint) => BigInt.asIntN(64, value);
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** strconv.ParseInt with base 0: prefixes 0x, 0o, 0b and 0, underscores between digits; undefined where it fails. */
export function parseInteger(text: string): bigint | undefined {
  const found =
    /^([-+]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/.exec(
      text,
    );
  if (found === null) return undefined;
  const [, sign, written = ''] = found;
  const digits = written.replaceAll('_', '');
  const octal = /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = sign === '-' ? -BigInt(octal) : BigInt(octal);
  return value < LEAST || value > MOST ? undefined : value;
}

/** Cuts a fraction of zeros: `5.00` is `5` to cast.ToInt64. */
function withoutZeroFraction(text: string): string {
  return /\.0+$/.test(text) ? text.replace(/\.0+$/, '') : text;
}

function truncate(value: number): bigint {
  // What a conversion that does not fit gives on amd64.
  if (!(value > -9.3e18 && value < 9.3e18)) return LEAST;
  const whole = BigInt(Math.trunc(value));
  return whole < LEAST || whole > MOST ? LEAST : whole;
}

/** cast.ToInt64: 0 for what is no number. */
export function toInteger(value: GoValue): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return truncate(value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Text) return parseInteger(withoutZeroFraction(value.value)) ?? 0n;
  return 0n;
}

/** strconv.ParseFloat for decimal numbers; undefined where it fails. */
export function parseDecimal(text: string): number | undefined {
  if (/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const word = /^([-+]?)(inf|infinity|nan)$/i.exec(text);
  if (word === null) return undefined;
  if (/^nan$/i.test(word[2] ?? '')) return word[1] === '' ? Number.NaN : undefined;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** cast.ToFloat64: 0 for what is no number. */
function toFloat(value: GoValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Text) return parseDecimal(value.value) ?? 0;
  return 0;
}

/** A decimal number without rounding: digits times 10 to the power. */
interface Decimal {
  readonly digits: bigint;
  readonly power: number;
}

function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value))
    throw new TemplateError(`cannot create a decimal from ${print(value)}`);
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), power: Number(exponent) - fraction.length };
}

const toNumber = ({ digits, power }: Decimal) => Number(`${digits}e${power}`);

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const power = Math.min(a.power, b.power);
  return [
    a.digits * 10n ** BigInt(a.power - power),
    b.digits * 10n ** BigInt(b.power - power),
    power,
  ];
}

function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right, power] = aligned(a, b);
  return { digits: left + right, power };
}

const negated = ({ digits, power }: Decimal): Decimal => ({ digits: -digits, power });

const multiply = (a: Decimal, b: Decimal): Decimal => ({
  digits: a.digits * b.digits,
  power: a.power + b.power,
});

/** Places after the point to which a division is rounded. */
const PLACES = 16;

function divide(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) throw new TemplateError('decimal division by 0');
  const shift = a.power - b.power + PLACES;
  const numerator = shift >= 0 ? a.digits * 10n ** BigInt(shift) : a.digits;
  const denominator = shift >= 0 ? b.digits : b.digits * 10n ** BigInt(-shift);
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  const twice = rest < 0n ? -2n * rest : 2n * rest;
  const size = denominator < 0n ? -denominator : denominator;
  // Halves are rounded away from zero.
  const away = twice >= size ? (numerator < 0n === denominator < 0n ? 1n : -1n) : 0n;
  return { digits: quotient + away, power: -PLACES };
}

function folded(
  start: GoValue,
  rest: readonly GoValue[],
  step: (a: Decimal, b: Decimal) => Decimal,
) {
  return toNumber(
    rest.reduce<Decimal>(
      (sum, value) => step(sum, decimalOf(toFloat(value))),
      decimalOf(toFloat(start)),
    ),
  );
}

/** The whole numbers from `start` up to, or down to, `stop`, which is left out. */
function stepped(start: number, stop: number, step: number, call: Call): number[] {
  const up = stop >= start;
  if (up ? step <= 0 : step >= 0) return [];
  const count = Math.ceil((stop - start) / step);
  spendElements(call.calling, count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}

const operands = (values: readonly number[], call: Call): Operand[] =>
  values.map((value) => element(BigInt(value), call));

function sequence(values: readonly number[], call: Call): string {
  const [first = 1, second, third] = values;
  const list = (start: number, end: number, step: number, increment: number) => {
    const numbers = stepped(start, end + increment, step, call);
    spendText(call.calling, numbers.length * 8);
    return numbers.join(' ');
  };
  switch (values.length) {
    case 1: {
      const increment = first < 1 ? -1 : 1;
      return list(1, first, increment, increment);
    }
    case 2: {
      const end = second ?? 0;
      const increment = end < first ? -1 : 1;
      return list(first, end, increment, increment);
    }
    case 3: {
      const end = third ?? 0;
      const step = second ?? 0;
      if (end < first && step > 0) return '';
      return list(first, end, step, end < first ? -1 : 1);
    }
    default:
      return '';
  }
}

function round(value: number, places: number, roundOn: number): number {
  const power = 10 ** places;
  const digit = power * value;
  const rest = digit - Math.trunc(digit);
  return (rest >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / power;
}

function divisor(value: GoValue): bigint {
  const whole = toInteger(value);
  if (whole === 0n) throw new TemplateError('runtime error: integer divide by zero');
  return whole;
}

/** The integer that comes first in the order of `precedes`. */
const extreme = (precedes: (a: bigint, b: bigint) => boolean) =>
  variadic(['known'], 'known', ([first], rest) => {
    let found = toInteger(first);
    for (const each of rest.map(toInteger)) if (precedes(each, found)) found = each;
    return found;
  });

const largest = extreme((a, b) => a > b);

export const numbers: Functions = {
  add: variadic([], 'known', (_, all) =>
    wrap(all.reduce<bigint>((sum, each) => sum + toInteger(each), 0n)),
  ),
  add1: fixed(['known'], ([value]) => wrap(toInteger(value) + 1n)),
  sub: fixed(['known', 'known'], ([a, b]) => wrap(toInteger(a) - toInteger(b))),
  mul: variadic(['known'], 'known', ([first], rest) =>
    rest.reduce<bigint>((product, each) => wrap(product * toInteger(each)), toInteger(first)),
  ),
  div: fixed(['known', 'known'], ([a, b]) => wrap(toInteger(a) / divisor(b))),
  mod: fixed(['known', 'known'], ([a, b]) => toInteger(a) % divisor(b)),
  max: largest,
  biggest: largest,
  min: extreme((a, b) => a < b),
  add1f: fixed(['known'], ([value]) => folded(value, [1n], addDecimals)),
  addf: variadic([], 'known', (_, all) => folded(0, all, addDecimals)),
  subf: variadic(['known'], 'known', ([first], rest) =>
    folded(first, rest, (a, b) => addDecimals(a, negated(b))),
  ),
  mulf: variadic(['known'], 'known', ([first], rest) => folded(first, rest, multiply)),
  divf: variadic(['known'], 'known', ([first], rest) => folded(first, rest, divide)),
  maxf: variadic(['known'], 'known', ([first], rest) =>
    Math.max(toFloat(first), ...rest.map(toFloat)),
  ),
  minf: variadic(['known'], 'known', ([first], rest) =>
    Math.min(toFloat(first), ...rest.map(toFloat)),
  ),
  floor: fixed(['known'], ([value]) => Math.floor(toFloat(value))),
  ceil: fixed(['known'], ([value]) => Math.ceil(toFloat(value))),
  round: variadic(['known', 'int'], 'float', ([value, places], [roundOn = 0.5]) =>
    round(toFloat(value), places, roundOn),
  ),
  int: fixed(['known'], ([value]) => toInteger(value)),
  int64: fixed(['known'], ([value]) => toInteger(value)),
  float64: fixed(['known'], ([value]) => toFloat(value)),
  atoi: fixed(['string'], ([text]) => {
    if (!/^[-+]?[0-9]+$/.test(text)) return 0n;
    const value = BigInt(text.replace(/^\+/, ''));
    // What strconv.Atoi gives beside its error is the bound.
    return value < LEAST ? LEAST : value > MOST ? MOST : value;
  }),
  toDecimal: fixed(['known'], ([value]) => {
    const text = print(value);
    if (!/^[-+]?[0-7]+$/.test(text)) return 0n;
    const magnitude = BigInt(`0o${text.replace(/^[-+]/, '')}`);
    const whole = text.startsWith('-') ? -magnitude : magnitude;
    return whole < LEAST || whole > MOST ? 0n : whole;
  }),
  until: fixed(['int'], ([count], call) =>
    operands(stepped(0, count, count < 0 ? -1 : 1, call), call),
  ),
  untilStep: fixed(['int', 'int', 'int'], ([start, stop, step], call) =>
    operands(stepped(start, stop, step, call), call),
  ),
  seq: variadic([], 'int', (_, values, call) => sequence(values, call)),
};
