/** What a person is told of kustomizations that are not wholly built: one notification each. */
import type { FileFacts, MapNode, Node, Notification } from './facts.ts';
import { resolve } from './model/link/kustomize/paths.ts';
import { folderOf } from './paths.ts';

/** Fields that name files and folders, and things elsewhere. */
const PLACES = [
  'resources',
  'bases',
  'components',
  'crds',
  'configurations',
  'patchesStrategicMerge',
  'generators',
  'transformers',
];

function fieldOf(map: MapNode, key: string): Node | undefined {
  return map.entries.find((entry) => entry.key.toLowerCase() === key.toLowerCase())?.value;
}

function itemsIn(map: MapNode, key: string): readonly Node[] {
  const value = fieldOf(map, key);
  return value?.kind === 'sequence' ? value.items : [];
}

function textsIn(map: MapNode, key: string): readonly string[] {
  return itemsIn(map, key).flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  );
}

/** Kustomize takes these for places of git or the web; what starts like a host is one when no such folder is here. */
function isRemote(text: string, folder: string, paths: readonly string[]): boolean {
  if (/^[a-z][a-z+.-]*:\/\/|^git@|^git::|[?&]ref=/i.test(text)) return true;
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\/./i.test(text) || /\.ya?ml$/i.test(text))
    return false;
  const local = `${folder === '' ? '' : `${folder}/`}${text.replace(/\/+$/, '')}/`;
  return !paths.some((path) => path.startsWith(local));
}

function named(what: readonly string[]): string {
  const [first = '', ...more] = what;
  const shown = /^[\w./:@?=&+~-]{1,120}$/.test(first) ? first : 'a place that is not here';
  return more.length === 0 ? shown : `${shown} and ${more.length} more`;
}

/** Names of the charts that a kustomization inflates. */
function chartsOf(map: MapNode): readonly string[] {
  return ['helmCharts', 'helmChartInflationGenerator'].flatMap((key) =>
    itemsIn(map, key).flatMap((item) => {
      const name =
        item.kind === 'map' ? (fieldOf(item, 'name') ?? fieldOf(item, 'chartName')) : undefined;
      return name?.kind === 'scalar' && typeof name.value === 'string' ? [name.value] : [];
    }),
  );
}

/** Texts that name files, folders, and things elsewhere; what is YAML itself is none. */
function placesIn(map: MapNode): readonly string[] {
  const paths = ['patches', 'patchesJson6902', 'replacements'].flatMap((key) =>
    itemsIn(map, key).flatMap((item) => (item.kind === 'map' ? (fieldOf(item, 'path') ?? []) : [])),
  );
  return [
    ...PLACES.flatMap((key) => textsIn(map, key)),
    ...paths.flatMap((node) =>
      node.kind === 'scalar' && typeof node.value === 'string' ? [node.value] : [],
    ),
  ].filter((text) => !/\n|^\s*[[{]|:\s/.test(text));
}

/** Kinds of generators and transformers that are not built in: programs, which are never run. */
function functionsOf(
  { embedded = [], kustomization: map }: FileFacts,
  folder: string,
  files: ReadonlyMap<string, FileFacts>,
): readonly string[] {
  if (map === undefined) return [];
  return ['generators', 'transformers'].flatMap((key) =>
    itemsIn(map, key).flatMap((item): readonly string[] => {
      const inline = embedded.find(({ range }) => range[0] === item.range[0])?.documents ?? [];
      const path =
        item.kind === 'scalar' && typeof item.value === 'string'
          ? resolve(folder, item.value)
          : undefined;
      const named = path === undefined ? undefined : files.get(path);
      return [
        ...inline.flatMap((one) => {
          const isBuiltIn = textIn(one, 'apiVersion') === 'builtin';
          return isBuiltIn ? [] : [textIn(one, 'kind') ?? ''];
        }),
        ...(named?.resources ?? []).flatMap(({ apiVersion, resourceKind }) =>
          apiVersion === 'builtin' ? [] : [resourceKind],
        ),
      ];
    }),
  );
}

function textIn(node: Node, key: string): string | undefined {
  const value = node.kind === 'map' ? fieldOf(node, key) : undefined;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/**
 * Notifications about the kustomizations among `files`, sorted by path. `isInflated` is true of the charts of a kustomization, by
 * their names, that were rendered.
 */
export function kustomizationsNotBuilt(
  files: readonly FileFacts[],
  isInflated: (kustomization: string, chart: string) => boolean,
): readonly Notification[] {
  const paths = files.map(({ path }) => path);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = new Set(
    files.flatMap(({ path, kustomization }) =>
      kustomization === undefined ? [] : [folderOf(path)],
    ),
  );
  const told = files.flatMap((file): readonly Notification[] => {
    const { path, kustomization: map } = file;
    if (map === undefined) return [];
    const folder = folderOf(path);
    const places = placesIn(map);
    const remote = places.filter((text) => isRemote(text, folder, paths));
    const missing = places.filter((text) => {
      const local = resolve(folder, text);
      const isHere = local !== undefined && (byPath.has(local) || folders.has(local));
      return !isHere && !remote.includes(text);
    });
    const charts = chartsOf(map).filter((name) => !isInflated(path, name));
    const functions = functionsOf(file, folder, byPath);
    const reasons = [
      ...(remote.length === 0 ? [] : [`takes in ${named(remote)}, which is never fetched`]),
      ...(missing.length === 0 ? [] : [`names ${named(missing)}, not among these files`]),
      ...(charts.length === 0 ? [] : [`inflates the chart ${named(charts)}`]),
      ...(functions.length === 0 ? [] : [`needs the function ${named(functions)}, never run here`]),
    ];
    if (reasons.length === 0) return [];
    const command = `kustomize build ${folder === '' ? '.' : folder} | chaoslint -`;
    return [
      {
        level: 'note',
        id: 'kustomization-not-complete',
        message: `It ${reasons.join(' and ')}, so what comes from there is not checked: ${command}`,
        path,
      },
    ];
  });
  return [...told].sort((a, b) => ((a.path ?? '') < (b.path ?? '') ? -1 : 1));
}
