/** The objects that `generators` and `transformers` name: configurations of what makes and changes other objects. */
import type { FileFacts, MapNode } from '../../../facts.ts';
import { type Resource, resourceFrom } from './resource.ts';
import { nodeAt, textAt } from './tree.ts';

/** The configuration that stands as a text in a kustomization. */
export function configFrom(file: FileFacts, body: MapNode): Resource {
  const name = textAt(body, 'metadata', 'name');
  return resourceFrom(file, {
    apiVersion: textAt(body, 'apiVersion') ?? '',
    resourceKind: textAt(body, 'kind') ?? '',
    ...(name === undefined ? {} : { name }),
    body,
    kindRange: body.range,
    range: body.range,
  });
}

/** The configuration of a generator; what has no name of its own is named by its metadata. */
export function withName(body: MapNode): MapNode {
  const missing = (key: string) =>
    nodeAt(body, key) === undefined ? nodeAt(body, 'metadata', key) : undefined;
  const [name, namespace] = [missing('name'), missing('namespace')];
  const more = [
    ...(name === undefined ? [] : [{ key: 'name', keyRange: name.range, value: name }]),
    ...(namespace === undefined
      ? []
      : [{ key: 'namespace', keyRange: namespace.range, value: namespace }]),
  ];
  return { ...body, entries: [...body.entries, ...more] };
}
