/** The Kustomize overlays of a repository, built from the analysed files. */
import type { FileFacts, MapNode, Node } from '../../../facts.ts';
import type { BuiltObject } from '../built.ts';
import type { Build } from './build.ts';
import { Builder, type Folder, type Surroundings } from './builder.ts';
import { directoryOf, resolve } from './paths.ts';
import type { Resource } from './resource.ts';
import { itemsOf, textAt } from './tree.ts';

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

/** Fields that name other kustomizations. */
const BUILDS_ON = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators'];

/** Directories that a kustomization builds on. */
function referencesOf({ map, directory }: Folder): readonly string[] {
  return BUILDS_ON.flatMap((key) =>
    itemsOf(map, key).flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string'
        ? (resolve(directory, item.value) ?? [])
        : [],
    ),
  );
}

/** Directories from which every other one can be reached; of a cycle, its first. */
function rootsOf(folders: ReadonlyMap<string, Folder>): readonly string[] {
  const references = new Map(
    [...folders].map(([directory, folder]) => [
      directory,
      referencesOf(folder).filter((path) => folders.has(path)),
    ]),
  );
  const referenced = new Set(
    [...references].flatMap(([directory, paths]) => paths.filter((path) => path !== directory)),
  );
  const sorted = [...folders.keys()].sort();
  const reached = new Set<string>();
  const roots: string[] = [];
  const take = (root: string) => {
    roots.push(root);
    const waiting = [root];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      waiting.push(...(references.get(next) ?? []));
    }
  };
  for (const directory of sorted) if (!referenced.has(directory)) take(directory);
  for (const directory of sorted) if (!reached.has(directory)) take(directory);
  return roots;
}

/** Fields that a build reads. */
const FIELDS = [
  'bases',
  'commonAnnotations',
  'commonLabels',
  'components',
  'configMapGenerator',
  'configurations',
  'generatorOptions',
  'generators',
  'helmChartInflationGenerator',
  'helmCharts',
  'helmGlobals',
  'imageTags',
  'images',
  'kind',
  'labels',
  'namePrefix',
  'nameSuffix',
  'namespace',
  'openapi',
  'patches',
  'patchesJson6902',
  'patchesStrategicMerge',
  'replacements',
  'replicas',
  'resources',
  'secretGenerator',
  'transformers',
  'validators',
  'vars',
];
const FIELD_NAMES = new Map(FIELDS.map((name) => [name.toLowerCase(), name]));

/** The kustomization with its fields spelled as they are known: Kustomize reads `nameprefix` too. */
function withFieldNames(map: MapNode): MapNode {
  const entries = map.entries.map((entry) => {
    const key = FIELD_NAMES.get(entry.key.toLowerCase()) ?? entry.key;
    return key === entry.key ? entry : { ...entry, key };
  });
  return { ...map, entries };
}

function foldersOf(files: readonly FileFacts[]): ReadonlyMap<string, Folder> {
  const folders = new Map<string, Folder>();
  for (const file of files) {
    const directory = directoryOf(file.path);
    if (file.kustomization !== undefined && !folders.has(directory))
      folders.set(directory, { file, map: withFieldNames(file.kustomization), directory });
  }
  return folders;
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
