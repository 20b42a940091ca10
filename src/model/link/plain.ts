/**
 * Plain manifests: which of them cannot be in one cluster together, because they are the same object (rules.md
 * "Contexts"). Directories, files and documents form one tree; the topmost node that holds only one of the copies is a
 * branch. Copies in one directory, or in one file, are told apart by the same rule: there the branch is a file, or a document.
 */
import type { BuiltObject } from './built.ts';
import { isJoined } from './scope.ts';

/** A set of documents that is deployed as a whole, or not at all. */
export interface Branch {
  /** Path of the directory or file; with `#2` for the second object of a file; '' for what is in no branch. */
  readonly name: string;
  readonly objects: readonly BuiltObject[];
  /** Of each set of copies that it or a branch above it takes part in: which branch was chosen there. */
  readonly choices: ReadonlyMap<string, string>;
}

/** `Deployment/orders`: API groups do not matter, because a kind of the model has one meaning in all of them. */
export function nameOf(object: BuiltObject): string | undefined {
  if (object.name === '' || !isJoined(object.group, object.kind)) return undefined;
  return `${object.kind}/${object.name}`;
}

interface Leaf {
  readonly object: BuiltObject;
  readonly segments: readonly string[];
}

/** Sets of copies: equal kind and name, and namespaces that may be equal (an absent one joins with any). */
function copiesOf(leaves: readonly Leaf[]): readonly (readonly Leaf[])[] {
  const byName = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const name = nameOf(leaf.object);
    if (name === undefined) continue;
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [leaf]);
    else list.push(leaf);
  }
  return [...byName.values()].flatMap((list) => {
    if (list.length < 2) return [];
    if (list.some(({ object }) => object.namespace === undefined)) return [list];
    const byNamespace = new Map<string, Leaf[]>();
    for (const leaf of list) {
      const namespace = leaf.object.namespace ?? '';
      byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), leaf]);
    }
    return [...byNamespace.values()].filter((copies) => copies.length > 1);
  });
}

function common(a: readonly string[] | undefined, b: readonly string[]): number {
  if (a === undefined) return -1;
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function compareSegments(a: Leaf, b: Leaf): number {
  const at = common(a.segments, b.segments);
  const left = a.segments[at] ?? '';
  const right = b.segments[at] ?? '';
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Name of the node `length` segments deep on the way to a leaf. */
function nodeOf({ segments }: Leaf, length: number): string {
  const path = segments.slice(0, Math.min(length, segments.length - 1)).join('/');
  return length < segments.length ? path : `${path}#${segments.at(-1) ?? ''}`;
}

/** The branches of the plain objects, sorted by name; the first one is '' and holds what has no copies. */
export function branchesOf(objects: readonly BuiltObject[]): readonly Branch[] {
  const nth = new Map<string, number>();
  const leaves = objects.map((object): Leaf => {
    const { path } = object.file;
    const index = (nth.get(path) ?? 0) + 1;
    nth.set(path, index);
    return { object, segments: [...path.split('/'), String(index)] };
  });
  /** Per branch the sets of copies that it is one side of. */
  const branches = new Map<string, string[]>();
  for (const [index, copies] of copiesOf(leaves).entries()) {
    const sorted = [...copies].sort(compareSegments);
    for (const [position, leaf] of sorted.entries()) {
      const shared = Math.max(
        common(sorted[position - 1]?.segments, leaf.segments),
        common(sorted[position + 1]?.segments, leaf.segments),
      );
      const node = nodeOf(leaf, shared + 1);
      const sets = branches.get(node);
      if (sets === undefined) branches.set(node, [`copies ${index}`]);
      else sets.push(`copies ${index}`);
    }
  }
  const found = new Map<string, { objects: BuiltObject[]; choices: Map<string, string> }>();
  found.set('', { objects: [], choices: new Map() });
  for (const leaf of leaves) {
    let name = '';
    const above: string[] = [];
    for (let length = 1; length <= leaf.segments.length && branches.size > 0; length++) {
      const node = nodeOf(leaf, length);
      if (!branches.has(node)) continue;
      name = node;
      above.push(node);
    }
    const branch = found.get(name);
    if (branch !== undefined) {
      branch.objects.push(leaf.object);
      continue;
    }
    const choices = new Map<string, string>();
    for (const node of above) for (const set of branches.get(node) ?? []) choices.set(set, node);
    found.set(name, { objects: [leaf.object], choices });
  }
  return [...found]
    .map(([name, branch]) => ({ name, ...branch }))
    .sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
}
