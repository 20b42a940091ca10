/** The charts of a run: which of them are rendered with which values, what their facts are, and what a person is told of the rest. */
import { type Chart, ChartError, loadChart } from './extract/helm/chart.ts';
import { factsOf } from './extract/helm/facts.ts';
import { ChartFiles, textIn } from './extract/helm/files.ts';
import { type RenderFailure, renderChart } from './extract/helm/render.ts';
import { applySettings } from './extract/helm/settings.ts';
import type { Dict } from './extract/helm/value.ts';
import { joinedValues } from './extract/helm/values.ts';
import { dictOf, readYaml } from './extract/helm/values-file.ts';
import type { ChartFile, FileFacts, Notification } from './facts.ts';
import { type InflatedCharts, inflatedCharts } from './inflated-charts.ts';
import { type RenderRequest, renderRequestsOf } from './model/link/charts.ts';
import type { PlacedInstallation } from './model/link/installations.ts';
import type { LinkSettings } from './model/link/objects.ts';
import { folderOf } from './paths.ts';

/** Renderings of one run; a repository of charts has more, and then the rest is left unread. */
const MAX_RENDERINGS = 400;

/** Renderings that may take all the work that one may; after these the rest is left unread. */
const MAX_SPENT = 3;

/** Facts of a run after its charts were rendered. */
export interface ChartsRead {
  /** Facts of manifests: those of rendered templates instead of the templates themselves. */
  readonly facts: readonly FileFacts[];
  readonly notifications: readonly Notification[];
  /** True for files of charts that come from a registry. */
  readonly isVendored: (path: string) => boolean;
  /** What kustomizations inflate. */
  readonly inflated: InflatedCharts;
}

/** What rendering needs besides the facts. */
export interface ChartsGiven {
  /** Files of charts that are no manifests, and the manifests themselves. */
  readonly files: readonly ChartFile[];
  readonly settings: LinkSettings;
  /** What the policy file asks for. */
  readonly installations: readonly PlacedInstallation[];
}

const within = (folder: string, path: string) => folder === '' || path.startsWith(`${folder}/`);

/** Charts among files that are reported; a chart in the folder `charts` of another one belongs to that. */
function outermostCharts(files: readonly FileFacts[]): readonly { readonly folder: string }[] {
  const folders = files
    .filter(({ path }) => /(?:^|\/)Chart\.yaml$/.test(path))
    .map(({ path }) => folderOf(path));
  const below = (folder: string, other: string) =>
    folder !== other && folder.startsWith(other === '' ? 'charts/' : `${other}/charts/`);
  return folders
    .filter((folder) => !folders.some((other) => below(folder, other)))
    .sort()
    .map((folder) => ({ folder }));
}

/** What happened to one chart. */
interface ChartState {
  readonly chart: Chart;
  readonly facts: FileFacts[];
  /** Names of dependencies that some set of values enables and that are not among these files. */
  readonly missing: Set<string>;
  /** By template; '' for the whole chart. The first set of values in which it fails says why. */
  readonly failures: Map<string, { readonly failure: RenderFailure; readonly context: string }>;
}

/** Renders the charts among `facts`. Pure; throws nothing. */
export function readCharts(facts: readonly FileFacts[], given: ChartsGiven): ChartsRead {
  const charts = outermostCharts(facts);
  const files = new ChartFiles(charts.length === 0 ? [] : given.files);
  const states = new Map<string, ChartState>();
  /** Charts of which nothing is rendered, and why. */
  const refused = new Map<string, string>();
  for (const { folder } of charts) {
    try {
      const chart = loadChart(folder, files);
      states.set(folder, { chart, facts: [], missing: new Set(), failures: new Map() });
    } catch (error) {
      refused.set(folder, error instanceof ChartError ? error.message : defect(error));
    }
  }
  const byFolder = new Map([...states].map(([folder, { chart }]) => [folder, chart]));
  const inflated = inflatedCharts(facts, byFolder, files);
  // What a kustomization inflates is reported through it.
  const parts = new Set([
    ...inflated.folders,
    ...[...states.values()].flatMap(({ chart }) => foldersBelow(chart)),
  ]);
  const loaded = charts.flatMap(({ folder }) => {
    const state = states.get(folder);
    const isRendered = state !== undefined && state.chart.metadata.type !== 'library';
    return isRendered ? [{ folder, isPart: parts.has(folder) }] : [];
  });
  const requests = renderRequestsOf(loaded, facts, given.installations, given.settings);
  const spent = new Set<string>();
  for (const [index, request] of requests.entries()) {
    const { chart, context } = request;
    const state = states.get(chart);
    // What asks for too much with one set of values does so with all of them.
    if (state === undefined || spent.has(chart)) continue;
    if (index < MAX_RENDERINGS && spent.size < MAX_SPENT) {
      try {
        renderRequest(state, request, files);
      } catch (error) {
        state.failures.set('', { failure: { message: defect(error) }, context });
      }
      const failures = [...state.failures.values()];
      if (failures.some(({ failure }) => failure.isSpent)) spent.add(chart);
    } else {
      const message =
        spent.size < MAX_SPENT
          ? `these files have more than ${MAX_RENDERINGS} charts and sets of values`
          : 'other charts ask for more work than a chart may';
      state.failures.set('', { failure: { message }, context });
    }
  }
  const rendered: FileFacts[] = [];
  const done = new Set<string>();
  const notifications: Notification[] = [];
  for (const [folder, state] of states) {
    const { chart, facts: own, failures } = state;
    const [first] = failures.values();
    const hasRendered = own.some(({ map }) => map !== undefined);
    const isElsewhere = chart.metadata.type === 'library' || parts.has(folder);
    if (hasRendered || isElsewhere) {
      rendered.push(...own);
      done.add(folder);
      if (first !== undefined) notifications.push(partlyRendered(chart, first, failures.size));
      if (!isElsewhere) notifications.push(...lacksDependencies(state));
    } else if (first !== undefined) {
      refused.set(folder, first.failure.message);
      notifications.push(...lacksDependencies(state));
    } else notifications.push(...livesElsewhere(state));
  }
  const plain = facts.filter(({ path }) => !isReplaced(path, done));
  const vendored = [...states.values()].flatMap(({ chart }) => vendoredIn(chart));
  const known = new Set(facts.map(({ path }) => path));
  return {
    facts: [...plain, ...rendered],
    notifications: [...notifications, ...templatesNotRendered(plain, refused)],
    inflated,
    isVendored: (path) => !known.has(path) && vendored.some((folder) => within(folder, path)),
  };
}

/** A chart must not take the findings of others with it, whatever is wrong with us. */
function defect(error: unknown): string {
  const what = error instanceof Error ? error.message : String(error);
  return `${what}, a defect of chaoslint, please report it`;
}

/** Folders of the charts that a chart is made of. */
function foldersBelow(chart: Chart): readonly string[] {
  return chart.subcharts.flatMap((subchart) => [subchart.folder, ...foldersBelow(subchart)]);
}

/** Templates of a chart that was rendered, and the file that makes it one. */
function isReplaced(path: string, rendered: ReadonlySet<string>): boolean {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (rendered.has(folder)) {
      const name = folder === '' ? path : path.slice(folder.length + 1);
      return name === 'Chart.yaml' || /^(?:charts\/.*\/)?templates\//.test(name);
    }
    if (folder === '') return false;
  }
}

function vendoredIn(chart: Chart): readonly string[] {
  return chart.isVendored ? [chart.folder] : chart.subcharts.flatMap(vendoredIn);
}

function renderRequest(state: ChartState, request: RenderRequest, files: ChartFiles): void {
  const { chart } = state;
  const { context, environment } = request;
  const fail = (failure: RenderFailure) => {
    const template = failure.template?.path ?? '';
    if (!state.failures.has(template)) state.failures.set(template, { failure, context });
  };
  const values = valuesFor(request, files);
  if (typeof values === 'string') {
    fail({ message: values });
    return;
  }
  const { release, namespace } = request.installation ?? {};
  const rendered = renderChart(chart, values, {
    ...(release === undefined ? {} : { name: release }),
    ...(namespace === undefined ? {} : { namespace }),
  });
  rendered.failures.forEach(fail);
  for (const name of rendered.missing) state.missing.add(name);
  const [missing] = rendered.missing;
  state.facts.push(
    ...factsOf(rendered, files, {
      chart: chart.folder,
      context,
      environment,
      ...(missing === undefined
        ? {}
        : {
            openBecause: `the chart ${missing}, which ${chart.path} depends on, is not among these files`,
          }),
      release: release ?? chart.metadata.name,
      isNameGuessed: release === undefined,
      chartName: chart.metadata.name,
      ...(namespace === undefined ? {} : { namespace }),
    }),
  );
}

/** All values that a request gives to its chart; why they cannot be read. */
function valuesFor({ valuesFiles, installation }: RenderRequest, files: ChartFiles): Dict | string {
  const layers: Dict[] = [];
  for (const path of valuesFiles) {
    const file = files.get(path);
    const map = file === undefined ? undefined : readYaml(textIn(file) ?? '');
    if (typeof map === 'string') return `${path} cannot be read: ${map}`;
    if (map !== undefined) layers.push(dictOf(map, path));
  }
  if (installation === undefined) return joinedValues(layers);
  const { path, values, valuesText, range, settings } = installation;
  if (valuesText !== undefined) {
    const map = readYaml(valuesText);
    if (typeof map === 'string') return `the values in ${path} cannot be read: ${map}`;
    if (map !== undefined) layers.push(dictOf(map, path, range));
  }
  if (values !== undefined) layers.push(dictOf(values, path));
  const joined = joinedValues(layers);
  applySettings(joined, settings, path);
  return joined;
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}

/** That some templates of a chart could not be rendered; at the place of the first. */
function partlyRendered(
  { path }: Chart,
  { failure, context }: { readonly failure: RenderFailure; readonly context: string },
  amount: number,
): Notification {
  const { template, message, at } = failure;
  const more = amount === 1 ? '' : ` (and ${count(amount - 1, 'more template')} of the chart)`;
  const range = at?.path === template?.path ? at?.range : undefined;
  return {
    level: 'note',
    id: 'template-not-rendered',
    message: `It cannot be rendered with the values of ${context}${more} and was not checked: ${message}`,
    path: template?.path ?? path,
    ...(range === undefined ? {} : { range }),
  };
}

function livesElsewhere(state: ChartState): readonly Notification[] {
  return elsewhere(state, (names) => `It only gives values to ${names}: `);
}

function lacksDependencies(state: ChartState): readonly Notification[] {
  return elsewhere(state, (names) => `It needs ${names}: `);
}

/** That a chart deploys what is not here, once for all sets of values. */
function elsewhere(
  { chart, missing }: ChartState,
  saying: (names: string) => string,
): readonly Notification[] {
  if (missing.size === 0) return [];
  const [verb, they, them] = missing.size === 1 ? ['is', 'it', 'it'] : ['are', 'they', 'them'];
  const names = `${[...missing].join(', ')}, which ${verb} not among these files`;
  const message = `${saying(names)}what ${they} would deploy or define was not checked; helm dependency build brings ${them}`;
  return [{ level: 'note', id: 'chart-elsewhere', message, path: chart.path }];
}

/** The chart that a file belongs to: the nearest folder above it with a Chart.yaml. */
function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (charts.has(folder)) return folder;
    if (folder === '') return undefined;
  }
}

/** Notifications about the templates among `files` that are still unread, sorted by path. */
function templatesNotRendered(
  files: readonly FileFacts[],
  failures: ReadonlyMap<string, string>,
): readonly Notification[] {
  const charts = new Set(
    files
      .filter(({ path }) => /(?:^|\/)Chart\.ya?ml$/.test(path))
      .map(({ path }) => folderOf(path)),
  );
  const byChart = new Map<string, number>([...failures].map(([folder]) => [folder, 0]));
  const byFolder = new Map<string, string[]>();
  for (const file of files) {
    const templated = file.unread.some(({ why, kinds }) => why === 'template' && kinds.length > 0);
    if (!templated) continue;
    const folder = folderOf(file.path);
    const chart = chartOf(file.path, charts);
    const others = byFolder.get(folder);
    if (chart !== undefined) byChart.set(chart, (byChart.get(chart) ?? 0) + 1);
    else if (others === undefined) byFolder.set(folder, [file.path]);
    else others.push(file.path);
  }
  const inCharts = [...byChart].map(([chart, amount]): Notification => {
    const why = failures.get(chart);
    const reason = why === undefined ? '' : ` (${why})`;
    const command = `helm template ${chart === '' ? '.' : chart} | chaoslint -`;
    return {
      level: 'note',
      id: 'template-not-rendered',
      message: `The chart was not rendered${reason}, ${count(amount, 'template')} left unread: ${command}`,
      path: chart === '' ? 'Chart.yaml' : `${chart}/Chart.yaml`,
    };
  });
  const elsewhere = [...byFolder.values()].map((paths): Notification => {
    const [path = '', ...more] = paths.sort();
    const others = more.length === 0 ? '' : ` (and ${more.length} more in its folder)`;
    return {
      level: 'note',
      id: 'template-not-rendered',
      message: `It is a template${others} and was left unread: render it and pipe the result to chaoslint -`,
      path,
    };
  });
  return [...inCharts, ...elsewhere].sort((a, b) => ((a.path ?? '') < (b.path ?? '') ? -1 : 1));
}
