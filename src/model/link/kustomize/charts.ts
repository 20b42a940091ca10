/** `helmCharts`: what a kustomization asks a renderer of charts for. */
import type { FileFacts, MapNode, Node, ResourceFacts } from '../../../facts.ts';
import { resolve } from './paths.ts';
import { isTrueAt, itemsOf, nodeAt, textAt, writtenText } from './tree.ts';

/** One chart that a kustomization inflates. */
export interface ChartRequest {
  /** The kustomization that asks for it. */
  readonly file: FileFacts;
  /** The folder that the chart has when it is local, relative to the base of the run. */
  readonly chart: string;
  readonly name: string;
  readonly releaseName: string;
  readonly namespace: string | undefined;
  /** Values in place, and paths of values files relative to the base of the run; later ones win. */
  readonly values: readonly (string | Node)[];
  /** Hooks of Helm that are left out. */
  readonly without: 'nothing' | 'tests' | 'hooks';
  /** It asks for another cluster than Helm assumes, or for a name that a template makes. */
  readonly isUnusual: boolean;
  /** The place of the entry. */
  readonly at: Node;
}

/** What a renderer makes of it. */
export interface RenderedChart {
  readonly objects: readonly { readonly file: FileFacts; readonly facts: ResourceFacts }[];
  /** Why there may be objects that nobody sees. */
  readonly openBecause: string | undefined;
}

/** Renders a chart of the analysed files; undefined when it is not among them. Nothing is downloaded. */
export type RenderChart = (request: ChartRequest) => RenderedChart | undefined;

/** Charts of one kustomization. */
const MAX_CHARTS = 200;

/** The values file and the values in place of an entry, in order; `own` is the file of the chart. */
function valuesOf(item: Node, named: readonly string[], own: string): readonly (string | Node)[] {
  const inline = nodeAt(item, 'valuesInline');
  if (inline === undefined) return named;
  switch (textAt(item, 'valuesMerge')) {
    case 'replace':
      return [inline];
    case 'merge':
      return [inline, ...(named.length > 0 ? named : [own])];
    default:
      return [...named, inline];
  }
}

/** The charts of a kustomization, also those in the field that they had before. */
export function chartRequests(folder: {
  readonly file: FileFacts;
  readonly map: MapNode;
  readonly directory: string;
}): readonly ChartRequest[] {
  const { file, map, directory } = folder;
  const home = textAt(map, 'helmGlobals', 'chartHome') ?? 'charts';
  const items = [
    ...itemsOf(map, 'helmCharts').map((item) => ({ item, home, nameKey: 'name' })),
    ...itemsOf(map, 'helmChartInflationGenerator').map((item) => ({
      item,
      home: textAt(item, 'chartHome') ?? home,
      nameKey: 'chartName',
    })),
  ];
  const isThere = (item: Node, key: string) => nodeAt(item, key) !== undefined;
  return items.slice(0, MAX_CHARTS).map(({ item, home, nameKey }): ChartRequest => {
    const name = textAt(item, nameKey) ?? '';
    const chart = resolve(directory, `${home}/${name}`) ?? '';
    const pathsIn = (nodes: readonly (Node | undefined)[]) =>
      nodes.flatMap((node) => {
        const path = writtenText(node);
        return path === undefined ? [] : (resolve(directory, path) ?? []);
      });
    const named = pathsIn(['valuesFile', 'values'].map((key) => nodeAt(item, key)));
    const more = pathsIn(item.kind === 'map' ? itemsOf(item, 'additionalValuesFiles') : []);
    return {
      file,
      chart,
      name,
      releaseName: textAt(item, 'releaseName') ?? 'release-name',
      namespace: textAt(item, 'namespace') ?? textAt(map, 'namespace'),
      values: [...valuesOf(item, named, `${chart}/values.yaml`), ...more],
      without: isTrueAt(item, 'skipHooks')
        ? 'hooks'
        : isTrueAt(item, 'skipTests')
          ? 'tests'
          : 'nothing',
      isUnusual: ['nameTemplate', 'kubeVersion', 'apiVersions'].some((key) => isThere(item, key)),
      at: item,
    };
  });
}
