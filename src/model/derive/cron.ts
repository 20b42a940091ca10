import { millisecondsOf } from './duration.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTES_OF_DAY = 24 * 60;

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

interface Field {
  readonly values: ReadonlySet<number>;
  /** `*` or `?`: day of month and day of week are joined by "or" only when neither is one. */
  readonly star: boolean;
}

function numberOf(text: string, names: readonly string[], first: number): number | undefined {
  const name = names.indexOf(text.toLowerCase());
  if (name >= 0) return name + first;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** One field of a cron expression: lists, ranges, steps and names; undefined when it is malformed. */
function fieldOf(
  text: string,
  low: number,
  high: number,
  names: readonly string[] = [],
): Field | undefined {
  const values = new Set<number>();
  let star = false;
  for (const part of text.split(',')) {
    const [range = '', stepText, ...rest] = part.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    if (rest.length > 0 || !Number.isInteger(step) || step < 1) return undefined;
    let from = low;
    let to = high;
    if (range === '*' || range === '?') star ||= stepText === undefined;
    else {
      const [a = '', b, ...more] = range.split('-');
      const start = numberOf(a, names, low);
      const end = b === undefined ? undefined : numberOf(b, names, low);
      if (start === undefined || more.length > 0 || (b !== undefined && end === undefined))
        return undefined;
      from = start;
      to = end ?? (stepText === undefined ? start : high);
    }
    if (from < low || to > high || from > to) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return { values, star };
}

/**
 * The shortest time between two runs of a Kubernetes cron schedule, in minutes; undefined when the
 * expression is malformed or runs at most once. Source: kubernetes.io "CronJob", robfig/cron v3's standard
 * parser (five fields, names, steps, `@hourly` and the like, `@every 1h30m`, a leading `TZ=`).
 */
export function periodMinutesOf(schedule: string): number | undefined {
  const text = schedule.trim().replace(/^(?:CRON_)?TZ=\S+\s+/, '');
  const every = /^@every\s+(\S+)$/.exec(text)?.[1];
  if (every !== undefined) {
    const period = millisecondsOf(every);
    return period === undefined || period <= 0 ? undefined : period / 60_000;
  }
  const fields = (DESCRIPTORS.get(text) ?? text).split(/\s+/);
  if (fields.length !== 5) return undefined;
  const minute = fieldOf(fields[0] ?? '', 0, 59);
  const hour = fieldOf(fields[1] ?? '', 0, 23);
  const dayOfMonth = fieldOf(fields[2] ?? '', 1, 31);
  const month = fieldOf(fields[3] ?? '', 1, 12, MONTHS);
  const dayOfWeek = fieldOf((fields[4] ?? '').replace(/\b7\b/g, '0'), 0, 6, DAYS);
  if (!minute || !hour || !dayOfMonth || !month || !dayOfWeek) return undefined;

  const times = [...hour.values]
    .flatMap((h) => [...minute.values].map((m) => h * 60 + m))
    .sort((a, b) => a - b);
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return undefined;
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < times.length; i++)
    shortest = Math.min(shortest, (times[i] ?? 0) - (times[i - 1] ?? 0));

  const days = shortestDays(dayOfMonth, month, dayOfWeek);
  if (days === undefined) return undefined;
  const overnight = days * MINUTES_OF_DAY - last + first;
  const period = Math.min(shortest, overnight);
  return Number.isFinite(period) ? period : undefined;
}

/** Days between two matching days at the least; Infinity for a single one, undefined for none. */
function shortestDays(dayOfMonth: Field, month: Field, dayOfWeek: Field): number | undefined {
  const daily = dayOfMonth.star && month.star && dayOfWeek.star;
  if (daily) return 1;
  let previous: number | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  // Nine years hold two leap days and every pairing of dates and weekdays that matters.
  for (let day = 0; day < 9 * 366; day++) {
    const date = new Date(Date.UTC(2024, 0, 1 + day));
    if (!month.values.has(date.getUTCMonth() + 1)) continue;
    const byDate = dayOfMonth.values.has(date.getUTCDate());
    const byWeekday = dayOfWeek.values.has(date.getUTCDay());
    const either = !dayOfMonth.star && !dayOfWeek.star;
    if (either ? !byDate && !byWeekday : !byDate || !byWeekday) continue;
    if (previous !== undefined) shortest = Math.min(shortest, day - previous);
    previous = day;
    if (shortest === 1) break;
  }
  return previous === undefined ? undefined : shortest;
}
