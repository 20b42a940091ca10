/** `merge` and its relatives: what mergo does to maps of maps. */
import {
  type Calling,
  type Dict,
  type Operand,
  TemplateError,
  type TemplateFunction,
  Unknown,
} from '../value.ts';
import { isEmpty } from './defaults.ts';
import { goType } from './print.ts';
import { Chosen, checkDepth, isDict, spendElements, variadic } from './signature.ts';

/**
 * Merges `source` into `target`, in place. Without `overwrite` the target wins where it has something that is not empty
 * (`false`, 0 and '' are empty) and a nil of the source is left out.
 */
function mergeInto(
  target: Dict,
  source: Dict,
  overwrite: boolean,
  calling: Calling,
  depth: number,
): void {
  checkDepth(depth);
  spendElements(calling, source.size);
  if (target === source) return;
  for (const [key, given] of source) {
    const present = target.get(key);
    if (given.value === null) {
      if (overwrite) target.set(key, given);
      continue;
    }
    if (present === undefined) {
      target.set(key, given);
      continue;
    }
    if (isDict(given.value) && isDict(present.value)) {
      mergeInto(present.value, given.value, overwrite, calling, depth + 1);
      if (present.value.size > 0) continue;
    }
    const merged = overwrite ? given : chosen(present, given);
    if (merged !== present) target.set(key, merged);
  }
}

/** What stays of a key that both have, when the target wins. */
function chosen(present: Operand, given: Operand): Operand {
  const empty = isEmpty(present.value);
  if (empty === undefined) {
    const why = present.value instanceof Unknown ? present.value.why : 'a value that is not known';
    return { value: new Unknown(why), from: present.from };
  }
  return empty ? given : present;
}

/** `merge` or `mergeOverwrite`. */
export function merged(overwrite: boolean): TemplateFunction {
  return variadic(['dict'], 'raw', ([target], sources, { operands, calling, from }) => {
    for (const source of sources) {
      if (source === null) continue;
      if (source instanceof Unknown) {
        // Any key may come from it.
        if (overwrite)
          for (const [key, { from: own }] of target) target.set(key, { value: source, from: own });
        return source;
      }
      if (isDict(source)) mergeInto(target, source, overwrite, calling, 0);
      else
        throw new TemplateError(
          `wrong type for value; expected map[string]interface {}; got ${goType(source)}`,
        );
    }
    return new Chosen({ value: target, from: operands[0]?.from ?? from });
  });
}
