/** reflect.DeepEqual over template values. */
import { type Calling, type GoValue, Text, Unknown } from '../value.ts';
import { checkDepth, isDict, isList } from './signature.ts';

/** Whether two values are deeply equal; undefined when nobody can tell. */
export function deepEqual(
  a: GoValue,
  b: GoValue,
  calling: Calling,
  depth = 0,
): boolean | undefined {
  calling.spend(1);
  checkDepth(depth);
  if (a instanceof Unknown || b instanceof Unknown) return undefined;
  if (a instanceof Text && b instanceof Text) {
    if (a.unknown !== undefined || b.unknown !== undefined) return undefined;
    return a.value === b.value;
  }
  if (isDict(a) && isDict(b)) {
    if (a.size !== b.size) return false;
    let sure = true;
    for (const [key, { value }] of a) {
      const other = b.get(key);
      if (other === undefined) return false;
      const equal = deepEqual(value, other.value, calling, depth + 1);
      if (equal === false) return false;
      sure &&= equal !== undefined;
    }
    return sure ? true : undefined;
  }
  if (isList(a) && isList(b)) {
    if (a.length !== b.length) return false;
    let sure = true;
    for (const [index, { value }] of a.entries()) {
      const other = b[index];
      if (other === undefined) return false;
      const equal = deepEqual(value, other.value, calling, depth + 1);
      if (equal === false) return false;
      sure &&= equal !== undefined;
    }
    return sure ? true : undefined;
  }
  return a === b;
}
