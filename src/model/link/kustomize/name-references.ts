/** Names of other objects in an object, set to what prefixes, suffixes, namespaces and hashes made of them. */
import type { MapEntry, MapNode, Node } from '../../../facts.ts';
import { inPlaceOf } from '../cursor.ts';
import type { NameReference } from './defaults.ts';
import { changedFields, type FieldSpec, isAbout } from './field-spec.ts';
import {
  apiVersionOf,
  effectiveNamespace,
  type Identity,
  identitiesOf,
  originalOf,
  type Resource,
  setBody,
} from './resource.ts';
import { isClusterScoped } from './schema.ts';
import {
  entryOf,
  itemsOf,
  nodeAt,
  textAt,
  textNode,
  withEntry,
  withItems,
  withValue,
  writtenText,
} from './tree.ts';

function isCluster(id: Identity): boolean {
  return isClusterScoped(apiVersionOf(id), id.kind);
}

/** Objects by the names that they had. */
type Renamed = ReadonlyMap<string, readonly Resource[]>;

function renamedOf(resources: readonly Resource[]): Renamed {
  const renamed = new Map<string, Resource[]>();
  for (const resource of resources)
    for (const name of new Set(resource.previous.map((old) => old.name))) {
      const list = renamed.get(name);
      if (list === undefined) renamed.set(name, [resource]);
      else list.push(resource);
    }
  return renamed;
}

/** Gives every reference in the objects the name that its object has now. */
export function withNewNames(
  resources: readonly Resource[],
  references: readonly NameReference[],
): void {
  const renamed = renamedOf(resources);
  if (renamed.size === 0) return;
  const byKind = referencesByKind(references);
  const namespaces = new Set(resources.map((one) => effectiveNamespace(originalOf(one))));
  for (const resource of resources) {
    if (resource.body === undefined) continue;
    const { kind } = originalOf(resource);
    for (const { target, spec } of [...(byKind.get(kind) ?? []), ...(byKind.get('') ?? [])]) {
      if (!isAbout(spec, originalOf(resource))) continue;
      const referrer = new Referrer(resource, target, spec, renamed, namespaces);
      const body = changedFields(
        resource.body,
        { path: spec.path, create: false },
        resource.file,
        (old) => (old === undefined ? undefined : referrer.entry(old)),
      );
      if (body !== resource.body) setBody(resource, body);
    }
  }
}

interface Reference {
  readonly target: NameReference['target'];
  readonly spec: FieldSpec;
}

function referencesByKind(
  references: readonly NameReference[],
): ReadonlyMap<string, readonly Reference[]> {
  const byKind = new Map<string, Reference[]>();
  for (const { target, referrers } of references)
    for (const spec of referrers) {
      const kind = spec.kind ?? '';
      const list = byKind.get(kind);
      if (list === undefined) byKind.set(kind, [{ target, spec }]);
      else list.push({ target, spec });
    }
  return byKind;
}

/** One object and one kind of references in it. */
class Referrer {
  private readonly resource: Resource;
  private readonly target: NameReference['target'];
  private readonly spec: FieldSpec;
  private readonly renamed: Renamed;
  /** Namespaces that files give to objects. */
  private readonly namespaces: ReadonlySet<string>;

  constructor(
    resource: Resource,
    target: NameReference['target'],
    spec: FieldSpec,
    renamed: Renamed,
    namespaces: ReadonlySet<string>,
  ) {
    this.resource = resource;
    this.target = target;
    this.spec = spec;
    this.renamed = renamed;
    this.namespaces = namespaces;
  }

  entry(old: MapEntry): MapEntry {
    const value = this.node(old.value);
    return value === old.value ? old : inPlaceOf(old, { ...old, value });
  }

  private node(node: Node): Node {
    if (node.kind === 'sequence')
      return withItems(
        node,
        node.items.map((item) => {
          const changed = this.node(item);
          return changed === item ? item : inPlaceOf(item, changed);
        }),
      );
    if (node.kind === 'map') return this.map(node);
    const name = writtenText(node);
    if (name === undefined || name === '') return node;
    const found = this.select(this.renamed.get(name) ?? [], (a, b) => a.id.name === b.id.name);
    return found === undefined || found.id.name === name
      ? node
      : textNode(found.id.name, node.range);
  }

  /** A reference by name and namespace. */
  private map(node: MapNode): MapNode {
    const entry = entryOf(node, 'name');
    const name = writtenText(entry?.value);
    if (entry === undefined || name === undefined) return node;
    const namespace = textAt(node, 'namespace');
    const candidates = this.renamed.get(name) ?? [];
    const found = this.select(
      namespace === undefined ? candidates : this.inNamespace(candidates, namespace),
      (a, b) => a.id.name === b.id.name && a.id.namespace === b.id.namespace,
    );
    if (found === undefined || (found.id.name === name && found.id.namespace === '')) return node;
    let result = node;
    if (found.id.name !== name)
      result = withValue(result, entry, textNode(found.id.name, entry.value.range));
    if (found.id.namespace === '' || found.id.namespace === namespace) return result;
    const old = entryOf(node, 'namespace');
    const range = old?.value.range ?? entry.value.range;
    const value = textNode(found.id.namespace, range);
    const made = { key: 'namespace', keyRange: range, value };
    return withEntry(result, old === undefined ? made : inPlaceOf(old, { ...old, value }));
  }

  private inNamespace(candidates: readonly Resource[], namespace: string): readonly Resource[] {
    const idOf = this.namespaces.has(namespace) ? originalOf : ({ id }: Resource) => id;
    return candidates.filter((one) => effectiveNamespace(idOf(one)) === namespace);
  }

  private select(
    all: readonly Resource[],
    isSame: (a: Resource, b: Resource) => boolean,
  ): Resource | undefined {
    let candidates = all
      .filter((one) =>
        identitiesOf(one)
          .slice(0, -1)
          .some((id) => isAbout(this.target, id)),
      )
      .filter((one) => this.mayRefer(one) && this.isOfRole(one));
    if (candidates.length === 1) return candidates[0];
    candidates = candidates.filter((one) => isLikeNamed(one, this.resource, true));
    if (candidates.length > 1)
      candidates = candidates.filter((one) => isLikeNamed(one, this.resource, false));
    const [first, ...others] = candidates;
    if (first === undefined) return undefined;
    return others.every((other) => isSame(first, other)) ? first : undefined;
  }

  /** An object of the same namespace, one without a namespace, or one that a role binding names with its namespace. */
  private mayRefer({ id }: Resource): boolean {
    const own = this.resource.id;
    if (isCluster(own) || isCluster(id)) return true;
    if (effectiveNamespace(own) === effectiveNamespace(id)) return true;
    return id.kind === 'ServiceAccount' && this.subjectNamespaces().has(id.namespace);
  }

  private subjectNamespaces(): ReadonlySet<string | undefined> {
    const { body, id } = this.resource;
    if (body === undefined || id.kind !== 'RoleBinding') return new Set();
    const accounts = itemsOf(body, 'subjects').filter(
      (subject) => textAt(subject, 'kind') === 'ServiceAccount',
    );
    return new Set(accounts.map((subject) => textAt(subject, 'namespace')));
  }

  private isOfRole(one: Resource): boolean {
    const { path } = this.spec;
    if (path.at(-1) !== 'name' || path.at(-2) !== 'roleRef') return true;
    const role = nodeAt(this.resource.body, 'roleRef');
    const group = textAt(role, 'apiGroup');
    const kind = textAt(role, 'kind');
    if (group === undefined || kind === undefined) return true;
    const wanted = { ...(group === '' ? {} : { group }), kind };
    return identitiesOf(one)
      .slice(0, -1)
      .some((id) => isAbout(wanted, id));
  }
}

/** True when both went through the same prefixes and suffixes at last. */
function isLikeNamed(a: Resource, b: Resource, mayBeEmpty: boolean): boolean {
  const alike = (x: readonly string[], y: readonly string[]) => {
    if (mayBeEmpty && (x.length === 0 || y.length === 0)) return true;
    const length = Math.min(x.length, y.length);
    if (length === 0) return x.length === y.length;
    const ending = (list: readonly string[]) => JSON.stringify(list.slice(list.length - length));
    return ending(x) === ending(y);
  };
  return alike(a.prefixes, b.prefixes) && alike(a.suffixes, b.suffixes);
}
