/**
 * Which charts are rendered with which values (rules.md "Contexts"): values.yaml alone, values files beside it that are named for an
 * environment, and what installs the chart: policy, Argo CD, Flux, helmfile, skaffold, lines `helm upgrade`. Pure, from facts.
 */
import type { FileFacts } from '../../facts.ts';
import { folderOf } from '../../paths.ts';
import { settledIn } from './chart-paths.ts';
import { nonProductionPartOf } from './environments.ts';
import { gitOpsInstallationsOf } from './gitops.ts';
import type { PlacedInstallation } from './installations.ts';
import type { LinkSettings } from './objects.ts';

/** Who asks when the policy file does: then nobody else is asked. */
export const POLICY = 'policy';

/** Value sets of one chart; more are variants of one thing. */
const MAX_SETS = 12;

/** A chart of the repository that nobody else's chart holds. */
export interface KnownChart {
  /** '' for the base of the run. */
  readonly folder: string;
  /** Another chart is made of it: alone it is rendered only where something installs it alone. */
  readonly isPart: boolean;
}

/** One rendering: a chart with one set of values. */
export interface RenderRequest {
  readonly chart: string;
  /** The name of the context. */
  readonly context: string;
  /** Folders and names that say which environment it is. */
  readonly environment: string;
  /** Paths of values files, in order: the last one wins. */
  readonly valuesFiles: readonly string[];
  /** Values that are written in place, and the file that they stand in. */
  readonly installation?: PlacedInstallation;
}

/** What somebody asks to be rendered, before plain values are weighed against it. */
interface ValueSet {
  readonly name: string;
  readonly valuesFiles: readonly string[];
  readonly installation?: PlacedInstallation;
  readonly production: boolean;
  /** It is named for production, or something deploys it. */
  readonly isDecided: boolean;
}

/** Files of values that are no set of their own. */
const NO_SET = /example|sample|template|schema|secret|sops|minimal|\bci\b|\blint\b|snippet/i;
const VALUES_FILE = /^values[-._](.+)\.ya?ml$/;
const ENVIRONMENT_FOLDER = /^(?:values|envs?|environments?)$/;
const PRODUCTION = /(?:^|[-._/])(?:prod|prd|production|live)\d*(?:$|[-._/])/i;
/** What every set of a folder shares. */
const SHARED = /^(?:base|common|default|defaults|global|shared)$/;

function withoutExtension(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
}

/** What a path says of its environment: `charts/shop/envs/prod/values.yaml` is `charts/shop/envs/prod`. */
function environmentOf(path: string): string {
  const name = withoutExtension(path).replace(/^values(?:[-._]|$)/, '');
  return [folderOf(path), name].filter((part) => part !== '').join('/');
}

/** Values files that lie with a chart and are named for an environment. */
function besides(chart: KnownChart, paths: ReadonlySet<string>, isAlone: boolean): ValueSet[] {
  const inFolder = (folder: string) =>
    [...paths].filter((path) => folderOf(path) === folder && /\.ya?ml$/.test(path)).sort();
  const { folder } = chart;
  const found: ValueSet[] = [];
  const add = (valuesFiles: readonly string[], name: string) =>
    found.push({ name, valuesFiles, production: false, isDecided: false });
  const parent = folderOf(folder);
  const places = isAlone && folder !== '' ? [folder, parent] : [folder];
  for (const path of places.flatMap(inFolder)) {
    const name = VALUES_FILE.exec(nameOf(path))?.[1];
    if (name !== undefined && !NO_SET.test(name)) add([path], nameOf(path));
  }
  const prefix = folder === '' ? '' : `${folder}/`;
  const byFolder = new Map<string, string[]>();
  for (const path of [...paths].filter((one) => one.startsWith(prefix)).sort()) {
    const [first = '', second, third, ...more] = path.slice(prefix.length).split('/');
    if (second === undefined || more.length > 0 || !ENVIRONMENT_FOLDER.test(first)) continue;
    if (!/\.ya?ml$/.test(path) || NO_SET.test(second)) continue;
    if (third !== undefined && !/^values\.ya?ml$/.test(third)) continue;
    byFolder.set(first, [...(byFolder.get(first) ?? []), path]);
  }
  for (const files of byFolder.values()) {
    const shared = files.filter((path) => SHARED.test(withoutExtension(path)));
    for (const path of files)
      if (!shared.includes(path)) add([...shared, path], path.slice(prefix.length));
  }
  return found;
}

/** True when a set must count for more than values.yaml alone. */
function decided(set: ValueSet, chart: KnownChart, settings: LinkSettings): ValueSet {
  const { installation, valuesFiles } = set;
  const environment = environmentIn(chart, set);
  const production = nonProductionPartOf(environment, settings) === undefined;
  const named = PRODUCTION.test(environment);
  const hasValues =
    valuesFiles.length > 0 ||
    installation?.values !== undefined ||
    installation?.valuesText !== undefined;
  const isDecided = production && (named || (installation?.isDeployed === true && hasValues));
  return { ...set, production, isDecided };
}

function environmentIn({ folder }: KnownChart, { valuesFiles, installation }: ValueSet): string {
  const parts = [
    folder,
    ...valuesFiles.map((path) =>
      folder !== '' && path.startsWith(`${folder}/`)
        ? environmentOf(path.slice(folder.length + 1))
        : environmentOf(path),
    ),
  ];
  if (installation !== undefined) {
    const { path, namespace, release } = installation;
    parts.push(environmentOf(path), namespace ?? '', release ?? '');
  }
  return parts.filter((part) => part !== '').join('/');
}

/** Same files and settings are the same set, whoever asks for it. */
function keyOf({ valuesFiles, installation }: ValueSet): string {
  const { settings = [], values, valuesText, namespace } = installation ?? {};
  const written = settings.map(({ key, value }) => [key, value]);
  return JSON.stringify([valuesFiles, written, values?.range, valuesText, namespace]);
}

/**
 * The renderings of all charts, sorted by chart and context.
 * @param installations what the policy file asks for, in addition to what the facts say
 */
export function renderRequestsOf(
  charts: readonly KnownChart[],
  files: readonly FileFacts[],
  installations: readonly PlacedInstallation[],
  settings: LinkSettings,
): readonly RenderRequest[] {
  const paths = new Set(files.map(({ path }) => path));
  const folders = new Set(charts.map(({ folder }) => folder));
  const placed = [...installations, ...installationsIn(files)];
  const byChart = new Map<string, ValueSet[]>();
  for (const installation of placed) {
    const settled = settledIn(installation, folders, paths);
    if (settled === undefined) continue;
    const { chart, valuesFiles } = settled;
    const name = valuesFiles.length === 0 ? installation.path : valuesFiles.map(nameOf).join(', ');
    const list = byChart.get(chart) ?? [];
    list.push({ name, valuesFiles, installation, production: false, isDecided: false });
    byChart.set(chart, list);
  }
  return charts.flatMap((chart) => {
    const parent = folderOf(chart.folder);
    const isAlone = charts.filter(({ folder }) => folderOf(folder) === parent).length === 1;
    const installed = byChart.get(chart.folder) ?? [];
    const asked = installed.filter(({ installation }) => installation?.by === POLICY);
    if (asked.length > 0) return setsOf(chart, asked, settings, false);
    if (chart.isPart) return setsOf(chart, installed, settings, false);
    const used = new Set(installed.flatMap(({ valuesFiles }) => valuesFiles));
    const beside = besides(chart, paths, isAlone).filter(
      ({ valuesFiles }) => !valuesFiles.some((path) => used.has(path)),
    );
    return setsOf(chart, [...installed, ...beside], settings, true);
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Pipelines that install a chart to test it. */
const FOR_TESTS = /(?:^|[/_.-])(?:e2e|tests?|integration|smoke|lint)(?:[/_.-]|$)/i;

function installationsIn(files: readonly FileFacts[]): readonly PlacedInstallation[] {
  return files.flatMap((file) => {
    const automated = FOR_TESTS.test(file.path) ? [] : (file.automation?.installations ?? []);
    return [
      ...automated.map((one): PlacedInstallation => {
        const isDeployed = !/(?:^|\/)skaffold[^/]*$/.test(file.path);
        return { ...one, path: file.path, isDeployed };
      }),
      ...gitOpsInstallationsOf(file),
    ];
  });
}

function setsOf(
  chart: KnownChart,
  asked: readonly ValueSet[],
  settings: LinkSettings,
  mayBePlain: boolean,
): readonly RenderRequest[] {
  const byKey = new Map<string, ValueSet>();
  for (const set of asked) {
    const key = keyOf(set);
    if (!byKey.has(key)) byKey.set(key, decided(set, chart, settings));
  }
  const sets = [...byKey.values()].slice(0, MAX_SETS);
  const isPlainSaid = sets.some(
    ({ valuesFiles, installation }) =>
      valuesFiles.length === 0 &&
      installation?.values === undefined &&
      installation?.valuesText === undefined,
  );
  if (mayBePlain && !isPlainSaid && !sets.some(({ isDecided }) => isDecided))
    sets.unshift({ name: '', valuesFiles: [], production: true, isDecided: false });
  const folder = chart.folder === '' ? '.' : chart.folder;
  const names = new Map<string, number>();
  return sets.map((set) => {
    const { name, valuesFiles, installation } = set;
    const spelled = sets.length === 1 || name === '' ? folder : `${folder} (${name})`;
    const count = (names.get(spelled) ?? 0) + 1;
    names.set(spelled, count);
    return {
      chart: chart.folder,
      context: count === 1 ? spelled : `${spelled} #${count}`,
      environment: environmentIn(chart, set),
      valuesFiles,
      ...(installation === undefined ? {} : { installation }),
    };
  });
}
