/** The Kustomize overlays of a repository, built from the analysed files. */
import type { FileFacts, Node } from '../../../facts.ts';
import type { BuiltObject } from '../built.ts';
import type { Build } from './build.ts';
import { Builder, type Surroundings } from './builder.ts';
import { type ChartRequest, chartRequests } from './charts.ts';
import { type Folder, foldersOf, rootsOf } from './folders.ts';
import { resolve } from './paths.ts';
import type { Resource } from './resource.ts';
import { textAt } from './tree.ts';

export type { Surroundings } from './builder.ts';
export type { ChartRequest, RenderChart, RenderedChart } from './charts.ts';

/** One build: an overlay, or a base on the way to it. */
export interface Overlay extends Omit<Build, 'resources' | 'configuration' | 'variables'> {
  /** Its directory; '' for the base of the run. */
  readonly directory: string;
  readonly objects: readonly BuiltObject[];
}

export interface Kustomizations {
  /** Every kustomization that no other one builds on, sorted by directory. */
  readonly overlays: readonly Overlay[];
  /** Paths of files that some kustomization takes in as a resource, a patch or an input. */
  readonly claimed: ReadonlySet<string>;
}

/** All texts below a node, with an explicit stack: what a kustomization names may stand anywhere in it. */
function textsIn(node: Node): readonly string[] {
  const texts: string[] = [];
  const waiting: Node[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind === 'scalar' && typeof next.value === 'string') texts.push(next.value);
    else if (next.kind === 'map') waiting.push(...next.entries.map((entry) => entry.value));
    else if (next.kind === 'sequence') waiting.push(...next.items);
  }
  return texts;
}

function builtObject(resource: Resource): BuiltObject {
  const { file, facts, body, id, namespaceUnknown } = resource;
  const { namespaceUnknown: _, ...known } = facts;
  const { group, version, kind, name, namespace } = id;
  return {
    file,
    facts: namespaceUnknown ? facts : known,
    group,
    version,
    kind,
    name,
    namespace: namespace === '' ? undefined : namespace,
    body,
  };
}

/** A component alone is a part of kustomizations elsewhere. */
function whyPart({ map }: Folder): string | undefined {
  return textAt(map, 'kind') === 'Component'
    ? 'a component is built into something else'
    : undefined;
}

/** Builds the kustomizations of single directories. `files` are sorted by path. */
export function overlaysOf(
  files: readonly FileFacts[],
  surroundings: Surroundings = {},
): { readonly directories: readonly string[]; readonly build: (directory: string) => Overlay } {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = foldersOf(files);
  const builder = new Builder(byPath, folders, surroundings);
  const build = (directory: string): Overlay => {
    const { resources, openBecause, unreadKinds, replacedImages, renamedImages } =
      builder.whole(directory);
    const folder = folders.get(directory);
    return {
      directory,
      objects: resources.map(builtObject),
      openBecause: openBecause ?? (folder === undefined ? undefined : whyPart(folder)),
      unreadKinds,
      replacedImages,
      renamedImages,
    };
  };
  return { directories: [...folders.keys()].sort(), build };
}

/** Builds every overlay. `files` are sorted by path. */
export function kustomizationsOf(
  files: readonly FileFacts[],
  surroundings: Surroundings = {},
): Kustomizations {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = foldersOf(files);
  const claimed = new Set<string>();
  for (const { file, map, directory } of folders.values()) {
    claimed.add(file.path);
    const waiting: Node[] = [map];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
      for (const text of textsIn(node)) {
        // Generators write `key=path`.
        const path = resolve(directory, text.slice(text.indexOf('=') + 1));
        if (path === undefined || claimed.has(path)) continue;
        const named = byPath.get(path);
        if (named === undefined) continue;
        claimed.add(path);
        // Paths in a transformer are those of the kustomization that names it.
        for (const { apiVersion, body } of named.resources)
          if (apiVersion === 'builtin' && body !== undefined) waiting.push(body);
      }
  }
  const { build } = overlaysOf(files, surroundings);
  return { overlays: rootsOf(folders).map(build), claimed };
}

/** The charts that kustomizations inflate. */
export function chartRequestsOf(files: readonly FileFacts[]): readonly ChartRequest[] {
  return [...foldersOf(files).values()].flatMap(chartRequests);
}
