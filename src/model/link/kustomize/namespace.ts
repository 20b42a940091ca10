/** `namespace`: the namespace of all objects, and of what refers to it. */
import type { FileFacts, MapEntry, MapNode, Node } from '../../../facts.ts';
import { inPlaceOf, standingIn } from '../cursor.ts';
import { changedFields, type FieldSpec, isAbout } from './field-spec.ts';
import { apiVersionOf, keepIdentity, type Resource, setBody } from './resource.ts';
import { isClusterScoped } from './schema.ts';
import {
  entryOf,
  isNull,
  nodeAt,
  textAt,
  withEntry,
  withItems,
  withValue,
  writtenText,
} from './tree.ts';

/** Which subjects of role bindings get the namespace. */
export type SubjectMode = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceChange {
  readonly file: FileFacts;
  /** The text of the new namespace, at its place. */
  readonly value: Node;
  readonly specs: readonly FieldSpec[];
  /** A namespace that is there stays. */
  readonly unsetOnly: boolean;
  readonly subjects: SubjectMode;
}

const METADATA: FieldSpec = { path: ['metadata', 'namespace'], create: true };

export function moved(resources: readonly Resource[], change: NamespaceChange): void {
  const namespace = writtenText(change.value) ?? '';
  if (namespace === '') return;
  for (const resource of resources) {
    const isScoped = !isClusterScoped(apiVersionOf(resource.id), resource.id.kind);
    keepIdentity(resource);
    if (resource.body !== undefined)
      setBody(resource, withNamespace(resource, resource.body, change));
    else if (isScoped && !(change.unsetOnly && resource.id.namespace !== '')) {
      resource.id = { ...resource.id, namespace };
      resource.namespaceUnknown = change.value.kind === 'unknown';
    }
  }
}

function withNamespace({ id }: Resource, body: MapNode, change: NamespaceChange): MapNode {
  const { file, value, unsetOnly, subjects } = change;
  const set = (old: MapEntry | undefined, key = 'namespace'): MapEntry | undefined => {
    const text = writtenText(old?.value);
    if (unsetOnly && text !== undefined && text !== '') return old;
    if (text !== undefined && text === writtenText(value)) return old;
    return standingIn(file, { key, keyRange: value.range, value });
  };
  const apiVersion = apiVersionOf(id);
  const isBinding = id.kind === 'RoleBinding' || id.kind === 'ClusterRoleBinding';
  let result = isClusterScoped(apiVersion, id.kind)
    ? body
    : changedFields(body, METADATA, file, (old) => set(old));
  if (isBinding) result = withSubjects(result, subjects, set);
  for (const spec of change.specs) {
    const path = spec.path.join('/');
    if (!isAbout(spec, id) || path === 'metadata/namespace') continue;
    if (path === 'metadata/name' && apiVersion !== 'v1') continue;
    if (isBinding && path === 'subjects/namespace') continue;
    // The name of a Namespace is a name: it stays where its file writes it.
    const change =
      path === 'metadata/name'
        ? inPlace(value)
        : (old: MapEntry | undefined) => set(old, spec.path.at(-1));
    result = changedFields(result, spec, file, change);
  }
  return result;
}

function inPlace(value: Node): (old: MapEntry | undefined) => MapEntry | undefined {
  return (old) =>
    old === undefined
      ? undefined
      : inPlaceOf(old, { ...old, value: { ...value, range: old.value.range } });
}

function withSubjects(
  body: MapNode,
  mode: SubjectMode,
  set: (old: MapEntry | undefined) => MapEntry | undefined,
): MapNode {
  const entry = entryOf(body, 'subjects');
  const list = nodeAt(body, 'subjects');
  if (entry === undefined || list?.kind !== 'sequence' || mode === 'none' || isNull(list))
    return body;
  const isMeant = (item: Node) =>
    mode === 'defaultOnly'
      ? textAt(item, 'name') === 'default'
      : textAt(item, 'kind') === 'ServiceAccount';
  const items = list.items.map((item) => {
    if (item.kind !== 'map' || !isMeant(item)) return item;
    const changed = set(entryOf(item, 'namespace'));
    return changed === undefined ? item : inPlaceOf(item, withEntry(item, changed));
  });
  return withValue(body, entry, withItems(list, items));
}
