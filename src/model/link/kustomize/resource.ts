/** The objects of a build while kustomizations change them, and the names that they had on the way. */
import type { FileFacts, MapNode, Node, ResourceFacts } from '../../../facts.ts';
import { isClusterScoped } from './schema.ts';
import { entryOf, nodeAt, textAt, textNode, withValue, writtenText } from './tree.ts';

/** What tells objects apart. An absent namespace is ''. */
export interface Identity {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** What a generator says of the object that it makes. */
export interface Generated {
  readonly behavior: 'create' | 'merge' | 'replace';
  /** Its name ends with a hash of its content. */
  readonly hashed: boolean;
}

/** One object of a build. Trees never change, so a copy of the record is a copy of the object. */
export interface Resource {
  readonly file: FileFacts;
  readonly facts: ResourceFacts;
  /** The object with patches and transformers applied; undefined for kinds of which only the header is known. */
  body: MapNode | undefined;
  id: Identity;
  /** Identities before the present one, the oldest first. */
  previous: readonly Pick<Identity, 'kind' | 'name' | 'namespace'>[];
  prefixes: readonly string[];
  suffixes: readonly string[];
  generated: Generated | undefined;
  /** The namespace is a placeholder that no kustomization replaced. */
  namespaceUnknown: boolean;
  /** Names of the variables (`vars`) that read a field of it. */
  variables: readonly string[];
}

export function apiVersionOf({ group, version }: Pick<Identity, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

export function groupAndVersion(apiVersion: string): Pick<Identity, 'group' | 'version'> {
  const slash = apiVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
  };
}

/** An object as its file says it. */
export function resourceFrom(file: FileFacts, facts: ResourceFacts): Resource {
  return {
    file,
    facts,
    body: facts.body,
    id: {
      ...groupAndVersion(facts.apiVersion),
      kind: facts.resourceKind,
      name: facts.name ?? '',
      namespace: facts.namespace ?? '',
    },
    previous: [],
    prefixes: [],
    suffixes: [],
    generated: undefined,
    namespaceUnknown: facts.namespaceUnknown === true,
    variables: [],
  };
}

/** What stands for the namespace of kinds that have none. */
const NO_NAMESPACE = '_non_namespaceable_';

export function effectiveNamespace(id: Identity): string {
  if (isClusterScoped(apiVersionOf(id), id.kind)) return NO_NAMESPACE;
  return id.namespace === '' ? 'default' : id.namespace;
}

/** All identities that an object had, the oldest first, and the one that it has. */
export function identitiesOf({ id, previous }: Resource): readonly Identity[] {
  return [...previous.map((old): Identity => ({ ...id, ...old })), id];
}

/** The identity that its file gives it. */
export function originalOf(resource: Resource): Identity {
  return identitiesOf(resource)[0] ?? resource.id;
}

export function isSameIdentity(a: Identity, b: Identity): boolean {
  return (
    a.name === b.name &&
    a.kind === b.kind &&
    a.group === b.group &&
    a.version === b.version &&
    effectiveNamespace(a) === effectiveNamespace(b)
  );
}

/** Remembers the present identity, before it changes. */
export function keepIdentity(resource: Resource): void {
  const { kind, name } = resource.id;
  const namespace = effectiveNamespace(resource.id);
  resource.previous = [...resource.previous, { kind, name, namespace }];
}

/** Takes over a changed tree, and what it says of the identity. */
export function setBody(resource: Resource, body: MapNode): void {
  resource.body = body;
  const apiVersion = textAt(body, 'apiVersion');
  resource.id = {
    ...(apiVersion === undefined ? resource.id : groupAndVersion(apiVersion)),
    kind: textAt(body, 'kind') ?? resource.id.kind,
    name: textAt(body, 'metadata', 'name') ?? '',
    namespace: textAt(body, 'metadata', 'namespace') ?? '',
  };
  resource.namespaceUnknown = nodeAt(body, 'metadata', 'namespace')?.kind === 'unknown';
}

/** Gives the object another name; the name still stands where its file writes it. */
export function setName(resource: Resource, name: string): void {
  const { body, id } = resource;
  resource.id = { ...id, name };
  const metadata = nodeAt(body, 'metadata');
  if (body === undefined || metadata?.kind !== 'map') return;
  const entry = entryOf(metadata, 'name');
  if (entry === undefined || writtenText(entry.value) === name) return;
  const named = withValue(metadata, entry, textNode(name, entry.value.range));
  resource.body = withBelow(body, 'metadata', named);
}

function withBelow(map: MapNode, key: string, value: Node): MapNode {
  const entry = entryOf(map, key);
  return entry === undefined ? map : withValue(map, entry, value);
}
