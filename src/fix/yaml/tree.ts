/** A YAML or JSON text as documents with places, for edits; the reader is that of the facts, so its guards hold. */
import { compose, MAX_TOKENS } from '../../extract/kubernetes/compose.ts';
import { documentsOf } from '../../extract/kubernetes/documents.ts';
import { nodeOf } from '../../extract/kubernetes/nodes.ts';
import type { MapEntry, MapNode, Node } from '../../facts.ts';

/** Plain data, as JSON has it. */
export type Data =
  | string
  | number
  | boolean
  | null
  | readonly Data[]
  | { readonly [key: string]: Data };

export type Path = readonly (string | number)[];

export interface YamlDocument {
  /** Its piece of the file, without the `---` line. */
  readonly start: number;
  readonly end: number;
  readonly node: Node;
}

/** What makes a text unfit for an edit. */
export class Unfit extends Error {}

/** The documents of a text, without empty ones. Throws Unfit when one of them cannot be read as it is. */
export function documentsIn(text: string): readonly YamlDocument[] {
  // The parser of the library and that of Kubernetes differ in what ends a line.
  if (/\r(?!\n)|[\u0085\u2028\u2029]/.test(text)) throw new Unfit('the file has unusual line ends');
  const budget = { tokens: MAX_TOKENS };
  const found: YamlDocument[] = [];
  for (const { start, end } of documentsOf(text)) {
    const content = text.slice(start, end);
    const read: Node[] = [];
    for (const composed of compose(content, budget)) {
      if (composed.state !== 'read') throw new Unfit('the file cannot be read as YAML');
      if (composed.contents === null) continue;
      const remarks = {
        duplicateKey() {
          throw new Unfit('a key stands twice in the file');
        },
        unresolvedAlias() {
          throw new Unfit('an alias in the file has no anchor');
        },
      };
      read.push(nodeOf(composed.contents, { text: content, base: start, literal: true }, remarks));
    }
    const [node, ...others] = read;
    if (others.length > 0) throw new Unfit('documents of the file end with "..."');
    if (node !== undefined) found.push({ start, end, node });
  }
  return found;
}

export function dataOf(node: Node): Data {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(dataOf);
    case 'map': {
      const data = Object.create(null) as Record<string, Data>;
      for (const { key, value } of node.entries) data[key] = dataOf(value);
      return data;
    }
    case 'unknown':
      return { [`unknown: ${node.why}`]: node.text ?? '' };
  }
}

function isMap(data: Data | undefined): data is { readonly [key: string]: Data } {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** Equal, whatever the order of keys. */
export function sameData(a: Data | undefined, b: Data | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameData(item, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameData(a[key], b[key]))
  );
}

/** The data with `value` at `path`; maps on the way are made, what is null on the way too. */
export function withValue(data: Data | undefined, path: Path, value: Data): Data {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const items = Array.isArray(data) ? data : [];
    const copy = [...items];
    copy[step] = withValue(items[step], rest, value);
    return copy;
  }
  const map = isMap(data) ? data : {};
  const copy = Object.assign(Object.create(null), map) as Record<string, Data>;
  copy[step] = withValue(map[step], rest, value);
  return copy;
}

export function entryOf(node: Node | undefined, key: string): MapEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** What stands at a path; undefined when nothing does. */
export function nodeAt(node: Node | undefined, path: Path): Node | undefined {
  let at = node;
  for (const step of path)
    at =
      typeof step === 'number'
        ? at?.kind === 'sequence'
          ? at.items[step]
          : undefined
        : entryOf(at, step)?.value;
  return at;
}

/** The way to every node of a tree, the outer ones first; behind aliases the places are elsewhere and are left out. */
export function* walk(node: Node, path: Path = []): Iterable<{ node: Node; path: Path }> {
  const stack: { node: Node; path: Path }[] = [{ node, path }];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    yield one;
    const { node: at, path: way } = one;
    const inside = (other: Node) => other.range[0] >= at.range[0] && other.range[1] <= at.range[1];
    if (at.kind === 'map')
      for (const { key, value } of at.entries) {
        if (inside(value)) stack.push({ node: value, path: [...way, key] });
      }
    if (at.kind === 'sequence')
      for (const [index, value] of at.items.entries()) {
        if (inside(value)) stack.push({ node: value, path: [...way, index] });
      }
  }
}

/** True for what has a kind and an API version. */
export function isObject(node: Node): node is MapNode {
  return (
    entryOf(node, 'kind')?.value.kind === 'scalar' &&
    entryOf(node, 'apiVersion')?.value.kind === 'scalar'
  );
}
