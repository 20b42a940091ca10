/** Functions that change a map in place, called where nobody can tell whether they run. */

import { NIL } from './fields.ts';
import { blur } from './functions/dicts.ts';
import { type Operand, Text, Unknown } from './value.ts';

const MUTATORS: ReadonlySet<string> = new Set([
  'set',
  'unset',
  'merge',
  'mustMerge',
  'mergeOverwrite',
  'mustMergeOverwrite',
]);

const WHY = 'it is changed under a condition that is not known';

/** Whether a function changes its first argument. */
export function isMutator(name: string): boolean {
  return MUTATORS.has(name);
}

/** Makes unknown what the call may change. */
export function pretendChange(name: string, args: readonly Operand[]): Operand {
  const [target, ...others] = args;
  if (target === undefined || !(target.value instanceof Map)) return target ?? NIL;
  const { value: map } = target;
  const unknown = new Unknown(WHY);
  const [key] = others;
  if (name === 'set' || name === 'unset') {
    if (key?.value instanceof Text && key.value.unknown === undefined)
      map.set(key.value.value, { value: unknown, from: key.from });
    else blur(map, WHY);
    return target;
  }
  for (const { value: source } of others)
    if (source instanceof Map)
      for (const [added, { from }] of source) map.set(added, { value: unknown, from });
    else blur(map, WHY);
  return target;
}
