/** What is true in a template. */
import { type GoValue, PerhapsAbsent, Text, Unknown } from './value.ts';

/** Whether a value is true in a condition, as in Go: not the zero of its type, not empty; undefined when nobody can tell. */
export function truthOf(value: GoValue): boolean | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
  }
  if (value === null) return false;
  if (value instanceof Text) {
    if (value.length > 0) return true;
    return value.unknown === undefined ? false : undefined;
  }
  if (value instanceof Unknown) return value.truth;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) {
    for (const { value: inner } of value.values())
      if (!(inner instanceof PerhapsAbsent)) return true;
    return value.size > 0 ? undefined : false;
  }
  const contents = 'contents' in value ? value.contents?.() : undefined;
  return contents === undefined || truthOf(contents) === true;
}
