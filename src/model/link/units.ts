/** Units of deployment: what is deployed as a whole, or not at all; those that charts make. */
import type { FileFacts, Rendering } from '../../facts.ts';
import { type BuiltObject, builtFrom } from './built.ts';
import { entryOf, itemsOf } from './kustomize/tree.ts';
import { whyOpen } from './open.ts';

/** What is deployed as a whole, or not at all. */
export interface Unit {
  readonly name: string;
  readonly kind: 'rest' | 'branch' | 'overlay' | 'chart';
  readonly objects: readonly BuiltObject[];
  /** Decisions that it takes; a unit that decides one of them otherwise excludes it. */
  readonly choices: ReadonlyMap<string, string>;
  readonly openBecause: string | undefined;
  /** Why those that see it may refer to objects of it which nobody can tell. */
  readonly opensOthers?: string;
  readonly unreadKinds: ReadonlySet<string>;
  readonly replacedImages: ReadonlyMap<string, string>;
  /** New names of images to their old ones, which automation may name. */
  readonly renamedImages: ReadonlyMap<string, string>;
  /** False in environments that are not production. */
  readonly production: boolean;
}

/**
 * True for a workload without a selector, or whose pod template has no containers or none with an image: the API server
 * rejects it, so it is a fragment that some tool merges into an object, and no object.
 */
export function isFragment({ kind, group, version, body }: BuiltObject): boolean {
  if (!/^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet)$/.test(kind) || group !== 'apps')
    return false;
  let node = body;
  for (const key of ['spec', 'template', 'spec']) {
    const value = node === undefined ? undefined : entryOf(node, key)?.value;
    if (value === undefined) return true;
    if (value.kind !== 'map') return false;
    // Versions before v1 took the selector from the template.
    if (node === body && version === 'v1' && entryOf(value, 'selector') === undefined) return true;
    node = value;
  }
  if (node === undefined) return false;
  const containers = entryOf(node, 'containers')?.value;
  if (containers?.kind === 'unknown') return false;
  return itemsOf(node, 'containers').every(
    (item) => item.kind === 'map' && entryOf(item, 'image') === undefined,
  );
}

/** Why what these objects make is not all that there is. */
export function openedBy(objects: readonly BuiltObject[]): string | undefined {
  for (const { group, kind } of objects) {
    const why = whyOpen(group, kind);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** One unit a chart and set of values: what its templates wrote. Two sets of one chart exclude each other. */
export function renderedUnits(
  files: readonly FileFacts[],
  isProduction: (path: string) => boolean,
): readonly Unit[] {
  const byContext = new Map<string, [Rendering, FileFacts[]]>();
  for (const file of files) {
    if (file.rendered === undefined) continue;
    const { context } = file.rendered;
    const known = byContext.get(context);
    if (known === undefined) byContext.set(context, [file.rendered, [file]]);
    else known[1].push(file);
  }
  return [...byContext.values()].map(([rendering, own]): Unit => {
    const { chart, context, environment, openBecause, isNameGuessed } = rendering;
    const objects = own
      .flatMap((file) => file.resources.map((facts) => builtFrom(file, facts)))
      .filter((object) => !isFragment(object));
    const shown = chart === '' ? '.' : chart;
    const unreadKinds = new Set(own.flatMap(({ unread }) => unread.flatMap(({ kinds }) => kinds)));
    const guess = `the release of the chart ${shown} has a name that these files do not tell`;
    const untold =
      unreadKinds.size === 0 ? undefined : `a part of the chart ${shown} cannot be told`;
    return {
      kind: 'chart',
      name: context,
      objects,
      choices: new Map([[`chart ${chart}`, context]]),
      openBecause: openBecause ?? openedBy(objects) ?? untold,
      ...(isNameGuessed ? { opensOthers: guess } : {}),
      unreadKinds,
      replacedImages: new Map(),
      renamedImages: new Map(),
      production: isProduction(environment),
    };
  });
}
