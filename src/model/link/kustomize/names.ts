/** `namePrefix` and `nameSuffix`. */
import type { FileFacts, Node } from '../../../facts.ts';
import { inPlaceOf } from '../cursor.ts';
import { changedFields, type FieldSpec, isAbout } from './field-spec.ts';
import { keepIdentity, originalOf, type Resource, setBody, setName } from './resource.ts';
import { textNode, writtenText } from './tree.ts';

/** Kinds whose names are fixed. */
function isFixed(resource: Resource): boolean {
  const { kind, group } = originalOf(resource);
  return (
    kind === 'CustomResourceDefinition' ||
    kind === 'Namespace' ||
    (kind === 'APIService' && group === 'apiregistration.k8s.io')
  );
}

/** Names of all objects with a prefix in front, or a suffix behind. */
export function renamed(
  resources: readonly Resource[],
  text: string,
  where: 'prefix' | 'suffix',
  specs: readonly FieldSpec[],
  file: FileFacts,
): void {
  if (text === '') return;
  const changed = (name: string) => (where === 'prefix' ? `${text}${name}` : `${name}${text}`);
  for (const resource of resources) {
    if (isFixed(resource)) continue;
    for (const spec of specs) {
      if (!isAbout(spec, originalOf(resource))) continue;
      if (spec.path.join('/') === 'metadata/name') {
        if (where === 'prefix') resource.prefixes = [...resource.prefixes, text];
        else resource.suffixes = [...resource.suffixes, text];
        keepIdentity(resource);
        if (resource.id.name !== '') setName(resource, changed(resource.id.name));
        continue;
      }
      const { body } = resource;
      if (body === undefined || !isAbout(spec, resource.id)) continue;
      const result = changedFields(body, spec, file, (old) => {
        const name = writtenText(old?.value);
        if (old === undefined || name === undefined) return old;
        const value: Node = textNode(changed(name), old.value.range);
        return inPlaceOf(old, { ...old, value });
      });
      setBody(resource, result);
    }
  }
}
