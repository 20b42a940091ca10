import type { Location } from '../../location.ts';
import type { Absent, IntOrPercent, Known, Unknown, Value } from '../value.ts';

/** A value that is known, at the place that says it. */
export function known<T>(value: T, at: Location): Known<T> {
  return { state: 'known', value, at };
}

/** A value that nobody wrote and Kubernetes fills in; `at` is where it would stand. */
export function byDefault<T>(value: T, at: Location): Known<T> {
  return { state: 'known', value, at, byDefault: true };
}

/** A value that cannot be told. */
export function unknown(why: string, at: Location): Unknown {
  return { state: 'unknown', why, at };
}

/** Nothing is there; `at` is the nearest thing that exists. */
export function absent(at: Location): Absent {
  return { state: 'absent', at };
}

/** `value`, or `fallback` where it is absent: Kubernetes' defaulting. */
export function orDefault<T>(value: Value<T>, fallback: T): Known<T> | Unknown {
  return value.state === 'absent' ? byDefault(fallback, value.at) : value;
}

/** The same answer about another thing; unknown and absent stay what they are. */
export function map<T, U>(value: Value<T>, change: (value: T) => U): Value<U> {
  return value.state === 'known' ? { ...value, value: change(value.value) } : value;
}

/** Pods that `part` of `whole` means, as Kubernetes' GetScaledValueFromIntOrPercent reckons. */
export function scaled(part: IntOrPercent, whole: number, round: 'up' | 'down'): number {
  if (part.unit === 'pods') return part.amount;
  const exact = (part.amount * whole) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
