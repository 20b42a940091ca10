/** `helmCharts`: what a kustomization asks a renderer of charts for. */
import type { FileFacts, MapNode, Node, ResourceFacts } from '../../../facts.ts';
import { resolve } from './paths.ts';
import { entryOf, isTrueAt, itemsOf, nodeAt, textAt, writtenText } from './tree.ts';

/** One chart that a kustomization inflates. */
export interface ChartRequest {
  /** The kustomization that asks for it. */
  readonly file: FileFacts;
  /** The folder that the chart has when it is local, relative to the base of the run. */
  readonly chart: string;
  readonly name: string;
  readonly releaseName: string;
  readonly namespace: string | undefined;
  /** Paths of values files, relative to the base of the run; later ones win. */
  readonly valuesFiles: readonly string[];
  /** `valuesInline`. */
  readonly values: Node | undefined;
  /** Whether inline values win over files, lose, or replace them. */
  readonly valuesMerge: 'override' | 'merge' | 'replace';
  readonly includeCRDs: boolean;
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
  return items.slice(0, MAX_CHARTS).map(({ item, home, nameKey }): ChartRequest => {
    const name = textAt(item, nameKey) ?? '';
    const merge = textAt(item, 'valuesMerge');
    const paths = [
      ...['valuesFile', 'values'].flatMap((key) => writtenText(nodeAt(item, key)) ?? []),
      ...(item.kind === 'map' ? itemsOf(item, 'additionalValuesFiles') : []).flatMap(
        (one) => writtenText(one) ?? [],
      ),
    ];
    return {
      file,
      chart: resolve(directory, `${home}/${name}`) ?? '',
      name,
      releaseName: textAt(item, 'releaseName') ?? 'release-name',
      namespace: textAt(item, 'namespace') ?? textAt(map, 'namespace'),
      valuesFiles: paths.flatMap((path) => resolve(directory, path) ?? []),
      values: item.kind === 'map' ? entryOf(item, 'valuesInline')?.value : undefined,
      valuesMerge: merge === 'merge' || merge === 'replace' ? merge : 'override',
      includeCRDs: isTrueAt(item, 'includeCRDs'),
      at: item,
    };
  });
}
