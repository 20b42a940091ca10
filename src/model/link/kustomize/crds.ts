/** `crds:` of a kustomization: types of custom resources, whose extensions say which fields hold names, labels and annotations. */
import type { MapNode, Node } from '../../../facts.ts';
import { EMPTY } from './configuration.ts';
import type { Configuration, NameReference } from './defaults.ts';
import type { FieldSpec } from './field-spec.ts';
import { nodeAt, textAt } from './tree.ts';

/** Fields of types that one file may have, each as often as it is reached, and levels of types within types. */
const MAX_FIELDS = 10_000;
const MAX_DEPTH = 20;

/** `schema`, in any case, as Go reads it. */
function propertiesOf(type: Node | undefined): MapNode | undefined {
  const schema =
    type?.kind === 'map'
      ? type.entries.findLast(({ key }) => key.toLowerCase() === 'schema')?.value
      : undefined;
  const properties = nodeAt(schema, 'properties');
  return properties?.kind === 'map' ? properties : undefined;
}

/**
 * What the types of a file add to the configuration. Each is named like `example.com/shop/v1.Till`, and its end is the kind.
 * Undefined when there is no end to them: Kustomize never comes back from a type that holds itself.
 */
export function configurationOfTypes(types: Node): Configuration | undefined {
  if (types.kind !== 'map') return undefined;
  const commonAnnotations: FieldSpec[] = [];
  const commonLabels: FieldSpec[] = [];
  const namePrefix: FieldSpec[] = [];
  const nameReference: NameReference[] = [];
  let left = MAX_FIELDS;
  const walk = (properties: MapNode, kind: string, above: readonly string[]): void => {
    for (const { key, value } of properties.entries) {
      if (--left < 0) return;
      const path = [...above, key];
      const spec: FieldSpec = { path, kind, create: false };
      const says = (extension: string) => textAt(value, `x-kubernetes-${extension}`);
      if (says('annotation') !== undefined) commonAnnotations.push(spec);
      if (says('label-selector') !== undefined) commonLabels.push(spec);
      if (says('identity') !== undefined) namePrefix.push(spec);
      const version = says('object-ref-api-version');
      const referred = says('object-ref-kind');
      if (version !== undefined && referred !== undefined)
        nameReference.push({
          target: { version, kind: referred },
          referrers: [{ ...spec, path: [...path, says('object-ref-name-key') ?? 'name'] }],
        });
      const type = textAt(value, '$ref');
      const below = type === undefined ? undefined : propertiesOf(nodeAt(types, type));
      if (below === undefined) continue;
      if (path.length >= MAX_DEPTH) left = -1;
      else walk(below, kind, path);
    }
  };
  for (const { key, value } of types.entries) {
    const properties = propertiesOf(value);
    const isObject = ['apiVersion', 'kind', 'metadata'].every(
      (field) => nodeAt(properties, field) !== undefined,
    );
    if (properties !== undefined && isObject)
      walk(properties, key.slice(key.lastIndexOf('.') + 1), []);
  }
  if (left < 0) return undefined;
  return { ...EMPTY, commonAnnotations, commonLabels, namePrefix, nameReference };
}
