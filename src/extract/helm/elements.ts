/** What `range` runs over. */
import { NilElement } from './fields.ts';
import { compareStrings } from './functions/print.ts';
import { textOf } from './text.ts';
import type { Operand } from './value.ts';

export interface Elements {
  readonly length: number;
  readonly value: (index: number) => Operand;
  /** The index or key; absent for an integer, which has no second variable. */
  readonly key: ((index: number) => Operand) | undefined;
}

const NONE: Elements = { length: 0, value: held, key: () => held(undefined) };

/** An element as a variable and dot have it. */
function held(operand: Operand | number | undefined): Operand {
  if (typeof operand !== 'object') return new NilElement([]);
  return operand.value === null ? new NilElement(operand.from) : operand;
}

function whole(index: number): Operand {
  return { value: BigInt(index), from: [] };
}

/** The elements of a list, a map (by sorted keys), an integer; undefined for what Go does not range over. */
export function elementsOf({ value, from }: Operand): Elements | undefined {
  if (value === null) return NONE;
  if (typeof value === 'bigint')
    return { length: Number(value), value: (index) => ({ ...whole(index), from }), key: undefined };
  if (Array.isArray(value))
    return { length: value.length, value: (index) => held(value[index]), key: whole };
  if (value instanceof Map) {
    const entries = [...value].sort(([a], [b]) => compareStrings(a, b));
    return {
      length: entries.length,
      value: (index) => held(entries[index]?.[1]),
      key: (index) => {
        const [key, element] = entries[index] ?? ['', { from: [] }];
        return { value: textOf(key, element.from), from: element.from };
      },
    };
  }
  if (typeof value === 'object' && 'contents' in value) {
    const contents = value.contents?.();
    return contents && elementsOf({ value: contents, from });
  }
  return undefined;
}
