/** `eq`, `ne`, `lt`, `le`, `gt`, `ge`: Go compares values of one kind only. */
import { compareStrings, goType } from '../functions/print.ts';
import { type Functions, fixed, isDict, isList } from '../functions/signature.ts';
import { originsOf } from '../text.ts';
import {
  type GoValue,
  type Operand,
  TemplateError,
  type TemplateFunction,
  Text,
  Unknown,
} from '../value.ts';

type BasicKind = 'bool' | 'int' | 'float' | 'string' | undefined;

function basicKind(value: GoValue): BasicKind {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
  }
  return value instanceof Text ? 'string' : undefined;
}

/** Why a value cannot be compared. */
function unknownOf(value: GoValue): string | undefined {
  if (value instanceof Unknown) return value.why;
  return value instanceof Text ? value.unknown : undefined;
}

function incompatible(a: GoValue, b: GoValue): TemplateError {
  return new TemplateError(`incompatible types for comparison: ${goType(a)} and ${goType(b)}`);
}

function equal(a: GoValue, b: GoValue): boolean {
  const kind = basicKind(a);
  if (kind !== basicKind(b)) {
    if (a !== null && b !== null) throw incompatible(a, b);
    return false;
  }
  if (a instanceof Text && b instanceof Text) return a.value === b.value;
  if (kind !== undefined || a === null || b === null) return a === b;
  if (isDict(a) !== isDict(b) || isList(a) !== isList(b))
    throw new TemplateError(`non-comparable types ${goType(a)}, ${goType(b)}`);
  if (isDict(a) || isList(a)) throw new TemplateError(`non-comparable type ${goType(b)}`);
  return a === b;
}

const eq: TemplateFunction = (operands) => {
  const [first, ...others] = operands;
  if (first === undefined || others.length === 0)
    throw new TemplateError('error calling eq: missing argument for comparison');
  const from = originsOf(operands);
  let unknown = unknownOf(first.value);
  if (unknown === undefined)
    for (const { value } of others) {
      const why = unknownOf(value);
      if (why === undefined && equal(first.value, value)) return { value: true, from };
      unknown ??= why;
    }
  return { value: unknown === undefined ? false : new Unknown(unknown), from };
};

const ne: TemplateFunction = (operands, calling) => {
  if (operands.length !== 2)
    throw new TemplateError(`wrong number of args for ne: want 2 got ${operands.length}`);
  const { value, from } = eq(operands, calling);
  return { value: typeof value === 'boolean' ? !value : value, from };
};

/** Negative, zero or positive: how two values are ordered. */
function order(a: GoValue, b: GoValue): number {
  const kind = basicKind(a);
  const other = basicKind(b);
  if (kind === undefined || other === undefined || (kind === other && kind === 'bool'))
    throw new TemplateError('invalid type for comparison');
  if (kind !== other) throw incompatible(a, b);
  if (a instanceof Text && b instanceof Text) return compareStrings(a.value, b.value);
  if (a === b) return 0;
  return (a ?? 0) < (b ?? 0) ? -1 : 1;
}

function ordered(accept: (order: number) => boolean): TemplateFunction {
  return fixed(['any', 'any'], ([a, b], { operands }) => {
    const why = operands.map(({ value }: Operand) => unknownOf(value)).find((x) => x !== undefined);
    return why === undefined ? accept(order(a, b)) : new Unknown(why);
  });
}

export const comparing: Functions = {
  eq,
  ne,
  lt: ordered((order_) => order_ < 0),
  le: ordered((order_) => order_ <= 0),
  gt: ordered((order_) => order_ > 0),
  ge: ordered((order_) => order_ >= 0),
};
