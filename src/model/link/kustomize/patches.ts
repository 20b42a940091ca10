/** Patches of a kustomization: read from files and from texts in it, and applied to the objects that they are meant for. */
import type { FileFacts, MapEntry, MapNode, Node } from '../../../facts.ts';
import { changedAt, jsonPatched, operationsOf } from './json-patch.ts';
import {
  groupAndVersion,
  type Identity,
  identitiesOf,
  isSameIdentity,
  keepIdentity,
  type Resource,
  setBody,
} from './resource.ts';
import { type Certainty, isSelected } from './selector.ts';
import { blurred, strategicMerge } from './strategic-merge.ts';
import {
  entryOf,
  isTrueAt,
  nodeAt,
  textAt,
  textNode,
  withEntry,
  withoutEntry,
  writtenText,
} from './tree.ts';

/** What changes all objects of a build; the result may have fewer objects. */
export type Step = (resources: readonly Resource[]) => readonly Resource[];

/** Where a kustomization, or a transformer of it, stands, and what it can name. */
export interface Place {
  readonly file: FileFacts;
  /** The file at a path that the kustomization names. */
  readonly fileAt: (path: string) => FileFacts | undefined;
  /** The build has a schema of its own instead of Kustomize's: nobody knows how its lists merge. */
  readonly hasOwnSchema: boolean;
}

type Meant = (resource: Resource, all: readonly Resource[]) => Certainty;

/** The object with everything that a tool may have changed unknown. */
function withUnknownSpec(body: MapNode, why: string): MapNode {
  const entries = body.entries.map((entry) =>
    ['apiVersion', 'kind', 'metadata'].includes(entry.key)
      ? entry
      : { ...entry, value: { kind: 'unknown' as const, why, range: entry.keyRange } },
  );
  return { ...body, entries };
}

/** A patch that nobody can read: everything about the object may be different. */
export function unreadable(meant: Meant, why: string): Step {
  return (resources) => {
    for (const resource of resources) {
      if (resource.body === undefined || meant(resource, resources) === 'no') continue;
      resource.body = withUnknownSpec(resource.body, why);
    }
    return resources;
  };
}

function meantBy(target: Node | undefined): Meant {
  return target === undefined ? () => 'perhaps' : (resource) => isSelected(target, resource);
}

/** What a document without a target is meant for: the object that it names, of whatever namespace if none is equal. */
function namedBy(document: MapNode): Meant {
  const kind = textAt(document, 'kind');
  const name = textAt(document, 'metadata', 'name');
  if (kind === undefined || name === undefined) return () => 'perhaps';
  const wanted: Identity = {
    ...groupAndVersion(textAt(document, 'apiVersion') ?? ''),
    kind,
    name,
    namespace: textAt(document, 'metadata', 'namespace') ?? '',
  };
  const isIt = (one: Resource) => identitiesOf(one).some((id) => isSameIdentity(id, wanted));
  const isLike = (one: Resource) =>
    identitiesOf(one).some((id) => id.kind === kind && id.name === name);
  let known: { readonly all: readonly Resource[]; readonly hasOne: boolean } | undefined;
  return (resource, all) => {
    if (known?.all !== all) known = { all, hasOne: all.some(isIt) };
    return (known.hasOne ? isIt(resource) : isLike(resource)) ? 'yes' : 'no';
  };
}

/** What else a patch may change besides the content. */
interface Allowed {
  readonly name: boolean;
  readonly kind: boolean;
}

function mergeStep(
  document: MapNode,
  file: FileFacts,
  meant: Meant,
  { allowed, copied, hasOwnSchema }: Options,
): Step {
  const why = `perhaps patched by ${file.path}`;
  const patch = contentOf(document, allowed, copied);
  const vague = blurred(patch, why);
  return (resources) =>
    resources.filter((resource) => {
      const certainty = meant(resource, resources);
      if (certainty === 'no') return true;
      const { body } = resource;
      // Of kinds without a body only a deletion counts.
      if (body === undefined) return certainty !== 'yes' || textAt(document, '$patch') !== 'delete';
      const used = certainty === 'yes' ? patch : vague;
      if (used.kind !== 'map') return true;
      if (certainty === 'yes' && (allowed.name || allowed.kind)) keepIdentity(resource);
      const merged = strategicMerge(body, used, file, hasOwnSchema);
      if (merged !== undefined) setBody(resource, merged);
      else if (certainty === 'yes') return false;
      else resource.body = withUnknownSpec(body, 'perhaps deleted by a patch');
      return true;
    });
}

/** The patch without what only says which object it is meant for. */
function contentOf(document: MapNode, allowed: Allowed, copied: boolean): MapNode {
  let patch = withoutEntry(document, 'apiVersion');
  if (!allowed.kind) patch = withoutEntry(patch, 'kind');
  const entry = entryOf(patch, 'metadata');
  if (entry?.value.kind !== 'map') return patch;
  let metadata = withoutEntry(entry.value, 'namespace');
  if (!allowed.name) metadata = withoutEntry(metadata, 'name');
  if (copied) metadata = withTexts(metadata);
  return withEntry(patch, { ...entry, value: metadata });
}

/** Kustomize copies a patch that has several targets, and on the way a null label becomes the text "null". */
function withTexts(metadata: MapNode): MapNode {
  let result = metadata;
  for (const key of ['labels', 'annotations']) {
    const entry = entryOf(metadata, key);
    if (entry?.value.kind !== 'map') continue;
    const entries = entry.value.entries.map((one): MapEntry => {
      const { value } = one;
      if (value.kind !== 'scalar' || typeof value.value === 'string') return one;
      return { ...one, value: textNode(value.text, value.range) };
    });
    result = withEntry(result, { ...entry, value: { ...entry.value, entries } });
  }
  return result;
}

function jsonStep(list: Node, file: FileFacts, meant: Meant, keeps: boolean): Step {
  const why = `patched by ${file.path}`;
  const operations = operationsOf(list);
  if (operations === undefined) return unreadable(meant, why);
  return (resources) => {
    for (const resource of resources) {
      const certainty = meant(resource, resources);
      if (certainty === 'no') continue;
      if (keeps && certainty === 'yes') keepIdentity(resource);
      if (resource.body === undefined) continue;
      if (certainty === 'yes') setBody(resource, jsonPatched(resource.body, operations, file));
      else
        for (const { path } of operations) {
          const value: Node = { kind: 'unknown', why, range: list.range };
          const changed = changedAt(resource.body, path, { op: 'set', value }, file);
          if (changed.kind === 'map') resource.body = changed;
        }
    }
    return resources;
  };
}

/** What one patch says besides its content. */
interface Options {
  readonly target: Node | undefined;
  readonly allowed: Allowed;
  /** Kustomize copies it for each target. */
  readonly copied: boolean;
  /** Its objects are known by their old names too. */
  readonly keeps: boolean;
  readonly hasOwnSchema: boolean;
}

function stepOf(node: Node, file: FileFacts, options: Options): Step {
  const { target, keeps } = options;
  if (node.kind === 'sequence') return jsonStep(node, file, meantBy(target), keeps);
  if (node.kind !== 'map') return unreadable(meantBy(target), `patched by ${file.path}`);
  const meant = target === undefined ? namedBy(node) : meantBy(target);
  return mergeStep(node, file, meant, options);
}

/** Steps of the patches that a text holds, or names. */
function stepsFrom(
  text: Node | undefined,
  { file, fileAt }: Place,
  options: Options,
  mayBePath: boolean,
): readonly Step[] {
  const why = `patched by ${file.path}`;
  const path = writtenText(text);
  if (text === undefined || path === undefined) return [unreadable(meantBy(options.target), why)];
  const named = mayBePath && !path.includes('\n') ? fileAt(path) : undefined;
  if (named !== undefined) return stepsInFile(named, options);
  const documents = file.embedded?.find(({ range }) => range[0] === text.range[0])?.documents;
  if (documents === undefined) return [unreadable(meantBy(options.target), why)];
  return documents.map((document) => stepOf(document, file, options));
}

function stepsInFile(file: FileFacts, options: Options): readonly Step[] {
  const why = `patched by ${file.path}`;
  if (file.jsonPatch !== undefined) return [stepOf(file.jsonPatch, file, options)];
  const bare = file.resources.length > 0 ? [] : (file.kustomizeInput ?? []);
  if (bare.length > 0) return bare.map((node) => stepOf(node, file, options));
  const steps = file.resources.map((facts) => {
    if (facts.body !== undefined) return stepOf(facts.body, file, options);
    const { resourceKind, name } = facts;
    const isNamed: Meant = (one) =>
      identitiesOf(one).some((id) => id.kind === resourceKind && id.name === name) ? 'yes' : 'no';
    return unreadable(options.target === undefined ? isNamed : meantBy(options.target), why);
  });
  return steps.length === 0 || file.unread.length > 0
    ? [...steps, unreadable(meantBy(options.target), why)]
    : steps;
}

const NOTHING: Allowed = { name: false, kind: false };

/** `patchesStrategicMerge`: paths and texts. */
export function strategicSteps(items: readonly Node[], place: Place): readonly Step[] {
  const { hasOwnSchema } = place;
  const options = { target: undefined, allowed: NOTHING, copied: true, keeps: false, hasOwnSchema };
  return items.flatMap((item) => stepsFrom(item, place, options, true));
}

/** One entry of `patches`, or a `PatchTransformer`. */
export function patchSteps(item: Node, place: Place): readonly Step[] {
  const path = nodeAt(item, 'path');
  const target = nodeAt(item, 'target');
  const allowed = {
    name: isTrueAt(item, 'options', 'allowNameChange'),
    kind: isTrueAt(item, 'options', 'allowKindChange'),
  };
  const { hasOwnSchema } = place;
  const options = { target, allowed, copied: target !== undefined, keeps: true, hasOwnSchema };
  return stepsFrom(path ?? nodeAt(item, 'patch'), place, options, path !== undefined);
}

/** One entry of `patchesJson6902`, or a `PatchJson6902Transformer`. */
export function jsonSteps(item: Node, place: Place): readonly Step[] {
  const path = nodeAt(item, 'path');
  const text = path ?? nodeAt(item, 'patch') ?? nodeAt(item, 'jsonOp');
  const target = nodeAt(item, 'target');
  const { hasOwnSchema } = place;
  const options = { target, allowed: NOTHING, copied: false, keeps: false, hasOwnSchema };
  return stepsFrom(text, place, options, path !== undefined);
}
