/** Paths as replacements and variables write them: `spec.template.spec.containers.[name=api].image`, `data.a\.b`, `items.*.name`. */
import type { FileFacts, MapEntry, MapNode, Node } from '../../../facts.ts';
import { inPlaceOf, standingIn } from '../cursor.ts';
import { patternOf } from './pattern.ts';
import { entryOf, isNull, textNode, withEntry, withItems, withValue, writtenText } from './tree.ts';

/** Segments of a path: as deep as a document may be. */
const MAX_SEGMENTS = 100;

function splitAt(text: string, sign: string): readonly string[] {
  const segments: string[] = [];
  const parts = text.split(sign);
  for (const part of parts.length > 1 && parts[0] === '' ? parts.slice(1) : parts) {
    const last = segments.at(-1);
    if (last?.endsWith('\\') === true)
      segments[segments.length - 1] = `${last.slice(0, -1)}${sign}${part}`;
    else segments.push(part);
  }
  return segments;
}

/** The segments of a path; dots within brackets do not count. Undefined when it is too long. */
export function segmentsOf(path: string): readonly string[] | undefined {
  const parts = splitAt(path, '.');
  const segments: string[] = [];
  for (let index = 0; index < parts.length; index++) {
    let part = parts[index] ?? '';
    if (part.startsWith('[') && !part.endsWith(']')) {
      while (index + 1 < parts.length && !part.endsWith(']')) part += `.${parts[++index] ?? ''}`;
      if (!part.includes('=')) part = part.replace(/^\[+|\]+$/g, '');
    }
    segments.push(part);
  }
  return segments.length > MAX_SEGMENTS ? undefined : segments;
}

/** The field and the value of `[name=api]`. */
function condition(segment: string): readonly [field: string, value: string] | undefined {
  if (!segment.startsWith('[') || !segment.endsWith(']')) return undefined;
  const inner = segment.slice(1, -1);
  const sign = inner.indexOf('=');
  return sign < 0 ? undefined : [inner.slice(0, sign), inner.slice(sign + 1)];
}

function isIndex(segment: string): boolean {
  return /^\d+$/.test(segment);
}

/** The one node at a path, as sources and variables look it up. */
export function lookedUp(node: Node, segments: readonly string[]): Node | undefined {
  let at: Node | undefined = node;
  for (const raw of segments) {
    const segment = raw.trim();
    if (segment === '') continue;
    if (at === undefined || at.kind === 'unknown') return at;
    const wanted = condition(segment);
    if (at.kind === 'sequence') {
      const items: readonly Node[] = at.items;
      if (isIndex(segment)) at = items[Number(segment)];
      else if (segment === '-') at = items.at(-1);
      else if (wanted === undefined) at = undefined;
      else {
        const [field, value] = wanted;
        at = items.find((item) => writtenText(field === '' ? item : below(item, field)) === value);
      }
    } else at = at.kind === 'map' && wanted === undefined ? entryOf(at, segment)?.value : undefined;
  }
  return at;
}

function below(node: Node, key: string): Node | undefined {
  return node.kind === 'map' ? entryOf(node, key)?.value : undefined;
}

/** How a value is put where a path leads. */
export interface Placing {
  /** Whose file and place the new value has. */
  readonly file: FileFacts;
  readonly at: Node;
  /** Missing parts of the path are made. */
  readonly create: boolean;
  readonly value: (old: Node | undefined) => Node;
}

/** The tree with a value at all places that a path leads to; the same tree when it leads nowhere. */
export function placedAt(node: Node, segments: readonly string[], placing: Placing): Node {
  const [segment, ...rest] = segments;
  if (segment === undefined || node.kind === 'unknown') return node;
  if (node.kind === 'sequence') {
    const isMeant = itemTest(segment);
    let items: readonly Node[] = node.items.map((item, index) =>
      isMeant(item, index) ? inItem(item, rest, placing) : item,
    );
    const found = node.items.some(isMeant);
    const wanted = condition(segment);
    if (!found && placing.create && (wanted !== undefined || Number(segment) === node.items.length))
      items = [...items, inItem(madeItem(wanted, placing), rest, placing)];
    return withItems(node, items);
  }
  if (node.kind !== 'map') return node;
  const old = entryOf(node, segment);
  if (rest.length === 0) {
    if (old === undefined && !placing.create) return node;
    const value = placing.value(old?.value);
    const { range } = placing.at;
    return withEntry(node, standingIn(placing.file, { key: segment, keyRange: range, value }));
  }
  if (old !== undefined && !(isNull(old.value) && placing.create))
    return withValue(node, old, placedAt(old.value, rest, placing));
  return placing.create ? withEntry(node, madeEntry(segment, rest, placing)) : node;
}

function itemTest(segment: string): (item: Node, index: number) => boolean {
  if (segment === '*') return () => true;
  if (isIndex(segment)) return (_, index) => index === Number(segment);
  const wanted = condition(segment);
  if (wanted === undefined) return () => false;
  const [field, value] = wanted;
  // Kustomize finds the value as a pattern anywhere in the text.
  const pattern = patternOf(value, false) ?? ((text: string) => text === value);
  return (item) => {
    const text = writtenText(field === '' ? item : below(item, field));
    return text !== undefined && pattern(text);
  };
}

function inItem(item: Node, rest: readonly string[], placing: Placing): Node {
  if (rest.length === 0) return standingIn(placing.file, placing.value(item));
  const changed = placedAt(item, rest, placing);
  return changed === item ? item : inPlaceOf(item, changed);
}

function madeItem(wanted: readonly [string, string] | undefined, { file, at }: Placing): Node {
  const { range } = at;
  if (wanted === undefined) return standingIn(file, { kind: 'map', entries: [], range });
  const [field, value] = wanted;
  const text = textNode(value, range);
  if (field === '') return standingIn(file, text);
  const entries: readonly MapEntry[] = [{ key: field, keyRange: range, value: text }];
  return standingIn(file, { kind: 'map', entries, range });
}

function madeEntry(key: string, rest: readonly string[], placing: Placing): MapEntry {
  const { range } = placing.at;
  const [next = ''] = rest;
  const isList = condition(next) !== undefined || isIndex(next);
  const empty: Node = isList
    ? { kind: 'sequence', items: [], range }
    : ({ kind: 'map', entries: [], range } satisfies MapNode);
  return standingIn(placing.file, { key, keyRange: range, value: placedAt(empty, rest, placing) });
}
