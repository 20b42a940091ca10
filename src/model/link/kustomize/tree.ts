/**
 * Nodes of objects, read and changed. A change gives a new tree; what an overlay puts in keeps its own file and place, so a
 * finding on it points into the overlay.
 */
import type {
  FileFacts,
  MapEntry,
  MapNode,
  Node,
  ScalarNode,
  SequenceNode,
} from '../../../facts.ts';
import type { Range } from '../../../location.ts';
import { inPlaceOf, standingIn } from '../cursor.ts';

export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.findLast((entry) => entry.key === key);
}

/** The node below `keys`; undefined when there is none. */
export function nodeAt(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  let at = node;
  for (const key of keys) at = at?.kind === 'map' ? entryOf(at, key)?.value : undefined;
  return at;
}

/** The items of a list below a key; a single value counts as a list of one. */
export function itemsOf(map: MapNode, key: string): readonly Node[] {
  const value = entryOf(map, key)?.value;
  if (value === undefined || isNull(value)) return [];
  return value.kind === 'sequence' ? value.items : [value];
}

/** The text of a scalar below `keys`; undefined when there is none. */
export function textAt(node: Node | undefined, ...keys: readonly string[]): string | undefined {
  const at = nodeAt(node, ...keys);
  if (at?.kind !== 'scalar' || at.value === null) return undefined;
  return typeof at.value === 'string' ? at.value : at.text;
}

/** True when `true` stands below `keys`. */
export function isTrueAt(node: Node | undefined, ...keys: readonly string[]): boolean {
  const at = nodeAt(node, ...keys);
  return at?.kind === 'scalar' && at.value === true;
}

/** What Kustomize sees in a scalar: its text, whatever its type. Also that of a placeholder; undefined for all others. */
export function writtenText(node: Node | undefined): string | undefined {
  if (node?.kind === 'unknown') return node.text;
  if (node?.kind !== 'scalar') return undefined;
  if (node.value === null) return '';
  return typeof node.value === 'string' ? node.value : node.text;
}

export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The same value twice needs no new place. */
export function isSameScalar(a: Node, b: Node): boolean {
  return a.kind === 'scalar' && b.kind === 'scalar' && a.value === b.value;
}

export function textNode(value: string, range: Range): ScalarNode {
  return { kind: 'scalar', value, text: value, range };
}

/** The map with an entry put in, in the place of the one with its key. */
export function withEntry(map: MapNode, entry: MapEntry): MapNode {
  const index = map.entries.findLastIndex(({ key }) => key === entry.key);
  const entries = index < 0 ? [...map.entries, entry] : map.entries.with(index, entry);
  return inPlaceOf(map, { ...map, entries });
}

export function withoutEntry(map: MapNode, key: string): MapNode {
  const entries = map.entries.filter((entry) => entry.key !== key);
  return entries.length === map.entries.length ? map : inPlaceOf(map, { ...map, entries });
}

/** The map with another value below a key that it has; what nobody changed stays the same node. */
export function withValue(map: MapNode, entry: MapEntry, value: Node): MapNode {
  if (value === entry.value) return map;
  return withEntry(map, inPlaceOf(entry, { ...entry, value }));
}

export function withItems(list: SequenceNode, items: readonly Node[]): SequenceNode {
  const isSame =
    items.length === list.items.length && items.every((item, index) => item === list.items[index]);
  return isSame ? list : inPlaceOf(list, { ...list, items });
}

/** An entry that some file writes: `key` with `value`, both at the place of the value. */
export function writtenIn(file: FileFacts, key: string, value: Node): MapEntry {
  return standingIn(file, { key, keyRange: value.range, value });
}
