/** Functions on lists. Elements keep their own origins. */
import {
  type Calling,
  type GoValue,
  type List,
  type Operand,
  TemplateError,
  Text,
  Unknown,
} from '../value.ts';
import { compacted } from './defaults.ts';
import { deepEqual } from './equality.ts';
import { toInteger } from './numbers.ts';
import { goType } from './print.ts';
import {
  Chosen,
  type Functions,
  fixed,
  isList,
  NIL_LIST,
  spendElements,
  variadic,
} from './signature.ts';

/** A list with an element of which nobody can tell whether it belongs there. */
const unsure = () => new Unknown('a list whose elements are not known');

/** The list that a function is about; Go panics on anything else. */
function listOf(value: GoValue, doing: string): List {
  if (isList(value)) return value;
  // Lists and maps of nothing are nil in Go: a nil slice is still a slice.
  if (value === null) throw new TemplateError(`cannot ${doing} nil`);
  throw new TemplateError(`cannot ${doing} on type ${goType(value)}`);
}

/** Whether `list` holds something equal to `value`; undefined when nobody can tell. */
function holds(list: List, value: GoValue, calling: Calling): boolean | undefined {
  let sure = true;
  for (const { value: each } of list) {
    const equal = deepEqual(each, value, calling);
    if (equal === true) return true;
    sure &&= equal === false;
  }
  return sure ? false : undefined;
}

/** A part of a list; of an empty one nil. */
const part = (list: List, start: number, end?: number) =>
  list.length === 0 ? NIL_LIST : list.slice(start, end);

const pick = (operand: Operand | undefined) => new Chosen(operand ?? { value: null, from: [] });

const first = fixed(['any'], ([list]) => pick(listOf(list, 'find first')[0]));
const last = fixed(['any'], ([list]) => pick(listOf(list, 'find last').at(-1)));
const rest = fixed(['any'], ([list]) => part(listOf(list, 'find rest'), 1));
const initial = fixed(['any'], ([list]) => part(listOf(list, 'find initial'), 0, -1));
const append = fixed(['any', 'raw'], ([list], { operands: [, added], calling }) => {
  const elements = listOf(list, 'push');
  spendElements(calling, elements.length);
  return added === undefined ? elements : [...elements, added];
});
const prepend = fixed(['any', 'raw'], ([list], { operands: [, added], calling }) => {
  const elements = listOf(list, 'prepend');
  spendElements(calling, elements.length);
  return added === undefined ? elements : [added, ...elements];
});
const reverse = fixed(['any'], ([list]) => [...listOf(list, 'find reverse')].reverse());
const compact = fixed(['any'], ([list]) => compacted(listOf(list, 'compact')));

const uniq = fixed(['any'], ([list], { calling }) => {
  const kept: Operand[] = [];
  const texts = new Set<string>();
  for (const operand of listOf(list, 'find uniq')) {
    const { value } = operand;
    if (value instanceof Text && value.unknown === undefined) {
      // The common case, without comparing each with each.
      if (texts.has(value.value)) continue;
      texts.add(value.value);
      if (kept.some(({ value: each }) => deepEqual(each, value, calling) === undefined))
        return unsure();
    } else {
      const held = holds(kept, value, calling);
      if (held === undefined) return unsure();
      if (held) continue;
    }
    kept.push(operand);
  }
  return kept;
});

const without = variadic(['any'], 'any', ([list], _, { operands, calling }) => {
  const omitted = operands.slice(1);
  const kept: Operand[] = [];
  for (const operand of listOf(list, 'find without')) {
    const held = holds(omitted, operand.value, calling);
    if (held === undefined) return unsure();
    if (!held) kept.push(operand);
  }
  return kept;
});

const has = fixed(['any', 'any'], ([needle, haystack], { calling }) => {
  if (haystack === null) return false;
  return holds(listOf(haystack, 'find has'), needle, calling) ?? unsure();
});

const slice = variadic(['any'], 'any', ([list], indices) => {
  const elements = listOf(list, 'slice');
  if (elements.length === 0) return null;
  const [from, to] = indices;
  const start = from === undefined ? 0 : Number(toInteger(from));
  const end = to === undefined ? elements.length : Number(toInteger(to));
  if (start < 0 || end < start || end > elements.length)
    throw new TemplateError('slice bounds out of range');
  return elements.slice(start, end);
});

const chunk = fixed(['int', 'any'], ([size, list], { calling, from }) => {
  const elements = listOf(list, 'chunk');
  if (size <= 0) throw new TemplateError('chunk of no size');
  spendElements(calling, elements.length);
  const chunks: Operand[] = [];
  for (let start = 0; start < elements.length; start += size)
    chunks.push({ value: elements.slice(start, start + size), from });
  return chunks;
});

const list = variadic(
  [],
  'raw',
  (_, __, { operands }) => new Chosen({ value: operands, from: [] }),
);

export const lists: Functions = {
  list,
  tuple: list,
  first,
  mustFirst: first,
  last,
  mustLast: last,
  rest,
  mustRest: rest,
  initial,
  mustInitial: initial,
  append,
  mustAppend: append,
  push: append,
  mustPush: append,
  prepend,
  mustPrepend: prepend,
  reverse,
  mustReverse: reverse,
  compact,
  mustCompact: compact,
  uniq,
  mustUniq: uniq,
  without,
  mustWithout: without,
  has,
  mustHas: has,
  slice,
  mustSlice: slice,
  chunk,
  mustChunk: chunk,
  concat: variadic([], 'any', (_, parts, { calling }) => {
    const joined = parts.map((part) => listOf(part, 'concat'));
    spendElements(
      calling,
      joined.reduce((sum, { length }) => sum + length, 0),
    );
    const elements = joined.flat();
    return elements.length === 0 ? NIL_LIST : elements;
  }),
};
