/** `replicas`: the number of pods of the objects of a name. */
import type { FileFacts, Node } from '../../../facts.ts';
import { standingIn } from '../cursor.ts';
import { changedFields, type FieldSpec, isAbout } from './field-spec.ts';
import { identitiesOf, type Resource, setBody } from './resource.ts';
import { nodeAt, writtenText } from './tree.ts';

export function scaled(
  resources: readonly Resource[],
  item: Node,
  specs: readonly FieldSpec[],
  file: FileFacts,
): void {
  const name = writtenText(nodeAt(item, 'name'));
  const value: Node = nodeAt(item, 'count') ?? {
    kind: 'unknown',
    why: `set by ${file.path}`,
    range: item.range,
  };
  for (const resource of resources) {
    const ids = identitiesOf(resource).filter((id) => name === undefined || id.name === name);
    for (const spec of specs) {
      if (resource.body === undefined || !ids.some((id) => isAbout(spec, id))) continue;
      if (!isAbout(spec, resource.id)) continue;
      const body = changedFields(resource.body, spec, file, (old) => {
        if (
          old?.value.kind === 'scalar' &&
          value.kind === 'scalar' &&
          old.value.value === value.value
        )
          return old;
        const key = spec.path.at(-1) ?? '';
        return standingIn(file, { key, keyRange: value.range, value });
      });
      setBody(resource, body);
    }
  }
}
