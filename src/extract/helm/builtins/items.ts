/** `len`, `index`, `not` and `call`; `slice` is sprig's. */
import { fieldOf } from '../fields.ts';
import { goType } from '../functions/print.ts';
import { Chosen, type Functions, fixed, isDict, isList, variadic } from '../functions/signature.ts';
import { byteLength } from '../functions/text.ts';
import { truthOf } from '../truth.ts';
import { type GoValue, type Operand, TemplateError, Text, Unknown } from '../value.ts';

/** What something that Helm gives holds: `.Files.Glob`, `.Capabilities.APIVersions`. */
function contentsOf(value: GoValue): GoValue {
  if (value === null || typeof value !== 'object' || !('contents' in value)) return value;
  return value.contents?.() ?? value;
}

function unknownOf(value: GoValue): string | undefined {
  if (value instanceof Unknown) return value.why;
  return value instanceof Text ? value.unknown : undefined;
}

function lengthOf(value: GoValue): number {
  if (value instanceof Text) return byteLength(value.value);
  if (isList(value)) return value.length;
  if (isDict(value)) return value.size;
  throw new TemplateError(value === null ? 'len of nil pointer' : `len of type ${goType(value)}`);
}

/** A place in a list or string of `length` elements, or behind it. */
function position(index: GoValue, length: number): number {
  if (typeof index !== 'bigint')
    throw new TemplateError(
      `cannot index slice/array with ${index === null ? 'nil' : `type ${goType(index)}`}`,
    );
  if (index < 0n || index > BigInt(length)) throw new TemplateError(`index out of range: ${index}`);
  return Number(index);
}

function itemOf(item: Operand, index: Operand): Operand {
  const value = contentsOf(item.value);
  const why = unknownOf(value) ?? unknownOf(index.value);
  if (why !== undefined) return { value: new Unknown(why), from: item.from };
  if (value === null) throw new TemplateError('index of nil pointer');
  if (isDict(value)) {
    if (!(index.value instanceof Text))
      throw new TemplateError(
        index.value === null
          ? 'value is nil; should be of type string'
          : `value has type ${goType(index.value)}; should be string`,
      );
    return fieldOf({ value, from: item.from }, index.value.value, false);
  }
  if (isList(value)) {
    const found = value[position(index.value, value.length)];
    if (found === undefined) throw new TemplateError('reflect: slice index out of range');
    return found;
  }
  if (value instanceof Text) {
    const bytes = Buffer.from(value.value, 'utf8');
    const byte = bytes[position(index.value, bytes.length)];
    if (byte === undefined) throw new TemplateError('reflect: string index out of range');
    return { value: BigInt(byte), from: item.from };
  }
  throw new TemplateError(`can't index item of type ${goType(value)}`);
}

const index = variadic(['raw'], 'raw', (_, __, { operands }) => {
  const [item, ...indexes] = operands;
  if (item === undefined || item.value === null) throw new TemplateError('index of untyped nil');
  return new Chosen(indexes.reduce(itemOf, item));
});

export const items: Functions = {
  len: fixed(['any'], ([value]) => {
    const contents = contentsOf(value);
    const why = unknownOf(contents);
    return why === undefined ? BigInt(lengthOf(contents)) : new Unknown(why);
  }),
  index,
  not: fixed(['raw'], ([value]) => {
    const truth = truthOf(value);
    if (truth !== undefined && !(value instanceof Unknown)) return !truth;
    const why = unknownOf(value) ?? '';
    return new Unknown(why, truth === undefined ? undefined : !truth);
  }),
  call: variadic(['any'], 'any', ([value]) => {
    throw new TemplateError(
      value === null ? 'call of nil' : `non-function of type ${goType(value)}`,
    );
  }),
};
