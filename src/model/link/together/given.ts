/** Numbers that the code reads from the environment, with the values that containers give them. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Bound, Bounds, EnvironmentRead } from '../../code.ts';
import type { Known, Value } from '../../value.ts';
import { parsedAt } from './timeouts.ts';

/** What a container gives a program: the values of variables, and how the code reads them. */
export interface Giving {
  variable(name: string): Value<string>;
  fileOf(path: string): CodeFacts | undefined;
}

/** The number that a container gives, at the place that sets it; undefined when it sets none, or none that can be told. */
export function givenNumber(
  { name, scale = 1, at }: EnvironmentRead,
  { variable, fileOf }: Giving,
): Known<number> | undefined {
  const given = variable(name);
  if (given.state !== 'known') return undefined;
  const parse =
    parsedAt(fileOf(at.path), at) ?? (/^\d+$/.test(given.value.trim()) ? Number : undefined);
  if (parse === undefined) return undefined;
  return { state: 'known', value: parse(given.value) * scale, at: given.at };
}

/** Bounds with the values of the container; those that bound nothing are left as they are: they have findings of their own. */
export function givenBounds(bounds: Bounds, giving: Giving): Bounds {
  const entries = Object.entries(bounds).map(([phase, bound]) => [
    phase,
    'ms' in bound ? givenBound(bound, giving) : bound,
  ]);
  return { ...bounds, ...Object.fromEntries(entries) };
}

function givenBound(bound: Bound, giving: Giving): Bound {
  if (bound.environment === undefined) return bound;
  const given = givenNumber(bound.environment, giving);
  if (given === undefined || !(given.value > 0 && Number.isFinite(given.value))) return bound;
  const { atMost: _, ...rest } = bound;
  return { ...rest, ms: given };
}
