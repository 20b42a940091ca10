/** Functions on maps. Values keep their own origins. */
import { EMPTY_TEXT } from '../text.ts';
import { type Dict, type GoValue, type Operand, TemplateError, Text, Unknown } from '../value.ts';
import { merged } from './merge.ts';
import { compareStrings, goType, print } from './print.ts';
import {
  type Call,
  Chosen,
  checkDepth,
  element,
  type Functions,
  fixed,
  isDict,
  isList,
  spendElements,
  unknownIn,
  variadic,
} from './signature.ts';

/** The values of a map one of whose keys nobody can tell. */
function blur(dict: Dict, why: string): Unknown {
  const unknown = new Unknown(why);
  for (const [key, { from }] of dict) dict.set(key, { value: unknown, from });
  return unknown;
}

/** A key, which must be a string. */
function keyOf(value: GoValue): string | Unknown {
  if (value instanceof Unknown) return value;
  if (!(value instanceof Text))
    throw new TemplateError(`wrong type for value; expected string; got ${goType(value)}`);
  return value.unknown === undefined ? value.value : new Unknown(value.unknown);
}

function dictOf({ operands, calling }: Call): Dict | Unknown {
  const made: Dict = new Map();
  spendElements(calling, operands.length);
  for (let i = 0; i < operands.length; i += 2) {
    const key = operands[i];
    if (key === undefined) break;
    const why = unknownIn(key.value, calling);
    if (why !== undefined) return new Unknown(why);
    made.set(print(key.value), operands[i + 1] ?? { value: EMPTY_TEXT, from: [] });
  }
  return made;
}

/** Sorted, as templates see maps: Go itself gives the keys of `keys` and `values` in any order. */
function sortedKeys(dict: Dict): string[] {
  return [...dict.keys()].sort(compareStrings);
}

function dig(operands: readonly Operand[], call: Call): Operand {
  const keys = operands.slice(0, -2);
  const [fallback, root] = operands.slice(-2);
  if (keys.length === 0 || fallback === undefined || root === undefined)
    throw new TemplateError('dig needs at least three arguments');
  let current: Operand = root;
  for (const key of keys) {
    const name = keyOf(key.value);
    if (name instanceof Unknown) return { value: name, from: call.from };
    if (current.value instanceof Unknown) return current;
    if (!isDict(current.value))
      throw new TemplateError(
        `interface conversion: interface {} is ${goType(current.value)}, not map[string]interface {}`,
      );
    const next = current.value.get(name);
    if (next === undefined) return fallback;
    current = next;
  }
  return current;
}

/** A copy that shares nothing that can be changed. */
function copy({ value, from }: Operand, call: Call, depth = 0): Operand {
  checkDepth(depth);
  if (isDict(value)) {
    spendElements(call.calling, value.size);
    return {
      value: new Map([...value].map(([key, inner]) => [key, copy(inner, call, depth + 1)])),
      from,
    };
  }
  if (isList(value)) {
    spendElements(call.calling, value.length);
    return { value: value.map((inner) => copy(inner, call, depth + 1)), from };
  }
  return { value, from };
}

const deepCopy = fixed(['any'], (_, call) => {
  const [operand] = call.operands;
  return operand === undefined ? null : new Chosen(copy(operand, call));
});

export const dicts: Functions = {
  dict: variadic([], 'raw', (_, __, call) => new Chosen({ value: dictOf(call), from: [] })),
  get: fixed(['dict', 'string'], ([dict, key]) => {
    const found = dict.get(key);
    return found === undefined ? '' : new Chosen(found);
  }),
  set: fixed(['dict', 'raw', 'raw'], ([dict, key], { operands: [whole, , value] }) => {
    const name = keyOf(key);
    if (name instanceof Unknown) return blur(dict, name.why);
    if (whole === undefined || value === undefined) return null;
    dict.set(name, value);
    return new Chosen({ value: dict, from: whole.from });
  }),
  unset: fixed(['dict', 'raw'], ([dict, key], { operands: [whole] }) => {
    const name = keyOf(key);
    if (name instanceof Unknown) return blur(dict, name.why);
    dict.delete(name);
    return whole === undefined ? null : new Chosen({ value: dict, from: whole.from });
  }),
  hasKey: fixed(['dict', 'string'], ([dict, key]) => dict.has(key)),
  pluck: variadic(['string'], 'dict', ([key], dicts_) =>
    dicts_.flatMap((dict) => dict.get(key) ?? []),
  ),
  keys: variadic([], 'dict', (_, all, call) => {
    spendElements(
      call.calling,
      all.reduce((sum, { size }) => sum + size, 0),
    );
    return all.flatMap((dict) =>
      sortedKeys(dict).map((key) => ({ ...element(key, call), from: dict.get(key)?.from ?? [] })),
    );
  }),
  values: fixed(['dict'], ([dict]) => sortedKeys(dict).flatMap((key) => dict.get(key) ?? [])),
  pick: variadic(['dict'], 'string', ([dict], keys) => {
    const kept = new Set(keys);
    return new Map([...dict].filter(([key]) => kept.has(key)));
  }),
  omit: variadic(['dict'], 'string', ([dict], keys) => {
    const left = new Set(keys);
    return new Map([...dict].filter(([key]) => !left.has(key)));
  }),
  dig: variadic([], 'raw', (_, __, call) => new Chosen(dig(call.operands, call))),
  deepCopy,
  mustDeepCopy: deepCopy,
  merge: merged(false),
  mustMerge: merged(false),
  mergeOverwrite: merged(true),
  mustMergeOverwrite: merged(true),
};
