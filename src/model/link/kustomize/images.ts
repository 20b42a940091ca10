/** Kustomize's `images`: what they make of the images of an object. */
import type { FileFacts, MapEntry, MapNode, Node } from '../../../facts.ts';
import { inPlaceOf, standingIn } from '../cursor.ts';
import { changedFields, type FieldSpec, isAbout } from './field-spec.ts';
import { type Pattern, patternOf } from './pattern.ts';
import { type Resource, setBody } from './resource.ts';
import { entryOf, textAt, textNode, withEntry, withItems, withValue, writtenText } from './tree.ts';

/** One entry of `images` that changes something. */
export interface ImageChange {
  /** With the registry host, without tag and digest. */
  readonly name: string;
  readonly newName: string | undefined;
  readonly newTag: string | undefined;
  readonly digest: string | undefined;
  readonly tagSuffix: string | undefined;
  /** It changes the image to something that cannot be read. */
  readonly isHidden: boolean;
  /** The place of the new tag, digest or name. */
  readonly at: Node;
}

/** Entries of `images` that are applied; real kustomizations have some dozens. */
const MAX_CHANGES = 500;

/** The `images` of a kustomization, in order; with more than are applied, nobody can say what they do. */
export function imageChangesOf(items: readonly Node[]): readonly ImageChange[] {
  const tooMany = items.length > MAX_CHANGES;
  return items.flatMap((item) => {
    const change = imageChangeFrom(item);
    return change === undefined ? [] : [{ ...change, isHidden: tooMany || change.isHidden }];
  });
}

/** One entry; undefined when it changes nothing. */
export function imageChangeFrom(item: Node): ImageChange | undefined {
  const name = textAt(item, 'name');
  if (item.kind !== 'map' || name === undefined) return undefined;
  const written = (key: string) => {
    const value = entryOf(item, key)?.value;
    return value?.kind === 'scalar' && (value.value === null || value.value === '')
      ? undefined
      : value;
  };
  const all = ['newTag', 'digest', 'tagSuffix', 'newName'].map(written);
  const [at] = all.filter((value) => value !== undefined);
  if (at === undefined) return undefined;
  const [newTag, digest, tagSuffix, newName] = all.map((value) =>
    value?.kind === 'scalar' ? writtenText(value) : undefined,
  );
  const isHidden = all.some((value) => value !== undefined && value.kind !== 'scalar');
  return { name, newName, newTag, digest, tagSuffix, isHidden, at };
}

/** Changes the images of all objects; a changed image stands where the kustomization writes the tag. */
export function withImages(
  resources: readonly Resource[],
  changes: readonly ImageChange[],
  specs: readonly FieldSpec[],
  file: FileFacts,
): void {
  for (const change of changes) {
    if (change.isHidden) continue;
    const pattern = imagePattern(change.name);
    if (pattern === undefined) continue;
    const set = (old: MapEntry | undefined) =>
      old === undefined ? undefined : changedImage(old, change, pattern, file);
    for (const resource of resources) {
      if (resource.body === undefined || resource.id.kind === 'CustomResourceDefinition') continue;
      let body = inContainers(resource.body, set);
      for (const spec of specs)
        if (isAbout(spec, resource.id)) body = changedFields(body, spec, file, set);
      if (body !== resource.body) setBody(resource, body);
    }
  }
}

/** The name is a pattern for Kustomize; one that it cannot read matches nothing. */
function imagePattern(name: string): Pattern | undefined {
  const tag = '(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?';
  return patternOf(`^${name}${tag}$`, true);
}

type Set = (old: MapEntry | undefined) => MapEntry | undefined;

/** Lists of containers anywhere in an object: Kustomize looks for them in custom resources too. */
function inContainers(map: MapNode, set: Set): MapNode {
  let result = map;
  for (const entry of map.entries) {
    const value = below(entry.value, set);
    const isList = entry.key === 'containers' || entry.key === 'initContainers';
    result = withValue(
      result,
      entryOf(result, entry.key) ?? entry,
      isList ? inList(value, set) : value,
    );
  }
  return result;
}

function below(node: Node, set: Set): Node {
  if (node.kind === 'map') return inContainers(node, set);
  if (node.kind !== 'sequence') return node;
  return withItems(
    node,
    node.items.map((item) => replaced(item, below(item, set))),
  );
}

function inList(node: Node, set: Set): Node {
  if (node.kind !== 'sequence') return node;
  return withItems(
    node,
    node.items.map((item) => {
      if (item.kind !== 'map') return item;
      const changed = set(entryOf(item, 'image'));
      return changed === undefined ? item : replaced(item, withImage(item, changed));
    }),
  );
}

function withImage(container: MapNode, entry: MapEntry): MapNode {
  return entryOf(container, 'image') === entry ? container : withEntry(container, entry);
}

function replaced(item: Node, changed: Node): Node {
  return changed === item ? item : inPlaceOf(item, changed);
}

function changedImage(
  old: MapEntry,
  change: ImageChange,
  matches: Pattern,
  file: FileFacts,
): MapEntry {
  const image = writtenText(old.value);
  if (image === undefined || !matches(image)) return old;
  let [name, tag, digest] = splitImage(image);
  name = change.newName ?? name;
  if (change.newTag !== undefined) {
    tag = change.newTag;
    digest = change.digest ?? '';
  } else if (change.digest !== undefined) {
    tag = '';
    digest = change.digest;
  } else if (change.tagSuffix !== undefined) {
    tag += change.tagSuffix;
    digest = '';
  }
  const text = `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  if (text === image) return old;
  const { range } = change.at;
  return standingIn(file, { key: old.key, keyRange: range, value: textNode(text, range) });
}

/** The name of an image, its tag and its digest; '' for what it has not. */
function splitImage(image: string): readonly [name: string, tag: string, digest: string] {
  const slash = Math.max(image.indexOf('/'), 0);
  const at = image.indexOf('@', slash);
  const colon = image.indexOf(':', slash);
  if (at >= 0 && (colon < 0 || at < colon)) return [image.slice(0, at), '', image.slice(at + 1)];
  if (colon < 0) return [image, '', ''];
  if (at < 0) return [image.slice(0, colon), image.slice(colon + 1), ''];
  return [image.slice(0, colon), image.slice(colon + 1, at), image.slice(at + 1)];
}
