/** Settings that the code writes, and the plain values behind them. */
import type {
  Attempts as AttemptFacts,
  LibraryOption,
  Profile,
  Setting,
} from '../../../library.ts';
import type { Location } from '../../../location.ts';
import type { Attempts, CodeValue, SettingValue } from '../../code.ts';
import { type Abstract, placeOf } from './abstract.ts';
import type { Found, Layer, Options } from './options.ts';

/** A value as rules see it. */
export function plainValue(
  options: Options,
  value: Abstract,
  unit?: 'ms' | 's',
): CodeValue<string | number | boolean | null> {
  const at = placeOf(value.at);
  switch (value.is) {
    case 'literal':
      if (value.value === undefined) return { state: 'absent', at, by: 'closed' };
      if (typeof value.value === 'number' && unit === 's')
        return { state: 'known', value: value.value * 1000, at };
      return { state: 'known', value: value.value, at };
    case 'environment':
      return value.fallback === undefined
        ? { state: 'unknown', why: 'environment', at }
        : plainValue(options, value.fallback, unit);
    case 'text':
      return { state: 'known', value: value.parts.map((part) => part ?? '*').join(''), at };
    case 'unknown':
      return { state: 'unknown', why: value.why, at };
    case 'parameter':
      return { state: 'unknown', why: 'parameter', at };
    case 'alternatives':
      return { state: 'unknown', why: 'alternatives', at };
    default:
      return { state: 'unknown', why: 'computed', at };
  }
}

export function settingOf(
  options: Options,
  option: LibraryOption,
  meaning: Setting,
  found: Exclude<Found, { state: 'absent' }>,
  layer: Layer,
): SettingValue {
  const base = { sets: meaning.sets, option: option.path };
  if (found.state === 'unknown') {
    const at = placeOf(found.at);
    return { ...base, at, value: { state: 'unknown', why: found.why, at } };
  }
  const at = placeOf(found.key);
  if (options.when(layer, option.when, option.versions) === undefined)
    return { ...base, at, value: { state: 'unknown', why: 'version-unknown', at } };
  const plain = { ...base, at, value: plainValue(options, found.value, meaning.unit) };
  if (found.value.is !== 'environment') return plain;
  const { environment } = options.numberOf(found.value, meaning.unit ?? 'ms');
  return environment === undefined ? plain : { ...plain, environment };
}

export function spell(value: Abstract): string {
  if (value.is === 'literal') return String(value.value);
  if (value.is === 'signal' && value.signal.is === 'timeout') return spell(value.signal.ms);
  return value.is === 'environment' ? `process.env.${value.name}` : 'an expression';
}

/** A number is a fixed pause; how long a function waits cannot be told. */
function pauseOf({ value, at }: SettingValue): Attempts['delay'] {
  if (value.state !== 'known' || typeof value.value !== 'number')
    return { state: 'unknown', why: 'computed', at };
  return { ...value, value: value.value > 0 ? 'fixed' : 'none' };
}

export function attemptsOf(
  found: { readonly profile: Profile; readonly sure: boolean } | undefined,
  settings: readonly SettingValue[],
  at: Location,
): Attempts {
  if (found === undefined) {
    const lost = { state: 'unknown', why: 'version-unknown', at } as const;
    return { max: lost, delay: lost, jitter: lost, on: [], methods: [], by: 'library' };
  }
  const facts: AttemptFacts = found.profile.attempts;
  const last = (sets: Setting['sets']) => settings.findLast((setting) => setting.sets === sets);
  const pause = last('retry-delay');
  const jitter = last('retry-jitter');
  const base: Attempts = {
    max: { state: 'known', value: facts.max, at, byDefault: true },
    delay:
      pause === undefined
        ? { state: 'known', value: facts.delay ?? 'none', at, byDefault: true }
        : pauseOf(pause),
    jitter:
      jitter === undefined
        ? { state: 'known', value: facts.jitter ?? false, at, byDefault: true }
        : jitter.value.state === 'known'
          ? { ...jitter.value, value: Boolean(jitter.value.value) }
          : { state: 'unknown', why: 'computed', at: jitter.at },
    on: facts.on ?? [],
    methods: facts.methods ?? [],
    by: 'library',
  };
  const tries = last('attempts');
  const retries = last('retries');
  const written = tries ?? retries;
  if (written === undefined) return base;
  const { value } = written;
  const max: CodeValue<number> =
    value.state === 'known'
      ? typeof value.value === 'number'
        ? { ...value, value: value.value + (written === retries ? 1 : 0) }
        : value.value === false
          ? { ...value, value: 1 }
          : { state: 'unknown', why: 'computed', at: written.at }
      : value.state === 'unknown'
        ? value
        : base.max;
  return { ...base, max, by: 'client' };
}
