/** The kustomizations of a repository, by directory, and how they build on each other. */
import type { FileFacts, MapNode } from '../../../facts.ts';
import { folderOf } from '../../../paths.ts';
import { resolve } from './paths.ts';
import { itemsOf, textAt } from './tree.ts';

/** The kustomization of one directory. */
export interface Folder {
  readonly file: FileFacts;
  readonly map: MapNode;
  readonly directory: string;
}

/** Fields that a build reads. */
const FIELDS = [
  'bases',
  'buildMetadata',
  'commonAnnotations',
  'commonLabels',
  'components',
  'configMapGenerator',
  'configurations',
  'crds',
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

/** The kustomizations among the files; of two in a directory the first. */
export function foldersOf(files: readonly FileFacts[]): ReadonlyMap<string, Folder> {
  const folders = new Map<string, Folder>();
  for (const file of files) {
    const directory = folderOf(file.path);
    if (file.kustomization !== undefined && !folders.has(directory))
      folders.set(directory, { file, map: withFieldNames(file.kustomization), directory });
  }
  return folders;
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
export function rootsOf(folders: ReadonlyMap<string, Folder>): readonly string[] {
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

/**
 * Directories whose builds have a schema of their own (`openapi:`): a kustomization that brings one brings it to all that build on
 * it, and takes the place of Kustomize's own with it.
 */
export function underOwnSchema(folders: ReadonlyMap<string, Folder>): ReadonlySet<string> {
  const users = new Map<string, string[]>();
  for (const [directory, folder] of folders)
    for (const path of referencesOf(folder)) {
      const own = users.get(path);
      if (own === undefined) users.set(path, [directory]);
      else own.push(directory);
    }
  const found = new Set<string>();
  const waiting = [...folders].flatMap(([directory, { map }]) =>
    textAt(map, 'openapi', 'path') === undefined ? [] : [directory],
  );
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(users.get(next) ?? []));
  }
  return found;
}
