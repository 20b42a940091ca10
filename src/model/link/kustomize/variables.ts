/** `vars`: `$(NAME)` in known fields, replaced by the field of an object. */
import type { MapEntry, MapNode, Node } from '../../../facts.ts';
import { inPlaceOf } from '../cursor.ts';
import { lookedUp, segmentsOf } from './field-path.ts';
import { changedFields, type FieldSpec, isAbout, selectorFrom } from './field-spec.ts';
import {
  effectiveNamespace,
  groupAndVersion,
  type Identity,
  identitiesOf,
  type Resource,
  setBody,
} from './resource.ts';
import { textAt, textNode, withItems, withValue, writtenText } from './tree.ts';

/** A variable; the object that it reads remembers its name. */
export interface Variable {
  readonly name: string;
  readonly fieldPath: string;
}

/** Variables of one build, and references to them in one text. */
const MAX_VARIABLES = 1000;

/** The variables that a kustomization defines; the objects that they read are found by the names that they have now. */
export function variablesOf(
  items: readonly Node[],
  resources: readonly Resource[],
): readonly Variable[] {
  return items.slice(0, MAX_VARIABLES).flatMap((item): readonly Variable[] => {
    const name = textAt(item, 'name');
    const fieldPath = anyCase(anyCase(item, 'fieldref'), 'fieldpath');
    const reference = anyCase(item, 'objref');
    if (name === undefined || reference === undefined) return [];
    const apiVersion = textAt(reference, 'apiVersion');
    const { group = '', version = '' } =
      apiVersion === undefined ? selectorFrom(reference) : groupAndVersion(apiVersion);
    const wanted: Identity = {
      group,
      version,
      kind: textAt(reference, 'kind') ?? '',
      name: textAt(reference, 'name') ?? '',
      namespace: textAt(reference, 'namespace') ?? '',
    };
    const source = resources.find((one) => identitiesOf(one).some((id) => isMeant(wanted, id)));
    if (source !== undefined) source.variables = [...source.variables, name];
    return [{ name, fieldPath: textAt(fieldPath) ?? 'metadata.name' }];
  });
}

/** Kustomize does not mind upper and lower case in the names of these fields. */
function anyCase(node: Node | undefined, key: string): Node | undefined {
  if (node?.kind !== 'map') return undefined;
  return node.entries.findLast((entry) => entry.key.toLowerCase() === key)?.value;
}

function isMeant(wanted: Identity, id: Identity): boolean {
  return (
    wanted.name === id.name &&
    wanted.kind === id.kind &&
    wanted.group === id.group &&
    wanted.version === id.version &&
    (wanted.namespace === '' || effectiveNamespace(wanted) === effectiveNamespace(id))
  );
}

/** Replaces the variables in all objects. A variable whose value is not known leaves an unknown field. */
export function withVariables(
  resources: readonly Resource[],
  variables: readonly Variable[],
  specs: readonly FieldSpec[],
): void {
  if (variables.length === 0) return;
  const values = new Map<string, Node | undefined>();
  for (const { name, fieldPath } of variables) {
    const source = resources.find((one) => one.variables.includes(name));
    if (!values.has(name)) values.set(name, fieldOf(source, fieldPath));
  }
  for (const resource of resources) {
    let { body } = resource;
    if (body === undefined) continue;
    for (const spec of specs)
      if (isAbout(spec, resource.id))
        body = changedFields(body, { ...spec, create: false }, resource.file, (old) =>
          old === undefined ? undefined : filledEntry(old, values),
        );
    if (body !== resource.body) setBody(resource, body);
  }
}

function fieldOf(source: Resource | undefined, fieldPath: string): Node | undefined {
  const segments = segmentsOf(fieldPath)?.flatMap((segment) => {
    const [, field = '', index] = /^(.*)\[(\d+)\]$/.exec(segment) ?? [];
    return index === undefined ? [segment] : [...(field === '' ? [] : [field]), index];
  });
  if (source?.body === undefined || segments === undefined) return undefined;
  const value = lookedUp(source.body, segments);
  return value?.kind === 'scalar' ? value : undefined;
}

function filledEntry(old: MapEntry, values: ReadonlyMap<string, Node | undefined>): MapEntry {
  const value = filled(old.value, values, true);
  return value === old.value ? old : inPlaceOf(old, { ...old, value });
}

function filled(node: Node, values: ReadonlyMap<string, Node | undefined>, isTop: boolean): Node {
  if (node.kind === 'map' && isTop) return filledMap(node, values);
  if (node.kind === 'sequence' && isTop)
    return withItems(
      node,
      node.items.map((item) => {
        const changed = filled(item, values, false);
        return changed === item ? item : inPlaceOf(item, changed);
      }),
    );
  const isText =
    node.kind === 'unknown' || (node.kind === 'scalar' && typeof node.value === 'string');
  const text = isText ? writtenText(node) : undefined;
  if (text === undefined || !text.includes('$')) return node;
  return filledText(node, text, values);
}

function filledMap(map: MapNode, values: ReadonlyMap<string, Node | undefined>): MapNode {
  let result = map;
  for (const entry of map.entries)
    result = withValue(result, entry, filled(entry.value, values, false));
  return result;
}

/** The text with its variables replaced: `$$` is a dollar sign, what is no variable of the build stays. */
function filledText(node: Node, text: string, values: ReadonlyMap<string, Node | undefined>): Node {
  const whole = /^\$\(([^)]*)\)$/.exec(text)?.[1];
  if (whole !== undefined && values.has(whole)) {
    const value = values.get(whole);
    if (value !== undefined) return { ...value, range: node.range };
  }
  let isHidden = false;
  let isPlaceholder = false;
  const result = text.replaceAll(/\$(?:\$|\(([^)]*)\)|(?=.|$))/gs, (written, name?: string) => {
    if (written === '$$') return '$';
    if (name === undefined || !values.has(name)) {
      if (name !== undefined) isPlaceholder = true;
      return written;
    }
    const value = writtenText(values.get(name));
    if (value === undefined) isHidden = true;
    return value ?? written;
  });
  if (isHidden) return { kind: 'unknown', why: 'a variable of Kustomize', range: node.range };
  if (result === text) return node;
  const isOpen = node.kind === 'unknown' && (isPlaceholder || /\$\{|\$[A-Za-z_]/.test(result));
  return isOpen ? { ...node, text: result } : textNode(result, node.range);
}
