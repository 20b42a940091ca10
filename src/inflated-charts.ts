/** Charts that kustomizations inflate (`helmCharts`), rendered with the values that they give. */
import type { Chart } from './extract/helm/chart.ts';
import { factsOf } from './extract/helm/facts.ts';
import { type ChartFiles, textIn } from './extract/helm/files.ts';
import { renderChart } from './extract/helm/render.ts';
import type { Dict } from './extract/helm/value.ts';
import { joinedValues } from './extract/helm/values.ts';
import { dictOf, readYaml } from './extract/helm/values-file.ts';
import type { FileFacts, Node } from './facts.ts';
import {
  type ChartRequest,
  chartRequestsOf,
  type RenderChart,
  type RenderedChart,
} from './model/link/kustomize/kustomize.ts';
import { folderOf } from './paths.ts';

/** Renderings of one run; every one is bounded itself. */
const MAX_RENDERINGS = 100;

/** Renderings that may take all the work that one may; after these the rest is left unread. */
const MAX_SPENT = 3;

export interface InflatedCharts {
  readonly renderChart: RenderChart;
  /** Folders of the charts of which something was rendered. */
  readonly folders: ReadonlySet<string>;
  /** True when all of a chart that a kustomization names was rendered. */
  readonly isComplete: (kustomization: string, name: string) => boolean;
}

function keyOf({ file, at }: ChartRequest): string {
  return `${file.path}#${at.range[0]}`;
}

/** Renders what the kustomizations among `facts` ask for and is among `charts`, by folder. */
export function inflatedCharts(
  facts: readonly FileFacts[],
  charts: ReadonlyMap<string, Chart>,
  files: ChartFiles,
): InflatedCharts {
  const rendered = new Map<string, RenderedChart>();
  const folders = new Set<string>();
  const incomplete = new Set<string>();
  let amount = 0;
  let spent = 0;
  const named = (path: string, name: string) => JSON.stringify([path, name]);
  for (const request of chartRequestsOf(facts)) {
    const chart = charts.get(request.chart);
    const made =
      chart === undefined || ++amount > MAX_RENDERINGS || spent >= MAX_SPENT
        ? undefined
        : inflated(chart, request, files);
    if (made === undefined || made.openBecause !== undefined)
      incomplete.add(named(request.file.path, request.name));
    if (made === undefined) continue;
    if (made.isSpent) spent++;
    rendered.set(keyOf(request), made);
    folders.add(request.chart);
  }
  return {
    renderChart: (request) => rendered.get(keyOf(request)),
    folders,
    isComplete: (path, name) => !incomplete.has(named(path, name)),
  };
}

/** One rendering; undefined when it cannot be told what would be asked for. */
function inflated(
  chart: Chart,
  request: ChartRequest,
  files: ChartFiles,
): (RenderedChart & { readonly isSpent: boolean }) | undefined {
  const { file, releaseName, namespace, isUnusual } = request;
  const layers = request.values.map((layer) => layerOf(layer, file, files));
  const values = layers.flatMap((layer) => layer ?? []);
  if (isUnusual || chart.metadata.type === 'library' || values.length < layers.length)
    return undefined;
  const given = namespace === undefined ? {} : { namespace };
  const context = folderOf(file.path);
  try {
    const rendered = renderChart(chart, joinedValues(values), { name: releaseName, ...given });
    const facts = factsOf(rendered, files, {
      chart: chart.folder,
      context,
      environment: context,
      release: releaseName,
      isNameGuessed: false,
      chartName: chart.metadata.name,
      ...given,
    });
    const [failure] = rendered.failures;
    const isWhole = failure === undefined && rendered.missing.length === 0;
    return {
      objects: facts.flatMap((one) =>
        one.resources
          .filter(({ body }) => !isLeftOut(body, request.without))
          .map((resource) => ({ file: one, facts: resource })),
      ),
      openBecause: isWhole ? undefined : `the chart ${chart.path} is not wholly rendered`,
      isSpent: rendered.failures.some(({ isSpent }) => isSpent === true),
    };
  } catch {
    // A chart must not take the findings of others with it, whatever is wrong with us.
    return undefined;
  }
}

/** Values that a file or a kustomization gives; undefined when they cannot be read. */
function layerOf(layer: string | Node, file: FileFacts, files: ChartFiles): Dict | undefined {
  if (typeof layer !== 'string') return layer.kind === 'map' ? dictOf(layer, file.path) : undefined;
  const found = files.get(layer);
  const map = found === undefined ? undefined : readYaml(textIn(found) ?? '');
  return map === undefined || typeof map === 'string' ? undefined : dictOf(map, layer);
}

function fieldOf(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map'
    ? node.entries.findLast((entry) => entry.key === key)?.value
    : undefined;
}

/** Hooks that the kustomization does not want. */
function isLeftOut(body: Node | undefined, without: ChartRequest['without']): boolean {
  const annotations = fieldOf(fieldOf(body, 'metadata'), 'annotations');
  const hook = fieldOf(annotations, 'helm.sh/hook');
  if (hook === undefined || without === 'nothing') return false;
  return without === 'hooks' || (hook.kind === 'scalar' && /^test/.test(hook.text));
}
