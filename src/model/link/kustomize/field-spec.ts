/** Where Kustomize's transformers look for a field in an object, and how it is changed there. */
import type { FileFacts, MapEntry, MapNode, Node } from '../../../facts.ts';
import { inPlaceOf, standingIn } from '../cursor.ts';
import type { Identity } from './resource.ts';
import { entryOf, isNull, isTrueAt, textAt, withEntry, withItems, withValue } from './tree.ts';

export interface FieldSpec {
  /** Names of fields; lists on the way are gone through. A name with `[]` is a list and is never made. */
  readonly path: readonly string[];
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  /** The field is made where it is missing. */
  readonly create: boolean;
}

/** Segments of a path, and specifications of one kind, that a configuration may have. */
const MAX_SEGMENTS = 100;

/** The segments of `a/b\/c/d`: `a`, `b/c` and `d`. */
export function pathOf(text: string): readonly string[] {
  const parts = text.split('/');
  const segments: string[] = [];
  for (const part of parts.length > 1 && parts[0] === '' ? parts.slice(1) : parts) {
    const last = segments.at(-1);
    if (last?.endsWith('\\') === true)
      segments[segments.length - 1] = `${last.slice(0, -1)}/${part}`;
    else segments.push(part);
  }
  return segments;
}

/** The specification that a configuration writes; undefined when it is none. */
export function fieldSpecFrom(node: Node): FieldSpec | undefined {
  const text = textAt(node, 'path');
  if (text === undefined) return undefined;
  const path = pathOf(text);
  if (path.length > MAX_SEGMENTS) return undefined;
  return { path, ...selectorFrom(node), create: isTrueAt(node, 'create') };
}

export function selectorFrom(node: Node): Pick<FieldSpec, 'group' | 'version' | 'kind'> {
  const [group, version, kind] = ['group', 'version', 'kind'].map((key) => textAt(node, key));
  return {
    ...(group === undefined || group === '' ? {} : { group }),
    ...(version === undefined || version === '' ? {} : { version }),
    ...(kind === undefined || kind === '' ? {} : { kind }),
  };
}

/** True when the specification is about such objects. */
export function isAbout(
  { group, version, kind }: Pick<FieldSpec, 'group' | 'version' | 'kind'>,
  id: Pick<Identity, 'group' | 'version' | 'kind'>,
): boolean {
  return (
    (group === undefined || group === id.group) &&
    (version === undefined || version === id.version) &&
    (kind === undefined || kind === id.kind)
  );
}

/** Changes the entry at the end of a path; undefined is a field that is not there. */
export type EntryChange = (old: MapEntry | undefined) => MapEntry | undefined;

/** The object with the entries at a path changed. Maps on the way are made when the specification says so. */
export function changedFields(
  body: MapNode,
  spec: FieldSpec,
  file: FileFacts,
  change: EntryChange,
): MapNode {
  const changed = changedBelow(body, spec.path, spec, file, change);
  return changed.kind === 'map' ? changed : body;
}

function changedBelow(
  node: Node,
  path: readonly string[],
  spec: FieldSpec,
  file: FileFacts,
  change: EntryChange,
): Node {
  if (node.kind === 'sequence')
    return withItems(
      node,
      node.items.map((item) => {
        const changed = changedBelow(item, path, spec, file, change);
        return changed === item ? item : inPlaceOf(item, changed);
      }),
    );
  const [segment = '', ...rest] = path;
  if (node.kind !== 'map') return node;
  const isList = segment.endsWith('[]');
  const name = isList ? segment.slice(0, -2) : segment;
  const old = entryOf(node, name);
  if (rest.length === 0) {
    if (old === undefined && (!spec.create || isList)) return node;
    const changed = change(old);
    return changed === undefined || changed === old ? node : withEntry(node, changed);
  }
  if (old !== undefined && !(isNull(old.value) && spec.create && !isList))
    return withValue(node, old, changedBelow(old.value, rest, spec, file, change));
  if (!spec.create || isList) return node;
  const empty: MapNode = { kind: 'map', entries: [], range: old?.keyRange ?? node.range };
  const value = changedBelow(empty, rest, spec, file, change);
  if (value === empty) return node;
  return withEntry(node, madeEntry(old, name, value, file));
}

/** A map that had to be made stands where its first entry is written. */
function madeEntry(old: MapEntry | undefined, key: string, value: Node, file: FileFacts): MapEntry {
  if (old !== undefined) return inPlaceOf(old, { ...old, value });
  const range = value.kind === 'map' ? (value.entries[0]?.keyRange ?? value.range) : value.range;
  return standingIn(file, { key, keyRange: range, value: { ...value, range } });
}
