/**
 * Patches of Kustomize on the nodes of one object: strategic merge and JSON 6902. The result is a new tree; what comes
 * from a patch keeps its own file and place, so a finding on a patched value points into the patch.
 */
import type { FileFacts, MapEntry, MapNode, Node, SequenceNode } from '../../facts.ts';
import { inPlaceOf, standingIn } from './cursor.ts';

/** Keys that tell the items of a list apart (patchMergeKey of the Kubernetes API); other lists are replaced. */
const MERGE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['containers', ['name']],
  ['initContainers', ['name']],
  ['ephemeralContainers', ['name']],
  ['volumes', ['name']],
  ['env', ['name']],
  ['imagePullSecrets', ['name']],
  ['volumeMounts', ['mountPath']],
  ['volumeDevices', ['devicePath']],
  ['ports', ['containerPort', 'port']],
  ['topologySpreadConstraints', ['topologyKey']],
  ['hostAliases', ['ip']],
]);

const ALL_MERGE_KEYS: ReadonlySet<string> = new Set([...MERGE_KEYS.values()].flat());

export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.findLast((entry) => entry.key === key);
}

/** The items of a list below a key; a single value counts as a list of one. */
export function itemsOf(map: MapNode, key: string): readonly Node[] {
  const value = entryOf(map, key)?.value;
  if (value === undefined || isNull(value)) return [];
  return value.kind === 'sequence' ? value.items : [value];
}

/** The text of a scalar below `keys`; undefined when there is none. */
export function textAt(node: Node | undefined, ...keys: readonly string[]): string | undefined {
  let at = node;
  for (const key of keys) at = at?.kind === 'map' ? entryOf(at, key)?.value : undefined;
  if (at?.kind !== 'scalar' || at.value === null) return undefined;
  return String(at.value);
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The same value twice needs no new place. */
function isSameScalar(a: Node, b: Node): boolean {
  return a.kind === 'scalar' && b.kind === 'scalar' && a.value === b.value;
}

/**
 * The base with the patch merged in; undefined when the patch deletes it.
 * @param merged lists merge by key, as they do for Kubernetes' own kinds; a custom resource's are replaced
 */
export function strategicMerge(
  base: MapNode,
  patch: MapNode,
  file: FileFacts,
  merged: boolean,
): MapNode | undefined {
  const directive = textAt(patch, '$patch');
  if (directive === 'delete') return undefined;
  const own = patch.entries.filter((entry) => !entry.key.startsWith('$'));
  if (directive === 'replace')
    return { kind: 'map', entries: own.map((entry) => standingIn(file, entry)), range: base.range };
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]));
  for (const entry of own) {
    const old = entries.get(entry.key);
    const result = mergedEntry(old, entry, file, merged);
    if (result === undefined) entries.delete(entry.key);
    else entries.set(entry.key, result);
  }
  return { kind: 'map', entries: [...entries.values()], range: base.range };
}

function mergedEntry(
  old: MapEntry | undefined,
  entry: MapEntry,
  file: FileFacts,
  merged: boolean,
): MapEntry | undefined {
  const { value } = entry;
  if (isNull(value)) return undefined;
  if (old === undefined || old.value.kind === 'unknown') return standingIn(file, entry);
  if (isSameScalar(old.value, value)) return old;
  const keep = (node: Node) =>
    inPlaceOf(old, { key: old.key, keyRange: old.keyRange, value: node });
  if (old.value.kind === 'map' && value.kind === 'map') {
    const map = strategicMerge(old.value, value, file, merged);
    return map === undefined ? undefined : keep(map);
  }
  const keys = merged ? MERGE_KEYS.get(entry.key) : undefined;
  if (keys !== undefined && old.value.kind === 'sequence' && value.kind === 'sequence')
    return keep(mergedList(old.value, value, file, keys));
  return standingIn(file, entry);
}

function mergedList(
  base: SequenceNode,
  patch: SequenceNode,
  file: FileFacts,
  keys: readonly string[],
): SequenceNode {
  const identity = (node: Node) => {
    for (const key of keys) {
      const text = textAt(node, key);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  if (patch.items.some((item) => textAt(item, '$patch') === 'replace')) {
    const items = patch.items.filter((item) => textAt(item, '$patch') === undefined);
    return {
      kind: 'sequence',
      items: items.map((item) => standingIn(file, item)),
      range: base.range,
    };
  }
  const items: (Node | undefined)[] = [...base.items];
  const places = new Map(base.items.map((item, index) => [identity(item), index]));
  for (const item of patch.items) {
    const name = identity(item);
    const index = name === undefined ? undefined : places.get(name);
    const old = index === undefined ? undefined : items[index];
    if (index === undefined || old === undefined || old.kind !== 'map' || item.kind !== 'map') {
      if (textAt(item, '$patch') !== 'delete') items.push(standingIn(file, item));
      continue;
    }
    const map = strategicMerge(old, item, file, true);
    items[index] = map === undefined ? undefined : inPlaceOf(old, map);
  }
  return {
    kind: 'sequence',
    items: items.filter((item) => item !== undefined),
    range: base.range,
  };
}

/** A patch of which only the shape is certain: every value that it sets becomes unknown. */
export function blurred(patch: Node, why: string): Node {
  if (patch.kind === 'map') {
    const entries = patch.entries
      .filter((entry) => !entry.key.startsWith('$'))
      .map((entry) =>
        ALL_MERGE_KEYS.has(entry.key) && entry.value.kind === 'scalar'
          ? entry
          : { ...entry, value: blurred(entry.value, why) },
      );
    return { ...patch, entries };
  }
  if (patch.kind === 'sequence' && patch.items.length > 0 && patch.items.every(isNamed))
    return { ...patch, items: patch.items.map((item) => blurred(item, why)) };
  return { kind: 'unknown', why, range: patch.range };
}

function isNamed(item: Node): boolean {
  return item.kind === 'map' && item.entries.some((entry) => ALL_MERGE_KEYS.has(entry.key));
}

/** How a JSON 6902 operation changes what stands at its path. */
export type Change =
  | { readonly op: 'set' | 'insert'; readonly value: Node }
  | { readonly op: 'remove' };

/** The segments of a JSON pointer (RFC 6901); undefined when it is none. */
export function segmentsOf(pointer: string): readonly string[] | undefined {
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * The tree with one place changed. A path that the base does not have is made of maps, because another patch that
 * could not be read may have made it.
 */
export function changedAt(
  node: Node,
  path: readonly string[],
  change: Change,
  file: FileFacts,
): Node {
  const [segment, ...rest] = path;
  if (segment === undefined || node.kind === 'unknown' || node.kind === 'scalar') return node;
  if (node.kind === 'sequence') return changedItem(node, segment, rest, change, file);
  const index = node.entries.findLastIndex((entry) => entry.key === segment);
  const old = node.entries[index];
  const replacement = changedEntry(old, segment, rest, change, file);
  const entries = node.entries.filter((_, position) => position !== index);
  if (replacement !== undefined) entries.splice(index < 0 ? entries.length : index, 0, replacement);
  return inPlaceOf(node, { ...node, entries });
}

function changedEntry(
  old: MapEntry | undefined,
  key: string,
  rest: readonly string[],
  change: Change,
  file: FileFacts,
): MapEntry | undefined {
  if (rest.length === 0) {
    if (change.op === 'remove') return undefined;
    const { value } = change;
    if (old !== undefined && isSameScalar(old.value, value)) return old;
    return standingIn(file, { key, keyRange: value.range, value });
  }
  if (old !== undefined)
    return inPlaceOf(old, { ...old, value: changedAt(old.value, rest, change, file) });
  if (change.op === 'remove') return undefined;
  const empty: MapNode = { kind: 'map', entries: [], range: change.value.range };
  return standingIn(file, {
    key,
    keyRange: change.value.range,
    value: changedAt(empty, rest, change, file),
  });
}

function changedItem(
  list: SequenceNode,
  segment: string,
  rest: readonly string[],
  change: Change,
  file: FileFacts,
): Node {
  const index = segment === '-' ? list.items.length : Number(segment);
  const old = list.items[index];
  const items = [...list.items];
  if (rest.length > 0) {
    if (old !== undefined) items[index] = inPlaceOf(old, changedAt(old, rest, change, file));
  } else if (change.op === 'remove') {
    if (old !== undefined) items.splice(index, 1);
  } else if (change.op === 'insert') items.splice(index, 0, standingIn(file, change.value));
  else if (old !== undefined) items[index] = standingIn(file, change.value);
  return inPlaceOf(list, { ...list, items });
}
