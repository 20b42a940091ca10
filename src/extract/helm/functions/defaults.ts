/** Functions that choose between values. The chosen operand keeps its own origins. */
import { allOrigins, union } from '../text.ts';
import { truthOf } from '../truth.ts';
import { type GoValue, type Operand, Text, Unknown } from '../value.ts';
import { Chosen, type Functions, fixed, variadic } from './signature.ts';

/** Whether a value is the zero value of its type, as `default` sees it; undefined when nobody can tell. */
export function isEmpty(value: GoValue): boolean | undefined {
  const truth = truthOf(value);
  return truth === undefined ? undefined : !truth;
}

/** Why nobody can tell whether a value is empty. */
function whyUnsure(value: GoValue): string {
  if (value instanceof Unknown) return value.why;
  return (value instanceof Text ? value.unknown : undefined) ?? 'a value that is not known';
}

/** The first of `operands` that is not empty, with the origins of the empty ones before it. */
function firstGiven(operands: readonly Operand[]): Operand {
  let passed: Operand['from'] = [];
  for (const operand of operands) {
    const empty = isEmpty(operand.value);
    if (empty === undefined) return uncertain(operand, passed);
    if (!empty) return { value: operand.value, from: union(operand.from, passed) };
    passed = union(passed, allOrigins(operand));
  }
  return { value: null, from: passed };
}

/** What cannot be told because `operand` decides it. */
function uncertain(operand: Operand, passed: Operand['from'], truth?: boolean): Operand {
  return {
    value: new Unknown(whyUnsure(operand.value), truth),
    from: union(allOrigins(operand), passed),
  };
}

/** Whether none (`true`) or any (`false`) of the operands is empty, and which one decided it. */
function quantified(operands: readonly Operand[], all: boolean): Operand {
  let from: Operand['from'] = [];
  let unsure: Operand | undefined;
  for (const operand of operands) {
    const empty = isEmpty(operand.value);
    from = union(from, allOrigins(operand));
    if (empty === undefined) unsure ??= operand;
    else if (empty === all) return { value: !all, from };
  }
  return unsure === undefined ? { value: all, from } : uncertain(unsure, from);
}

function choose({ operands: [yes, no, test] }: { operands: readonly Operand[] }, decided: boolean) {
  const chosen = decided ? yes : no;
  if (chosen === undefined || test === undefined) return null;
  return new Chosen({ value: chosen.value, from: union(chosen.from, allOrigins(test)) });
}

export const defaults: Functions = {
  default: variadic(['raw'], 'raw', (_, __, { operands }) => {
    const [fallback, given] = operands;
    if (fallback === undefined || given === undefined)
      return new Chosen(fallback ?? { value: null, from: [] });
    const empty = isEmpty(given.value);
    if (empty === undefined) {
      // Either way it is not empty when the fallback is not.
      const truth = isEmpty(fallback.value) === false ? true : undefined;
      return new Chosen(uncertain(given, allOrigins(fallback), truth));
    }
    return new Chosen(
      empty ? { value: fallback.value, from: union(fallback.from, allOrigins(given)) } : given,
    );
  }),
  empty: fixed(['raw'], ([value]) => isEmpty(value) ?? new Unknown(whyUnsure(value))),
  coalesce: variadic([], 'raw', (_, __, { operands }) => new Chosen(firstGiven(operands))),
  all: variadic([], 'raw', (_, __, { operands }) => new Chosen(quantified(operands, true))),
  any: variadic([], 'raw', (_, __, { operands }) => new Chosen(quantified(operands, false))),
  ternary: fixed(['raw', 'raw', 'bool'], ([, , test], call) => choose(call, test)),
};

/** A list of what is not empty: `compact`. */
export function compacted(list: readonly Operand[]): Operand[] | Unknown {
  const kept: Operand[] = [];
  for (const operand of list) {
    const empty = isEmpty(operand.value);
    if (empty === undefined) return new Unknown(whyUnsure(operand.value));
    if (!empty) kept.push(operand);
  }
  return kept;
}
