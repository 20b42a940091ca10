/** Functions that tell the type of a value. */
import { type GoValue, Unknown } from '../value.ts';
import { deepEqual } from './equality.ts';
import { goKind, goType } from './print.ts';
import { type Functions, fixed } from './signature.ts';

const INTEGERS = new Set(['int', 'int64']);

/** `int` and `int64` look the same here. */
const unsure = () => new Unknown('an integer whose size is not known');

function named(target: string, value: GoValue, name: string | undefined): GoValue {
  if (typeof value === 'bigint') return INTEGERS.has(target) ? unsure() : false;
  return target === name;
}

export const types: Functions = {
  kindOf: fixed(['any'], ([value]) => goKind(value) ?? unsure()),
  kindIs: fixed(['string', 'any'], ([target, value]) => named(target, value, goKind(value))),
  typeOf: fixed(['any'], ([value]) => (typeof value === 'bigint' ? unsure() : goType(value))),
  typeIs: fixed(['string', 'any'], ([target, value]) => named(target, value, goType(value))),
  typeIsLike: fixed(['string', 'any'], ([target, value]) => {
    const type = goType(value);
    return type === `*${target}` || named(target, value, type);
  }),
  deepEqual: fixed(
    ['any', 'any'],
    ([a, b], { calling }) =>
      deepEqual(a, b, calling) ?? new Unknown('values that are not known in all parts'),
  ),
};
