/** What a reader of JSON or YAML asks of a node; every answer is undefined or empty when the file says something else. */
import type { MapEntry, Node } from '../../facts.ts';
import type { NamedText, PlacedText } from '../../project-facts.ts';

export function field(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let at = node;
  for (const name of path) {
    if (at?.kind !== 'map') return undefined;
    at = at.entries.find(({ key }) => key === name)?.value;
  }
  return at;
}

export function entriesOf(node: Node | undefined): readonly MapEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'sequence' ? node.items : [];
}

/** A text. Numbers and booleans are none. */
export function textOf(node: Node | undefined): PlacedText | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string'
    ? { value: node.value, range: node.range }
    : undefined;
}

/** Any scalar except null as the text that it is written with. */
export function scalarText(node: Node | undefined): PlacedText | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return {
    value: typeof node.value === 'string' ? node.value : node.text,
    range: node.range,
  };
}

/** Texts of a list; one text is a list of one. */
export function textsOf(node: Node | undefined): readonly PlacedText[] {
  const one = textOf(node);
  if (one !== undefined) return [one];
  return itemsOf(node).flatMap((item) => textOf(item) ?? []);
}

/** The entries of a map that are texts. */
export function namedTexts(node: Node | undefined): readonly NamedText[] {
  return entriesOf(node).flatMap((entry) => named(entry, textOf(entry.value)) ?? []);
}

export function named(
  { key, keyRange }: Omit<MapEntry, 'value'>,
  text: PlacedText | undefined,
): NamedText | undefined {
  return text === undefined ? undefined : { name: key, nameRange: keyRange, ...text };
}

/** `{ name: value }` for each value that is there: optional fields are absent, never undefined. */
export function present<T extends object>(
  fields: {
    readonly [K in keyof T]: T[K] | undefined;
  },
): Partial<T> {
  const result: Partial<T> = {};
  for (const key in fields) if (fields[key] !== undefined) result[key] = fields[key];
  return result;
}
