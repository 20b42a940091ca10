/** What one kustomization does to the objects that it gathered: patches first, then Kustomize's own transformers. */
import type { FileFacts, MapEntry, MapNode, Node } from '../../facts.ts';
import type { BuiltObject } from './built.ts';
import { standingIn } from './cursor.ts';
import { imageChangesOf, withImages } from './image-changes.ts';
import { readInline } from './inline-yaml.ts';
import {
  blurred,
  type Change,
  changedAt,
  entryOf,
  itemsOf,
  segmentsOf,
  strategicMerge,
  textAt,
} from './patches.ts';

/** One build: an overlay, or a base on the way to it. */
export interface Build {
  readonly objects: readonly BuiltObject[];
  /** Why it may hold objects that nobody sees; undefined when everything was found. */
  readonly openBecause: string | undefined;
  readonly unreadKinds: ReadonlySet<string>;
  /** Names of images that it replaces by something that cannot be read, and where. */
  readonly replacedImages: ReadonlyMap<string, string>;
  /** New names of images to their old ones. */
  readonly renamedImages: ReadonlyMap<string, string>;
}

/** The kustomization of one directory. */
export interface Source {
  readonly file: FileFacts;
  readonly map: MapNode;
  readonly directory: string;
}

type FileAt = (path: string) => FileFacts | undefined;
type Certainty = 'yes' | 'no' | 'perhaps';

/** Kubernetes' own groups, whose lists merge by key; Kustomize replaces the lists of other kinds. */
const OWN_GROUPS: ReadonlySet<string> = new Set([
  '',
  'apps',
  'batch',
  'policy',
  'autoscaling',
  'extensions',
]);

/** Patches times objects of one build; more is taken for hostile. */
const MAX_MEETINGS = 1_000_000;
/** Operations of one JSON 6902 patch, and labels of one kustomization. */
const MAX_CHANGES = 500;
/** Segments of a JSON pointer: as deep as a document may be. */
const MAX_SEGMENTS = 60;

/** One change to every object that it may be meant for. */
interface Patch {
  readonly meant: (object: BuiltObject) => Certainty;
  /** undefined: the object is deleted. */
  readonly apply: (object: BuiltObject, body: MapNode, certain: boolean) => MapNode | undefined;
}

/** The build after everything that the kustomization says about objects. */
export function transformed(build: Build, source: Source, fileAt: FileAt): Build {
  const { map, file } = source;
  let patches = [...patchesOf(source, fileAt), ...replicasOf(source), ...replacementsOf(source)];
  if (patches.length * build.objects.length > MAX_MEETINGS)
    patches = [unreadable(() => 'perhaps', `${file.path} has too many patches`)];
  if (itemsOf(map, 'transformers').length > 0)
    patches.push(unreadable(() => 'perhaps', `changed by the transformers of ${file.path}`));
  const relabel = labelsOf(source);
  const images = imageChangesOf(source);
  const namespace = textAt(map, 'namespace');
  const prefix = textAt(map, 'namePrefix') ?? '';
  const suffix = textAt(map, 'nameSuffix') ?? '';
  const objects = build.objects.flatMap((object): readonly BuiltObject[] => {
    const patched = patchedBy(patches, object);
    if (patched === undefined) return [];
    const labelled = patched.body === undefined ? undefined : relabel(patched, patched.body);
    const body = labelled === undefined ? undefined : withImages(images, patched, labelled, file);
    return [
      {
        ...patched,
        body,
        name: patched.name === '' ? '' : `${prefix}${patched.name}${suffix}`,
        ...(namespace === undefined || namespace === ''
          ? {}
          : { namespace, facts: withNamespace(patched.facts) }),
      },
    ];
  });
  const replacedImages = new Map(build.replacedImages);
  const renamedImages = new Map(build.renamedImages);
  for (const { name, newName, isHidden } of images) {
    if (isHidden) replacedImages.set(name, file.path);
    if (newName !== undefined) renamedImages.set(newName, name);
  }
  return { ...build, objects, replacedImages, renamedImages };
}

/** The overlay says the namespace, so it is known whatever placeholder the base has. */
function withNamespace(facts: BuiltObject['facts']): BuiltObject['facts'] {
  const { namespaceUnknown: _, ...rest } = facts;
  return rest;
}

function patchedBy(patches: readonly Patch[], object: BuiltObject): BuiltObject | undefined {
  let { body } = object;
  for (const patch of patches) {
    const meant = patch.meant(object);
    if (meant === 'no') continue;
    if (body === undefined) {
      // Of kinds without a body only a deletion counts.
      const empty: MapNode = { kind: 'map', entries: [], range: object.facts.range };
      if (meant === 'yes' && patch.apply(object, empty, true) === undefined) return undefined;
      continue;
    }
    const result = patch.apply(object, body, meant === 'yes');
    if (result === undefined && meant === 'yes') return undefined;
    body = result ?? withUnknownSpec(body, 'perhaps deleted by a patch');
  }
  return { ...object, body };
}

function withUnknownSpec(body: MapNode, why: string): MapNode {
  const entries = body.entries.map((entry) =>
    entry.key === 'spec'
      ? { ...entry, value: { kind: 'unknown' as const, why, range: entry.keyRange } }
      : entry,
  );
  return { ...body, entries };
}

/** A patch that nobody can read: everything about the object may be different. */
function unreadable(meant: Patch['meant'], why: string): Patch {
  return { meant, apply: (_object, body) => withUnknownSpec(body, why) };
}

function both(a: Certainty, b: Certainty): Certainty {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'perhaps';
}

/** Kustomize matches names as anchored regular expressions; what is more than a plain name or `.*` may match. */
function namesMatch(pattern: string | undefined, ...names: readonly string[]): Certainty {
  if (pattern === undefined || pattern === '' || pattern === '.*') return 'yes';
  if (names.includes(pattern)) return 'yes';
  return /^[\w.-]*$/.test(pattern) ? 'no' : 'perhaps';
}

/** Whether a target selector takes an object, under its own name or the one that a base gave it. */
function targetOf(target: Node | undefined): Patch['meant'] {
  if (target?.kind !== 'map') return () => 'perhaps';
  const has = (key: string) => entryOf(target, key) !== undefined;
  const unsure = ['labelSelector', 'annotationSelector'].some(has);
  const equal = (key: string, value: string): Certainty => namesMatch(textAt(target, key), value);
  return (object) => {
    let answer = both(equal('kind', object.kind), equal('group', object.group));
    answer = both(answer, equal('version', object.version));
    answer = both(answer, namesMatch(textAt(target, 'name'), object.name, object.facts.name ?? ''));
    const namespace = textAt(target, 'namespace');
    if (namespace !== undefined && object.namespace !== namespace) answer = both(answer, 'perhaps');
    return unsure ? both(answer, 'perhaps') : answer;
  };
}

/** What a patch document without a target is meant for: the object of its own kind and name. */
function namedBy(document: MapNode): Patch['meant'] {
  const kind = textAt(document, 'kind');
  const name = textAt(document, 'metadata', 'name');
  if (kind === undefined || name === undefined) return () => 'perhaps';
  return (object) =>
    object.kind === kind && (object.name === name || object.facts.name === name) ? 'yes' : 'no';
}

function mergePatch(document: MapNode, file: FileFacts, meant: Patch['meant']): Patch {
  const why = `perhaps patched by ${file.path}`;
  const content = document.entries.filter(({ key }) => !['apiVersion', 'kind'].includes(key));
  // The name of the patch only says what it is meant for.
  const entries = content.map((entry) =>
    entry.key === 'metadata' && entry.value.kind === 'map'
      ? {
          ...entry,
          value: {
            ...entry.value,
            entries: entry.value.entries.filter(({ key }) => !['name', 'namespace'].includes(key)),
          },
        }
      : entry,
  );
  const patch: MapNode = { ...document, entries };
  const vague = blurred(patch, why);
  return {
    meant,
    apply: (object, body, certain) => {
      const used = certain ? patch : vague;
      if (used.kind !== 'map') return body;
      return strategicMerge(body, used, file, OWN_GROUPS.has(object.group));
    },
  };
}

/** The operations of a JSON 6902 patch; undefined when one of them cannot be read. */
function operationsOf(
  list: Node,
): readonly { path: readonly string[]; change: Change }[] | undefined {
  if (list.kind !== 'sequence' || list.items.length > MAX_CHANGES) return undefined;
  const operations: { path: readonly string[]; change: Change }[] = [];
  for (const item of list.items) {
    if (item.kind !== 'map') return undefined;
    const path = segmentsOf(textAt(item, 'path') ?? '');
    if (path === undefined || path.length > MAX_SEGMENTS) return undefined;
    const value = entryOf(item, 'value')?.value;
    const op = textAt(item, 'op');
    if (op === 'test') continue;
    if (op === 'remove') operations.push({ path, change: { op: 'remove' } });
    else if ((op === 'add' || op === 'replace') && value !== undefined)
      operations.push({ path, change: { op: op === 'add' ? 'insert' : 'set', value } });
    else return undefined;
  }
  return operations;
}

function jsonPatch(list: Node, file: FileFacts, meant: Patch['meant']): Patch {
  const why = `patched by ${file.path}`;
  const operations = operationsOf(list);
  if (operations === undefined) return unreadable(meant, why);
  return {
    meant,
    apply: (_object, body, certain) => {
      let node: Node = body;
      for (const { path, change } of operations) {
        const range = change.op === 'remove' ? list.range : change.value.range;
        const vague: Change = { op: 'set', value: { kind: 'unknown', why, range } };
        node = changedAt(node, path, certain ? change : vague, file);
      }
      return node.kind === 'map' ? node : body;
    },
  };
}

/** A patch document that stands in the kustomization itself, or one that a file holds. */
function patchOf(node: Node, file: FileFacts, target: Node | undefined): Patch {
  if (node.kind === 'sequence') return jsonPatch(node, file, targetOf(target));
  const meant =
    target !== undefined
      ? targetOf(target)
      : node.kind === 'map'
        ? namedBy(node)
        : targetOf(target);
  return node.kind === 'map'
    ? mergePatch(node, file, meant)
    : unreadable(meant, `patched by ${file.path}`);
}

/** Patches out of one text: a path, or the patch itself. */
function patchesFrom(
  text: Node | undefined,
  target: Node | undefined,
  source: Source,
  fileAt: FileAt,
  mayBePath: boolean,
): readonly Patch[] {
  const vague = target === undefined ? () => 'perhaps' as const : targetOf(target);
  if (text?.kind !== 'scalar' || typeof text.value !== 'string')
    return [unreadable(vague, `patched by ${source.file.path}`)];
  const file = mayBePath && !text.value.includes('\n') ? fileAt(text.value) : undefined;
  if (file !== undefined) return patchesInFile(file, target, vague);
  const documents = readInline(text);
  if (documents === undefined) return [unreadable(vague, `patched by ${source.file.path}`)];
  return documents.map((document) => patchOf(document, source.file, target));
}

function patchesInFile(
  file: FileFacts,
  target: Node | undefined,
  vague: Patch['meant'],
): readonly Patch[] {
  const why = `patched by ${file.path}`;
  if (file.jsonPatch !== undefined) return [patchOf(file.jsonPatch, file, target)];
  const patches = file.resources.map((facts) => {
    const meant: Patch['meant'] =
      target !== undefined
        ? targetOf(target)
        : ({ kind, name, facts: own }) =>
            kind === facts.resourceKind && (name === facts.name || own.name === facts.name)
              ? 'yes'
              : 'no';
    return facts.body === undefined ? unreadable(meant, why) : mergePatch(facts.body, file, meant);
  });
  return patches.length === 0 || file.unread.length > 0
    ? [...patches, unreadable(vague, why)]
    : patches;
}

function patchesOf(source: Source, fileAt: FileAt): readonly Patch[] {
  const { map } = source;
  const strategic = itemsOf(map, 'patchesStrategicMerge').flatMap((item) =>
    patchesFrom(item, undefined, source, fileAt, true),
  );
  const targeted = ['patches', 'patchesJson6902'].flatMap((key) =>
    itemsOf(map, key).flatMap((item) => {
      const value = (name: string) =>
        item.kind === 'map' ? entryOf(item, name)?.value : undefined;
      const path = value('path');
      return patchesFrom(
        path ?? value('patch'),
        value('target'),
        source,
        fileAt,
        path !== undefined,
      );
    }),
  );
  return [...strategic, ...targeted];
}

const SCALED_KINDS: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicationController',
  'ReplicaSet',
  'StatefulSet',
]);

function replicasOf({ map, file }: Source): readonly Patch[] {
  return itemsOf(map, 'replicas').map((item): Patch => {
    const name = textAt(item, 'name');
    const count = item.kind === 'map' ? entryOf(item, 'count') : undefined;
    const value: Node = count?.value ?? {
      kind: 'unknown',
      why: `set by ${file.path}`,
      range: item.range,
    };
    return {
      meant: (object) =>
        SCALED_KINDS.has(object.kind) &&
        (name === undefined || object.name === name || object.facts.name === name)
          ? 'yes'
          : 'no',
      apply: (_object, body) => {
        const changed = changedAt(body, ['spec', 'replicas'], { op: 'set', value }, file);
        return changed.kind === 'map' ? changed : body;
      },
    };
  });
}

/** Replacements copy values from elsewhere: the fields that they name become unknown. */
function replacementsOf({ map, file }: Source): readonly Patch[] {
  const why = `replaced by ${file.path}`;
  return itemsOf(map, 'replacements').flatMap((item): readonly Patch[] => {
    const targets = item.kind === 'map' ? itemsOf(item, 'targets') : [];
    if (targets.length === 0) return [unreadable(() => 'perhaps', why)];
    return targets.map((target): Patch => {
      const select = target.kind === 'map' ? entryOf(target, 'select')?.value : undefined;
      const paths = target.kind === 'map' ? itemsOf(target, 'fieldPaths') : [];
      return {
        meant: targetOf(select),
        apply: (_object, body) => {
          let node: Node = body;
          for (const path of paths) {
            const text = path.kind === 'scalar' ? String(path.value) : '';
            const segments = text.split('.');
            // Below a selected item of a list, the whole list is unknown.
            const cut = segments.findIndex((segment) => /[[\]*]/.test(segment));
            const plain = cut < 0 ? segments : segments.slice(0, cut);
            const value: Node = { kind: 'unknown', why, range: path.range };
            const fits = plain.length > 0 && plain.length <= MAX_SEGMENTS && text !== '';
            node = fits
              ? changedAt(node, plain, { op: 'set', value }, file)
              : withUnknownSpec(body, why);
          }
          return node.kind === 'map' ? node : body;
        },
      };
    });
  });
}

const TEMPLATE_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels']],
  ...['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'DaemonSet', 'Job'].map(
    (kind): [string, readonly string[]] => [kind, ['spec', 'template', 'metadata', 'labels']],
  ),
]);

/**
 * Selectors that Kustomize's label transformer extends (its `commonLabels` field specifications), and makes where they
 * are missing, but for those of `KEPT_ABSENT`.
 */
const SELECTOR_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Service', ['spec', 'selector']],
  ['ReplicationController', ['spec', 'selector']],
  ...['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet', 'PodDisruptionBudget'].map(
    (kind): [string, readonly string[]] => [kind, ['spec', 'selector', 'matchLabels']],
  ),
]);

/** Kinds that stay without a selector when they have none. */
const KEPT_ABSENT: ReadonlySet<string> = new Set(['PodDisruptionBudget']);

/** `commonLabels` and `labels`, on objects, templates and selectors. */
function labelsOf({ map, file }: Source): (object: BuiltObject, body: MapNode) => MapNode {
  interface Pairs {
    readonly entries: readonly MapEntry[];
    readonly selectors: boolean;
    readonly templates: boolean;
  }
  const pairs = (node: Node | undefined, selectors: boolean, templates: boolean): Pairs[] =>
    node?.kind === 'map'
      ? [{ entries: node.entries.slice(0, MAX_CHANGES), selectors, templates }]
      : [];
  const says = (item: Node, key: string) => textAt(item, key) === 'true';
  const all = [
    ...pairs(entryOf(map, 'commonLabels')?.value, true, true),
    ...itemsOf(map, 'labels').flatMap((item) => {
      if (item.kind !== 'map') return [];
      const selectors = says(item, 'includeSelectors');
      const templates = selectors || says(item, 'includeTemplates');
      return pairs(entryOf(item, 'pairs')?.value, selectors, templates);
    }),
  ];
  return (object, body) => {
    let node: Node = body;
    for (const { entries, selectors, templates } of all) {
      const template = templates ? TEMPLATE_PATHS.get(object.kind) : undefined;
      const selector = selectors ? SELECTOR_PATHS.get(object.kind) : undefined;
      for (const path of [['metadata', 'labels'], template, selector]) {
        if (path === undefined) continue;
        if (path === selector && KEPT_ABSENT.has(object.kind) && !isMapAt(node, path)) continue;
        for (const entry of entries) {
          const value = standingIn(file, entry).value;
          node = changedAt(node, [...path, entry.key], { op: 'set', value }, file);
        }
      }
    }
    return node.kind === 'map' ? node : body;
  };
}

function isMapAt(node: Node, path: readonly string[]): boolean {
  let at: Node | undefined = node;
  for (const key of path) at = at?.kind === 'map' ? entryOf(at, key)?.value : undefined;
  return at?.kind === 'map';
}
