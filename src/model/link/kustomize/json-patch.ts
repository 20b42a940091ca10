/** JSON patches (RFC 6902) on the nodes of one object. */
import type { FileFacts, MapEntry, MapNode, Node, SequenceNode } from '../../../facts.ts';
import type { Range } from '../../../location.ts';
import { inPlaceOf, standingIn } from '../cursor.ts';
import { entryOf, isSameScalar, textAt } from './tree.ts';

/** Operations of one patch. */
const MAX_OPERATIONS = 500;
/** Segments of a JSON pointer: as deep as a document may be. */
const MAX_SEGMENTS = 100;

/** How an operation changes what stands at its path. */
export type Change =
  | { readonly op: 'set' | 'insert'; readonly value: Node }
  | { readonly op: 'remove' };

export interface Operation {
  readonly op: 'add' | 'replace' | 'remove' | 'move' | 'copy';
  readonly path: readonly string[];
  /** The place of the operation. */
  readonly at: Range;
  /** Of `move` and `copy`. */
  readonly from?: readonly string[];
  /** Of `add` and `replace`. */
  readonly value?: Node;
}

/** The segments of a JSON pointer (RFC 6901); undefined when it is none. */
function segmentsOf(pointer: string | undefined): readonly string[] | undefined {
  if (pointer === undefined || !pointer.startsWith('/')) return undefined;
  const segments = pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  return segments.length > MAX_SEGMENTS ? undefined : segments;
}

/** The operations of a patch; undefined when one of them cannot be read. */
export function operationsOf(list: Node): readonly Operation[] | undefined {
  if (list.kind !== 'sequence' || list.items.length > MAX_OPERATIONS) return undefined;
  const operations: Operation[] = [];
  for (const item of list.items) {
    if (item.kind !== 'map') return undefined;
    const path = segmentsOf(textAt(item, 'path'));
    if (path === undefined) return undefined;
    const op = textAt(item, 'op');
    const at = item.range;
    switch (op) {
      case 'test':
        break;
      case 'remove':
        operations.push({ op, path, at });
        break;
      case 'add':
      case 'replace': {
        const value = entryOf(item, 'value')?.value;
        if (value === undefined) return undefined;
        operations.push({ op, path, at, value });
        break;
      }
      case 'move':
      case 'copy': {
        const from = segmentsOf(textAt(item, 'from'));
        if (from === undefined) return undefined;
        operations.push({ op, path, at, from });
        break;
      }
      default:
        return undefined;
    }
  }
  return operations;
}

/** The object after all operations. */
export function jsonPatched(
  body: MapNode,
  operations: readonly Operation[],
  file: FileFacts,
): MapNode {
  let node: Node = body;
  for (const { op, path, at, from, value } of operations) {
    if (op === 'remove') node = changedAt(node, path, { op }, file);
    else if (value !== undefined)
      node = changedAt(node, path, { op: op === 'add' ? 'insert' : 'set', value }, file);
    else if (from !== undefined) {
      const why = `moved by ${file.path}`;
      const moved: Node = below(node, from) ?? { kind: 'unknown', why, range: at };
      if (op === 'move') node = changedAt(node, from, { op: 'remove' }, file);
      node = changedAt(node, path, { op: 'insert', value: moved }, file);
    }
  }
  return node.kind === 'map' ? node : body;
}

function below(node: Node, path: readonly string[]): Node | undefined {
  let at: Node | undefined = node;
  for (const segment of path) {
    if (at?.kind === 'map') at = entryOf(at, segment)?.value;
    else at = at?.kind === 'sequence' ? at.items[Number(segment)] : undefined;
  }
  return at;
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
