/** Kustomize's `images`: what they make of the images of an object. */
import type { FileFacts, MapNode, Node } from '../../facts.ts';
import type { BuiltObject } from './built.ts';
import { inPlaceOf, standingIn } from './cursor.ts';
import { entryOf, itemsOf, textAt } from './patches.ts';

/** One entry of `images` that changes something. */
export interface ImageChange {
  /** With the registry host, without tag and digest. */
  readonly name: string;
  readonly newName: string | undefined;
  /** The new tag or digest (`:1.4.2`, `@sha256:...`); undefined: both stay. */
  readonly version: string | undefined;
  /** It changes the image to something that cannot be read. */
  readonly isHidden: boolean;
  /** The place of the new tag, digest or name. */
  readonly at: Node;
}

/** Entries of `images` that are applied; real kustomizations have some dozens. */
const MAX_CHANGES = 500;

/** The `images` of a kustomization, in order; with more than are applied, nobody can say what they do. */
export function imageChangesOf({ map }: { readonly map: MapNode }): readonly ImageChange[] {
  const items = itemsOf(map, 'images');
  const tooMany = items.length > MAX_CHANGES;
  return items.flatMap((item): readonly ImageChange[] => {
    const name = textAt(item, 'name');
    if (item.kind !== 'map' || name === undefined) return [];
    const written = (key: string) => {
      const value = entryOf(item, key)?.value;
      return value?.kind === 'scalar' && (value.value === null || value.value === '')
        ? undefined
        : value;
    };
    const newName = written('newName');
    const newTag = written('newTag');
    const digest = written('digest');
    const all = [newTag, digest, newName].filter((value) => value !== undefined);
    const [at] = all;
    if (at === undefined) return [];
    const tagText = textOf(newTag);
    const digestText = textOf(digest);
    const version = `${tagText === undefined ? '' : `:${tagText}`}${digestText === undefined ? '' : `@${digestText}`}`;
    return [
      {
        name,
        newName: textOf(newName),
        version: version === '' ? undefined : version,
        isHidden: tooMany || all.some((value) => value.kind !== 'scalar'),
        at,
      },
    ];
  });
}

/** A scalar as it is written: a tag such as 1.20 is text. */
function textOf(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar') return undefined;
  return typeof node.value === 'string' ? node.value : node.text;
}

const POD_SPEC_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pod', ['spec']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template', 'spec']],
  ...[
    'Deployment',
    'StatefulSet',
    'ReplicaSet',
    'ReplicationController',
    'DaemonSet',
    'Job',
    'Rollout',
    'DeploymentConfig',
  ].map((kind): [string, readonly string[]] => [kind, ['spec', 'template', 'spec']]),
]);

/** The object with its images changed; a changed image stands where the kustomization writes the tag. */
export function withImages(
  changes: readonly ImageChange[],
  { kind }: BuiltObject,
  body: MapNode,
  file: FileFacts,
): MapNode {
  const path = POD_SPEC_PATHS.get(kind);
  const readable = changes.filter(({ isHidden }) => !isHidden);
  if (path === undefined || readable.length === 0) return body;
  const change = (container: Node) => withImage(readable, container, file);
  const changed = changedBelow(body, path, (podSpec) =>
    ['containers', 'initContainers'].reduce(
      (spec, key) => changedBelow(spec, [key], (list) => eachItem(list, change)),
      podSpec,
    ),
  );
  return changed.kind === 'map' ? changed : body;
}

/** The node with what stands below `keys` changed; the same node when nothing is. */
function changedBelow(node: Node, keys: readonly string[], change: (node: Node) => Node): Node {
  const [key, ...rest] = keys;
  if (key === undefined) return change(node);
  if (node.kind !== 'map') return node;
  const index = node.entries.findLastIndex((entry) => entry.key === key);
  const entry = node.entries[index];
  if (entry === undefined) return node;
  const value = changedBelow(entry.value, rest, change);
  if (value === entry.value) return node;
  const entries = node.entries.with(index, inPlaceOf(entry, { ...entry, value }));
  return inPlaceOf(node, { ...node, entries });
}

function eachItem(list: Node, change: (node: Node) => Node): Node {
  if (list.kind !== 'sequence') return list;
  const items = list.items.map((item) => change(item));
  return items.every((item, index) => item === list.items[index])
    ? list
    : inPlaceOf(list, { ...list, items });
}

function withImage(changes: readonly ImageChange[], container: Node, file: FileFacts): Node {
  if (container.kind !== 'map') return container;
  const entry = entryOf(container, 'image');
  if (entry?.value.kind !== 'scalar' || typeof entry.value.value !== 'string') return container;
  let [name, version] = splitImage(entry.value.value);
  let at: Node | undefined;
  for (const change of changes) {
    if (change.name !== name) continue;
    name = change.newName ?? name;
    version = change.version ?? version;
    at = change.at;
  }
  const image = `${name}${version}`;
  if (at === undefined || image === entry.value.value) return container;
  const { range } = at;
  const value: Node = { kind: 'scalar', value: image, text: image, range };
  const changed = standingIn(file, { key: 'image', keyRange: range, value });
  const entries = container.entries.map((other) => (other === entry ? changed : other));
  return inPlaceOf(container, { ...container, entries });
}

/** The name of an image, and its tag and digest with their signs. */
function splitImage(image: string): readonly [string, string] {
  const end = image.search(/:[^/:@]*(?:@|$)|@/);
  return end < 0 ? [image, ''] : [image.slice(0, end), image.slice(end)];
}
