/** Labels and annotations that a kustomization gives to all objects. */
import type { FileFacts, MapEntry, MapNode } from '../../../facts.ts';
import { inPlaceOf, standingIn } from '../cursor.ts';
import { changedFields, type EntryChange, type FieldSpec, isAbout } from './field-spec.ts';
import { type Resource, setBody } from './resource.ts';
import { entryOf, isNull, isSameScalar, textNode, withEntry, writtenText } from './tree.ts';

/** Labels of one kustomization. */
const MAX_PAIRS = 500;

/** Puts the entries of `pairs` into the maps at all places. */
export function labelled(
  resources: readonly Resource[],
  pairs: MapNode,
  specs: readonly FieldSpec[],
  file: FileFacts,
): void {
  const entries = pairs.entries.slice(0, MAX_PAIRS).map((entry) => asText(entry, file));
  if (entries.length === 0) return;
  for (const resource of resources) {
    let { body } = resource;
    if (body === undefined) continue;
    for (const spec of specs)
      if (isAbout(spec, resource.id))
        body = changedFields(body, spec, file, adding(entries, spec, file));
    setBody(resource, body);
  }
}

/** Labels are texts, whatever the kustomization writes. */
function asText(entry: MapEntry, file: FileFacts): MapEntry {
  const { value } = entry;
  const text = value.kind === 'scalar' ? writtenText(value) : undefined;
  return standingIn(file, {
    ...entry,
    value: text === undefined ? value : textNode(text, value.range),
  });
}

function adding(entries: readonly MapEntry[], spec: FieldSpec, file: FileFacts): EntryChange {
  return (old) => {
    const [first] = entries;
    if (first === undefined) return old;
    const isMissing = old === undefined || isNull(old.value);
    if (isMissing && !spec.create) return old;
    if (!isMissing && old.value.kind !== 'map') return old;
    const empty: MapNode = { kind: 'map', entries: [], range: first.value.range };
    let map = !isMissing && old.value.kind === 'map' ? old.value : empty;
    for (const entry of entries) {
      const present = entryOf(map, entry.key);
      if (present !== undefined && isSameScalar(present.value, entry.value)) continue;
      map = withEntry(map, entry);
    }
    if (old !== undefined) return map === old.value ? old : inPlaceOf(old, { ...old, value: map });
    const key = spec.path.at(-1) ?? '';
    const made: MapEntry = { key, keyRange: first.keyRange, value: map };
    return standingIn(file, made);
  };
}
