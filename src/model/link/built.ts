/** Objects as a build of manifests gives them, before they stand in a context. */
import type { FileFacts, MapNode, ResourceFacts } from '../../facts.ts';
import type { Context } from '../model.ts';
import { cursorOn } from './cursor.ts';
import type { KubernetesObject } from './objects.ts';

export interface BuiltObject {
  readonly file: FileFacts;
  readonly facts: ResourceFacts;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** The object with patches and transformers applied. */
  readonly body: MapNode | undefined;
}

/** An object as its file says it. */
export function builtFrom(file: FileFacts, facts: ResourceFacts): BuiltObject {
  const slash = facts.apiVersion.indexOf('/');
  return {
    file,
    facts,
    group: slash < 0 ? '' : facts.apiVersion.slice(0, slash),
    version: facts.apiVersion.slice(slash + 1),
    kind: facts.resourceKind,
    name: facts.name ?? '',
    namespace: facts.namespace,
    body: facts.body,
  };
}

/** Its identity is that of its own file, so that one object is the same in every overlay. */
export function placedIn(context: Context, built: BuiltObject): KubernetesObject {
  const { file, facts, body: tree, ...names } = built;
  const body = cursorOn(file, tree, facts.kindRange, facts.renderedFrom);
  return {
    context,
    file,
    facts,
    ...names,
    identity: `${built.group}/${built.kind}/${facts.namespace ?? '_'}/${facts.name ?? ''}`,
    body,
    kindAt: body.place(facts.kindRange),
    nameAt: body.get('metadata', 'name').at,
  };
}
