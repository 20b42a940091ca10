/** What a person is told of kustomizations that are not wholly built: one notification each. */
import type { FileFacts, MapNode, Node, Notification } from './facts.ts';

/** Fields that name files and folders, and things elsewhere. */
const PLACES = ['resources', 'bases', 'components', 'crds', 'configurations'];

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

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
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

/** Notifications about the kustomizations among `files`, sorted by path. */
export function kustomizationsNotBuilt(files: readonly FileFacts[]): readonly Notification[] {
  const paths = files.map(({ path }) => path);
  const told = files.flatMap(({ path, kustomization: map }): readonly Notification[] => {
    if (map === undefined) return [];
    const folder = folderOf(path);
    const patches = ['patches', 'patchesJson6902', 'replacements'].flatMap((key) =>
      itemsIn(map, key).flatMap((item) =>
        item.kind === 'map' ? (fieldOf(item, 'path') ?? []) : [],
      ),
    );
    const remote = [
      ...[...PLACES, 'patchesStrategicMerge', 'generators', 'transformers'].flatMap((key) =>
        textsIn(map, key).filter((text) => !text.includes('\n')),
      ),
      ...patches.flatMap((node) =>
        node.kind === 'scalar' && typeof node.value === 'string' ? [node.value] : [],
      ),
    ].filter((text) => isRemote(text, folder, paths));
    const charts = chartsOf(map);
    const reasons = [
      ...(remote.length === 0 ? [] : [`takes in ${named(remote)}, which is never fetched`]),
      ...(charts.length === 0 ? [] : [`inflates the chart ${named(charts)}`]),
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
