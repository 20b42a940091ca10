/** How a function of Go gets its arguments: their number and types are checked, unknown ones make the result unknown. */

import { originsOf, textOf } from '../text.ts';
import { truthOf } from '../truth.ts';
import {
  BudgetSpent,
  type Calling,
  type Dict,
  type GoValue,
  type List,
  type Operand,
  type Origin,
  TemplateError,
  type TemplateFunction,
  Text,
  Unknown,
} from '../value.ts';
import { goType } from './print.ts';

/** What a parameter asks for, and what the function gets. */
interface Kinds {
  /** `interface{}` that is looked into at its top level only: a list or map may hold unknown elements. */
  any: GoValue;
  /** `interface{}` that must be known to its last leaf. */
  known: GoValue;
  /** `interface{}`, also an unknown one: the function does not look at it, or says itself what that means. */
  raw: GoValue;
  /** `string`, all of it known. */
  string: string;
  /** `string`, piece by piece; pieces may be unknown. */
  text: Text;
  /** `int`. */
  int: number;
  /** `float64`. */
  float: number;
  bool: boolean;
  /** `map[string]interface{}`. */
  dict: Dict;
  /** A slice of anything. */
  list: List;
}

type Kind = keyof Kinds;
type Values<P extends readonly Kind[]> = { -readonly [I in keyof P]: Kinds[P[I]] };

/** One call: what a function may need besides its values. */
export interface Call {
  readonly calling: Calling;
  /** The arguments as they came, with their own origins. */
  readonly operands: readonly Operand[];
  /** The origins of all arguments. */
  readonly from: readonly Origin[];
}

/** An operand of the arguments, or of what they hold, that a function gives back with its own origins. */
export class Chosen {
  readonly operand: Operand;

  constructor(operand: Operand) {
    this.operand = operand;
  }
}

type Result = GoValue | string | Chosen;

/** An element of a list or map that a function makes. */
export function element(value: GoValue | string, { calling, from }: Call): Operand {
  return { value: typeof value === 'string' ? textOf(value, from, calling.at) : value, from };
}

/** Longest text that one call may make, in UTF-16 code units. */
const LONGEST = 1 << 25;
/** Most elements that one call may make. */
const MOST = 1 << 20;

/** Counts a text that a call is about to make. */
export function spendText(calling: Calling, length: number): void {
  if (!(length <= LONGEST)) throw new BudgetSpent(`a text of ${length} characters`);
  calling.spend(1 + Math.floor(length / 64));
}

/** Counts the elements that a call is about to make or visit. */
export function spendElements(calling: Calling, count: number): void {
  if (!(count <= MOST)) throw new BudgetSpent(`a list of ${count} elements`);
  calling.spend(1 + count);
}

/** Deepest nesting of lists and maps that a function follows. */
const DEEPEST = 500;

/** Ends the descent into a structure that has no end, or none that matters. */
export function checkDepth(depth: number): void {
  if (depth > DEEPEST) throw new BudgetSpent(`more than ${DEEPEST} levels of nesting`);
}

/** Why some part of a value cannot be told; undefined when all of it can. */
export function unknownIn(value: GoValue, calling: Calling, depth = 0): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (value instanceof Unknown) return value.why;
  if (value instanceof Text) return value.unknown;
  checkDepth(depth);
  if (isDict(value)) {
    calling.spend(value.size);
    for (const { value: inner } of value.values()) {
      const why = unknownIn(inner, calling, depth + 1);
      if (why !== undefined) return why;
    }
  } else if (isList(value)) {
    calling.spend(value.length);
    for (const { value: inner } of value) {
      const why = unknownIn(inner, calling, depth + 1);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

/** Go's nil slice: empty like every other, and `null` in JSON. */
export const NIL_LIST: List = [];

export function isDict(value: GoValue): value is Dict {
  return value instanceof Map;
}

export function isList(value: GoValue): value is List {
  return Array.isArray(value);
}

const GO_TYPES: Readonly<Record<Kind, string>> = {
  any: 'interface {}',
  known: 'interface {}',
  raw: 'interface {}',
  string: 'string',
  text: 'string',
  int: 'int',
  float: 'float64',
  bool: 'bool',
  dict: 'map[string]interface {}',
  list: '[]interface {}',
};

/** The value of one argument, as the parameter asks for it; `Unknown` when it cannot be told. */
function take(kind: Kind, { value, from }: Operand, calling: Calling): GoValue | string {
  if (kind === 'raw') return value;
  if (kind === 'text' && value instanceof Unknown)
    return new Text([{ text: '', at: calling.at, from, unknown: value.why }]);
  if (value instanceof Unknown || kind === 'any') return value;
  switch (kind) {
    case 'known': {
      const why = unknownIn(value, calling);
      return why === undefined ? value : new Unknown(why);
    }
    case 'text':
      if (value instanceof Text) return value;
      break;
    case 'string':
      if (value instanceof Text)
        return value.unknown === undefined ? value.value : new Unknown(value.unknown);
      break;
    case 'int':
      if (typeof value === 'bigint') return Number(value);
      // A constant of a template is an integer where one is asked for: `1e3`.
      if (typeof value === 'number' && Number.isInteger(value) && from.length === 0) return value;
      break;
    case 'float':
      if (typeof value === 'number') return value;
      // A constant of a template is a float where one is asked for.
      if (typeof value === 'bigint') return Number(value);
      break;
    case 'bool':
      if (typeof value === 'boolean') return value;
      break;
    case 'dict':
      if (isDict(value)) return value;
      // An untyped nil is a nil map.
      if (value === null) return new Map();
      break;
    case 'list':
      if (isList(value)) return value;
      break;
  }
  throw new TemplateError(
    value === null
      ? `invalid value; expected ${GO_TYPES[kind]}`
      : `wrong type for value; expected ${GO_TYPES[kind]}; got ${goType(value)}`,
  );
}

function result(value: Result, call: Call): Operand {
  if (value instanceof Chosen) return value.operand;
  return element(value, call);
}

/** The values of `operands`, or the first of them that cannot be told. */
function takeAll(
  kinds: (index: number) => Kind,
  operands: readonly Operand[],
  calling: Calling,
): (GoValue | string)[] | Unknown {
  const values: (GoValue | string)[] = [];
  let unknown: Unknown | undefined;
  for (const [index, operand] of operands.entries()) {
    const kind = kinds(index);
    const value = take(kind, operand, calling);
    // Whether an argument is true says nothing of the result.
    if (value instanceof Unknown && kind !== 'raw') unknown ??= new Unknown(value.why);
    values.push(value);
  }
  return unknown ?? values;
}

function callOf(operands: readonly Operand[], calling: Calling): Call {
  return { calling, operands, from: originsOf(operands) };
}

/** A function with a fixed number of parameters. */
export function fixed<const P extends readonly Kind[]>(
  parameters: P,
  body: (values: Values<P>, call: Call) => Result,
): TemplateFunction {
  return (operands, calling) => {
    if (operands.length !== parameters.length)
      throw new TemplateError(
        `wrong number of args: want ${parameters.length} got ${operands.length}`,
      );
    const call = callOf(operands, calling);
    const values = takeAll((index) => parameters[index] ?? 'any', operands, calling);
    if (values instanceof Unknown) return { value: values, from: call.from };
    return result(body(values as Values<P>, call), call);
  };
}

/** A function with parameters and then any number of arguments of one kind. */
export function variadic<const P extends readonly Kind[], R extends Kind>(
  parameters: P,
  rest: R,
  body: (values: Values<P>, rest: Kinds[R][], call: Call) => Result,
): TemplateFunction {
  return (operands, calling) => {
    if (operands.length < parameters.length)
      throw new TemplateError(
        `wrong number of args: want at least ${parameters.length} got ${operands.length}`,
      );
    const call = callOf(operands, calling);
    const values = takeAll((index) => parameters[index] ?? rest, operands, calling);
    if (values instanceof Unknown) return { value: values, from: call.from };
    const first = values.slice(0, parameters.length) as Values<P>;
    return result(body(first, values.slice(parameters.length) as Kinds[R][], call), call);
  };
}

/** A function whose result is empty where its last argument is: that much is known of an unknown one. */
export function asEmptyAsLast(called: TemplateFunction): TemplateFunction {
  return (operands, calling) => {
    const { value, from } = called(operands, calling);
    const last = operands.at(-1)?.value ?? null;
    return value instanceof Unknown
      ? { value: new Unknown(value.why, truthOf(last)), from }
      : { value, from };
  };
}

/** The functions of one topic. */
export type Functions = Readonly<Record<string, TemplateFunction>>;
