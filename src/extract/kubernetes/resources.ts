/** Nodes to Kubernetes objects: headers, lists and OpenShift templates. */
import type { MapNode, Node, ResourceFacts } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { groupOf, isLocal, isModelled, mayHoldObjects } from './modelled.ts';
import { withDefaults } from './parameters.ts';

/** Objects that one file may hold; further ones are left out. */
export const MAX_RESOURCES = 10_000;

export interface Objects {
  readonly resources: ResourceFacts[];
  /** Places of objects whose kind is a placeholder, by their starts. */
  readonly unknownKinds: Map<number, Range>;
  /** Every object keeps its body. */
  readonly complete: boolean;
}

/** What a list without kinds on its items (`PodList`) says of them. */
interface Inherited {
  readonly apiVersion: string;
  readonly kind: string;
  readonly kindRange: Range;
}

/** The value of a key of a map, if any. */
export function fieldOf(map: MapNode, key: string): Node | undefined {
  return map.entries.find((entry) => entry.key === key)?.value;
}

/** Adds the objects that `node`, the root of a document, holds. */
export function addObjects(
  node: Node,
  objects: Objects,
  renderedFrom: string | undefined,
  inherited?: Inherited,
): void {
  if (node.kind !== 'map' || objects.resources.length >= MAX_RESOURCES) return;
  const kindNode = fieldOf(node, 'kind');
  const versionNode = fieldOf(node, 'apiVersion');
  if (kindNode?.kind === 'unknown') {
    objects.unknownKinds.set(node.range[0], node.range);
    return;
  }
  const kind = textOf(kindNode) ?? inherited?.kind;
  const kindRange = kindNode?.kind === 'scalar' ? kindNode.range : inherited?.kindRange;
  if (kind === undefined || kind === '' || kindRange === undefined) return;
  const apiVersion = textOf(versionNode) ?? inherited?.apiVersion ?? '';
  if (
    versionNode === undefined &&
    inherited === undefined &&
    fieldOf(node, 'metadata') === undefined
  )
    return;
  if (isLocal(apiVersion, kind) && !objects.complete) return;
  const items = heldObjects(node, kind, apiVersion);
  if (items !== undefined) {
    const itemKind = kind.endsWith('List') ? kind.slice(0, -'List'.length) : '';
    const passed = itemKind === '' ? undefined : { apiVersion, kind: itemKind, kindRange };
    for (const item of items) addObjects(item, objects, renderedFrom, passed);
    return;
  }
  objects.resources.push({
    apiVersion,
    resourceKind: kind,
    ...headerOf(fieldOf(node, 'metadata')),
    ...(objects.complete || isModelled(apiVersion, kind) ? { body: node } : {}),
    kindRange,
    range: node.range,
    ...(renderedFrom === undefined ? {} : { renderedFrom }),
  });
}

function heldObjects(node: MapNode, kind: string, apiVersion: string): readonly Node[] | undefined {
  if (!mayHoldObjects(kind)) return undefined;
  const group = groupOf(apiVersion);
  const isTemplate = kind === 'Template' && (group === '' || group === 'template.openshift.io');
  const held = isTemplate
    ? (fieldOf(node, 'objects') ?? fieldOf(node, 'items'))
    : kind.endsWith('List')
      ? fieldOf(node, 'items')
      : undefined;
  if (held?.kind !== 'sequence') return undefined;
  return isTemplate ? held.items.map(withDefaults(node)) : held.items;
}

/** Name and namespace out of an object's `metadata`. */
export function headerOf(
  metadata: Node | undefined,
): Pick<ResourceFacts, 'name' | 'namespace' | 'namespaceUnknown'> {
  if (metadata?.kind === 'unknown') return { namespaceUnknown: true };
  if (metadata?.kind !== 'map') return {};
  const name = textOf(fieldOf(metadata, 'name'));
  const namespaceNode = fieldOf(metadata, 'namespace');
  const namespace = textOf(namespaceNode);
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    ...(namespaceNode?.kind === 'unknown' ? { namespaceUnknown: true } : {}),
  };
}

/** A text; a number or boolean as it is written. */
function textOf(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : node.text;
}
