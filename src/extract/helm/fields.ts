/** Fields of values: `.a.b`. */
import { goType } from './functions/print.ts';
import { type Operand, type Origin, TemplateError, Unknown } from './value.ts';

/** Nil, as a missing key and an untyped `nil` give it. Its fields are nil too. */
export const NIL: Operand = { value: null, from: [] };

/** A nil that a list or map holds: other than `NIL`, Go refuses to look for a field in it. */
export class NilElement implements Operand {
  readonly value = null;
  readonly from: readonly Origin[];

  constructor(from: readonly Origin[]) {
    this.from = from;
  }
}

/** `.name` of a value; `held` when the value was found in a map or list. */
export function fieldOf(receiver: Operand, name: string, held: boolean): Operand {
  const { value } = receiver;
  if (value instanceof Map) return value.get(name) ?? NIL;
  if (value instanceof Unknown) return { value: new Unknown(value.why), from: receiver.from };
  if (value === null) {
    if (!held && !(receiver instanceof NilElement)) return NIL;
    throw new TemplateError(`nil pointer evaluating interface {}.${name}`);
  }
  return methodOf(receiver, name, []);
}

/** `.name` with arguments: only what Helm gives has methods. */
export function methodOf({ value }: Operand, name: string, args: readonly Operand[]): Operand {
  if (value !== null && typeof value === 'object' && 'native' in value) {
    const result = value.member(name, args);
    if (result !== undefined) return result;
  }
  throw new TemplateError(
    value instanceof Map
      ? `${name} is not a method but has arguments`
      : `can't evaluate field ${name} in type ${goType(value)}`,
  );
}
