/** Functions that change a map in place, called where nobody can tell whether they run. */

import { NIL } from './fields.ts';
import { type Dict, type GoValue, type Operand, PerhapsAbsent, Text } from './value.ts';

const MUTATORS: ReadonlySet<string> = new Set([
  'set',
  'unset',
  'merge',
  'mustMerge',
  'mergeOverwrite',
  'mustMergeOverwrite',
]);

const WHY = 'it is changed under a condition that is not known';

/** Functions whose result depends on which keys a map has. */
const OF_KEYS: ReadonlySet<string> = new Set([
  'coalesce',
  'default',
  'empty',
  'hasKey',
  'keys',
  'len',
  'pluck',
  'values',
]);

/** Whether a function changes its first argument. */
export function isMutator(name: string): boolean {
  return MUTATORS.has(name);
}

/** Makes unknown what the call may change. */
export function pretendChange(name: string, args: readonly Operand[]): Operand {
  const [target, ...others] = args;
  if (target === undefined || !(target.value instanceof Map)) return target ?? NIL;
  const { value: map } = target;
  const unknown = new PerhapsAbsent(WHY);
  const all = (keys: Dict) => {
    for (const [key, { from }] of keys) map.set(key, { value: unknown, from });
  };
  const [key] = others;
  if (name === 'set' || name === 'unset') {
    if (key?.value instanceof Text && key.value.unknown === undefined)
      map.set(key.value.value, { value: unknown, from: key.from });
    else all(map);
    return target;
  }
  for (const { value } of others) all(value instanceof Map ? value : map);
  return target;
}

/** Why nobody can tell the result of a function that looks at the keys of a map. */
export function keysUntold(
  name: string,
  [first, ...others]: readonly Operand[],
): string | undefined {
  if (!OF_KEYS.has(name) || first === undefined) return undefined;
  const [key] = others;
  if (name === 'hasKey' && key?.value instanceof Text && first.value instanceof Map)
    return whyPerhaps(first.value.get(key.value.value)?.value);
  for (const { value } of [first, ...others])
    if (value instanceof Map)
      for (const { value: inner } of value.values()) {
        const why = whyPerhaps(inner);
        if (why !== undefined) return why;
      }
  return undefined;
}

function whyPerhaps(value: GoValue | undefined): string | undefined {
  return value instanceof PerhapsAbsent ? value.why : undefined;
}
