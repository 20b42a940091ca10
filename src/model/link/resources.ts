/** What every object of the model has: names, places, annotations. */
import type { Location } from '../../location.ts';
import type { Joined, Resource } from '../model.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import type { KubernetesObject } from './objects.ts';

/** A model type while link still fills in its joins. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type Annotations = Map<string, { readonly value: string; readonly at: Location }>;

/** Annotations of an object, then of its pod template; the first one of a key wins. */
export function annotationsOf(...metadata: readonly Cursor[]): Annotations {
  const annotations: Annotations = new Map();
  for (const cursor of metadata)
    for (const { key, value } of cursor.get('annotations').entries) {
      const text = value.text();
      if (text.state === 'known' && !annotations.has(key))
        annotations.set(key, { value: text.value, at: text.at });
    }
  return annotations;
}

/** What messages call an object; the API server adds letters to a generateName. */
function labelOf(kind: string, name: string, generateName: Value<string>): string {
  if (name !== '') return `${kind} ${name}`;
  if (generateName.state === 'known') return `${kind} ${generateName.value}*`;
  return `${/^(?:[AEIO]|HTTP)/.test(kind) ? 'an' : 'a'} ${kind}`;
}

/** The common part of a namespaced object. `template` is the metadata of its pods, if it makes any. */
export function resourceOf(object: KubernetesObject, template?: Cursor): Resource {
  const metadata = object.body.get('metadata');
  return {
    context: object.context,
    identity: object.identity,
    label: labelOf(object.kind, object.name, metadata.get('generateName').string()),
    at: object.kindAt,
    annotations:
      template === undefined ? annotationsOf(metadata) : annotationsOf(metadata, template),
    kind: object.kind,
    apiVersion: object.facts.apiVersion,
    group: object.group,
    name: object.name,
    namespace: object.namespace,
    nameAt: object.nameAt,
  };
}

/** Where to point at a value: the value itself when it is one line, else its key. */
export function smallPlaceOf(cursor: Cursor): Location {
  const { at } = cursor;
  return at.line === at.endLine ? at : cursor.keyAt;
}

/** Nothing is joined yet. */
export function nothingJoined<T>(): Joined<T> {
  return { items: [], complete: true };
}

/** A list, and why it may lack something; undefined when it is complete. */
export function joined<T>(items: readonly T[], why: string | undefined): Joined<T> {
  return why === undefined ? { items, complete: true } : { items, complete: false, why };
}
