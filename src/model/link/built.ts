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

/**
 * Namespace and name by which an object is the same wherever its chart is installed, under whatever release. Else those that its own
 * file gives it, so that one object is the same in every overlay.
 */
function neutralNames({ file, facts }: BuiltObject): string {
  const { namespace, name = '' } = facts;
  const { rendered } = file;
  if (rendered === undefined) return `${namespace ?? '_'}/${name}`;
  const { release, chartName } = rendered;
  const isOfRelease = name === release || name.startsWith(`${release}-`);
  const neutral = isOfRelease ? chartName + name.slice(release.length) : name;
  return `${namespace === rendered.namespace ? '_' : (namespace ?? '_')}/${neutral}`;
}

export function placedIn(context: Context, built: BuiltObject): KubernetesObject {
  const { file, facts, body: tree, ...names } = built;
  const body = cursorOn(file, tree, facts.kindRange, facts.renderedFrom);
  return {
    context,
    file,
    facts,
    ...names,
    identity: `${built.group}/${built.kind}/${neutralNames(built)}`,
    body,
    kindAt: body.place(facts.kindRange),
    nameAt: body.get('metadata', 'name').at,
  };
}
