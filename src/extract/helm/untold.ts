/** What cannot be told of a rendered text, in its objects: unknown values, maps that may have more entries. */
import type { MapEntry, MapNode, Node, ResourceFacts, UnreadFacts } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { headerOf } from '../kubernetes/resources.ts';
import { FILLER, type Untold } from './written.ts';

/** Answers which stretch of a text overlaps a range. */
class Stretches {
  private readonly stretches: readonly Untold[];

  constructor(stretches: readonly Untold[]) {
    this.stretches = stretches;
  }

  /** The first stretch that overlaps a range, by its end. */
  over([start, end]: Range): Untold | undefined {
    let low = 0;
    let high = this.stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.stretches[middle]?.range[1] ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    const found = this.stretches[low];
    return found !== undefined && found.range[0] < Math.max(end, start + 1) ? found : undefined;
  }
}

/** The objects and the unread pieces of a rendered text, without what nobody can tell. */
export function toldOf(
  resources: readonly ResourceFacts[],
  untold: readonly Untold[],
): { readonly resources: readonly ResourceFacts[]; readonly unread: readonly UnreadFacts[] } {
  const sorted = untold.filter(({ range }) => range[1] > range[0]);
  if (sorted.length === 0) return { resources, unread: [] };
  const stretches = new Stretches(sorted);
  const told: ResourceFacts[] = [];
  const unread: UnreadFacts[] = [];
  for (const resource of resources) {
    const { body, kindRange, range, resourceKind } = resource;
    if (stretches.over(kindRange) !== undefined)
      unread.push({ kinds: [resourceKind], why: 'template', range });
    else if (body === undefined || stretches.over(range) === undefined) told.push(resource);
    else {
      const node = toldMap(body, stretches);
      const metadata = node.entries.find(({ key }) => key === 'metadata')?.value;
      const { name: _name, namespace: _namespace, namespaceUnknown: _unknown, ...rest } = resource;
      told.push({ ...rest, ...headerOf(metadata), body: node });
    }
  }
  return { resources: told, unread };
}

function toldNode(node: Node, stretches: Stretches): Node {
  const stretch = stretches.over(node.range);
  if (stretch === undefined || node.kind === 'unknown') return node;
  if (node.kind === 'map' && node.entries.length > 0) return toldMap(node, stretches);
  if (node.kind === 'sequence' && node.items.length > 0) {
    // A collection that begins within a stretch may as well not be there.
    if (stretch.range[0] < node.range[0] && stretch.range[1] >= node.range[1])
      return { kind: 'unknown', why: stretch.why, range: node.range };
    return { ...node, items: node.items.map((item) => toldItem(item, stretches)) };
  }
  return { kind: 'unknown', why: stretch.why, range: node.range };
}

function toldItem(item: Node, stretches: Stretches): Node {
  // The first key of a map in a list decides whether the item is there.
  const first = item.kind === 'map' ? item.entries[0]?.keyRange : item.range;
  const stretch = first === undefined ? undefined : stretches.over(first);
  return stretch === undefined
    ? toldNode(item, stretches)
    : { kind: 'unknown', why: stretch.why, range: item.range };
}

function toldMap(node: MapNode, stretches: Stretches): MapNode {
  let open = node.open;
  const entries: MapEntry[] = [];
  for (const entry of node.entries) {
    const { key, keyRange, value } = entry;
    const stretch = stretches.over(keyRange);
    if (stretch === undefined) entries.push({ ...entry, value: toldNode(value, stretches) });
    else {
      open ??= stretch.why;
      const unknown: Node = { kind: 'unknown', why: stretch.why, range: value.range };
      if (key !== FILLER) entries.push({ key, keyRange, value: unknown });
    }
  }
  return { ...node, entries, ...(open === undefined ? {} : { open }) };
}
