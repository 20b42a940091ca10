/** Durations; every date depends on the present time or on the machine's time zone. */
import { type GoValue, Text, Unknown } from '../value.ts';
import { parseInteger } from './numbers.ts';
import { type Functions, fixed } from './signature.ts';

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const SECOND = 1_000_000_000n;
const HOUR = 3_600_000_000_000n;
const DAY = 24n * HOUR;

/** time.ParseDuration, in nanoseconds: `1h15m30.5s`; 0 where it fails. */
function parseDuration(text: string): bigint {
  const unsigned = text.replace(/^[-+]/, '');
  if (
    unsigned === '0' ||
    !/^(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(unsigned)
  )
    return 0n;
  let sum = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of unsigned.matchAll(
    /([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const size = NANOSECONDS[unit] ?? 0n;
    sum += BigInt(whole || '0') * size;
    if (fraction !== '') sum += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  if (sum >= 2n ** 63n) return 0n;
  return text.startsWith('-') ? -sum : sum;
}

/** time.Duration's String for whole seconds: `1h0m30s`. */
function printSeconds(seconds: bigint): string {
  if (seconds === 0n) return '0s';
  const size = seconds < 0n ? -seconds : seconds;
  const [hours, minutes, rest] = [size / 3600n, (size / 60n) % 60n, size % 60n];
  const sign = seconds < 0n ? '-' : '';
  if (hours > 0n) return `${sign}${hours}h${minutes}m${rest}s`;
  return minutes > 0n ? `${sign}${minutes}m${rest}s` : `${sign}${rest}s`;
}

function durationOf(value: GoValue): bigint {
  if (value instanceof Text) return parseDuration(value.value);
  return typeof value === 'bigint' ? value : 0n;
}

/** The largest unit that fits, cut to a whole number. */
function rounded(duration: bigint): string {
  const size = duration < 0n ? -duration : duration;
  const units: readonly (readonly [bigint, string])[] = [
    [365n * DAY, 'y'],
    [30n * DAY, 'mo'],
    [DAY, 'd'],
    [HOUR, 'h'],
    [60n * SECOND, 'm'],
    [SECOND, 's'],
  ];
  for (const [unit, name] of units) if (size > unit) return `${size / unit}${name}`;
  return '0s';
}

const never = (why: string, count: number) =>
  fixed(
    Array.from({ length: count }, () => 'raw' as const),
    () => new Unknown(why),
  );

const PRESENT = 'the present time';
const ZONE = 'the time zone of the machine';

export const dates: Functions = {
  now: never(PRESENT, 0),
  ago: never(PRESENT, 1),
  date: never(ZONE, 2),
  htmlDate: never(ZONE, 1),
  date_in_zone: never(PRESENT, 3),
  dateInZone: never(PRESENT, 3),
  htmlDateInZone: never(PRESENT, 2),
  date_modify: never(PRESENT, 2),
  dateModify: never(PRESENT, 2),
  must_date_modify: never(PRESENT, 2),
  mustDateModify: never(PRESENT, 2),
  toDate: never(ZONE, 2),
  mustToDate: never(ZONE, 2),
  unixEpoch: never(PRESENT, 1),
  duration: fixed(['any'], ([value]) => {
    if (typeof value === 'bigint') return new Unknown('an integer whose size is not known');
    const seconds = value instanceof Text ? (parseInteger(decimal(value.value)) ?? 0n) : 0n;
    return printSeconds(seconds);
  }),
  durationRound: fixed(['any'], ([value]) =>
    typeof value === 'bigint'
      ? new Unknown('an integer whose size is not known')
      : rounded(durationOf(value)),
  ),
};

/** A decimal number without the zeros in front, which would make it octal. */
const decimal = (text: string) =>
  /^[-+]?[0-9]+$/.test(text) ? text.replace(/^([-+]?)0+(?=[0-9])/, '$1') : '';
