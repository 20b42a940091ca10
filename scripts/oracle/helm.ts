/** `helm template` for every chart below a folder, with its default values and with those of its `ci/` folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { loadChart } from '../../src/extract/helm/chart.ts';
import { yamlOf } from '../../src/extract/helm/facts.ts';
import { ChartFiles } from '../../src/extract/helm/files.ts';
import { type RenderedChart, renderChart } from '../../src/extract/helm/render.ts';
import type { Dict } from '../../src/extract/helm/value.ts';
import { dictOf, readYaml } from '../../src/extract/helm/values-file.ts';
import type { ChartFile } from '../../src/facts.ts';
import {
  type Comparison,
  compareObjects,
  identityOf,
  type Manifest,
  manifestsOf,
  type Oracle,
  placesOf,
} from './manifests.ts';

const RELEASE = { name: 'release-name', namespace: 'default' };
export const KUBE_VERSION = 'v1.34.0';
const LARGEST_FILE = 5 * 1024 * 1024;

function find(): string | undefined {
  const named = process.env.CHAOSLINT_HELM;
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'helm')).find((path) => existsSync(path));
}

/** All regular files below a folder, relative to it. Links are followed as Helm does, unless they lead around themselves. */
function filesBelow(folder: string, below = ''): string[] {
  const here = realpathSync(join(folder, below));
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name === '.git' || entry.name === 'node_modules') return [];
    if (!entry.isSymbolicLink())
      return entry.isDirectory() ? filesBelow(folder, path) : entry.isFile() ? [path] : [];
    if (!existsSync(join(folder, path))) return [];
    const target = realpathSync(join(folder, path));
    if (`${here}/`.startsWith(`${target}/`)) return [];
    return statSync(target).isDirectory() ? filesBelow(folder, path) : [path];
  });
}

function read(folder: string, path: string): readonly ChartFile[] {
  const absolute = join(folder, path);
  if (statSync(absolute).size > LARGEST_FILE) return [];
  const bytes = readFileSync(absolute);
  try {
    return [{ path, data: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }];
  } catch {
    return [{ path, data: bytes }];
  }
}

/** Charts that are no subcharts of others among them, and no examples of charts inside of charts. */
function outermost(folders: readonly string[]): readonly string[] {
  return folders.filter(
    (folder) =>
      !folders.some(
        (other) =>
          other !== folder && folder.startsWith(other === '' ? 'charts/' : `${other}/charts/`),
      ),
  );
}

const HOOKS = /^(?:(?:pre|post)-(?:install|upgrade|delete|rollback)|test|test-success)$/;

/** Helm leaves out objects with a hook that it does not know, such as `crd-install` of Helm 2. */
function isInstalled({ metadata }: Manifest): boolean {
  const annotations = isMap(metadata) ? metadata.annotations : undefined;
  const hook = isMap(annotations) ? annotations['helm.sh/hook'] : undefined;
  if (typeof hook !== 'string') return true;
  return hook.split(',').every((one) => HOOKS.test(one.trim().toLowerCase()));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

interface Ours {
  readonly manifests: readonly Manifest[];
  readonly error?: string;
  readonly unsupported: readonly string[];
}

function ours(folder: string, files: ChartFiles, given: Dict): Ours {
  let rendered: RenderedChart;
  try {
    rendered = renderChart(loadChart(folder, files), given, RELEASE);
  } catch (error) {
    return { manifests: [], error: String(error), unsupported: [] };
  }
  const { templates, failures } = rendered;
  const [failure] = failures;
  const texts = templates.map((template) => yamlOf(template, files));
  const reasons = templates.flatMap(({ text }) =>
    text.pieces.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown])),
  );
  return {
    // Helm splits at every line that begins so, and parses what lies between.
    manifests: texts
      .flatMap((text) => text.split(/(?:^|\n)---/).flatMap((one) => manifestsOf(one.trim())))
      .filter(isInstalled),
    ...(failure === undefined ? {} : { error: failure.message }),
    unsupported: reasons.filter((reason) => /function/.test(reason)),
  };
}

interface Theirs {
  readonly manifests: readonly Manifest[];
  readonly error?: string;
}

function theirs(program: string, chart: string, valuesFile: string | undefined): Theirs {
  const args = ['template', RELEASE.name, chart, '--kube-version', KUBE_VERSION];
  if (valuesFile !== undefined) args.push('-f', valuesFile);
  const limit = { maxBuffer: 256 * 1024 * 1024, timeout: 120_000 };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...limit });
  if (status === 0) return { manifests: manifestsOf(stdout) };
  const error = stderr.split('\n').find((line) => line.startsWith('Error')) ?? stderr.trim();
  return { manifests: [], error: error.slice(0, 300) };
}

/** Places where helm gives another value every time it is asked. */
function chanceOf(
  first: readonly Manifest[],
  second: readonly Manifest[],
): (identity: string, path: string) => boolean {
  const places = new Set<string>();
  const byIdentity = new Map(second.map((manifest) => [identityOf(manifest), manifest]));
  for (const manifest of first) {
    const identity = identityOf(manifest);
    for (const { path } of placesOf(manifest, byIdentity.get(identity)))
      places.add(`${identity} ${path}`);
  }
  // An object that only one of them has is named by chance.
  return (identity, path) =>
    places.has(`${identity} ${path}`) || (path === '.metadata.name' && places.has(`${identity} `));
}

/** The charts below a folder that can be installed by themselves, and all files. */
export function chartsBelow(root: string): {
  readonly files: ChartFiles;
  readonly folders: readonly string[];
} {
  const files = new ChartFiles(filesBelow(root).flatMap((path) => read(root, path)));
  const folders = outermost(files.folders).filter((folder) => {
    const text = files.get(folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml`)?.data;
    return typeof text !== 'string' || !/^type:[ \t]*["']?library/m.test(text);
  });
  return { files, folders };
}

function* compare(root: string, program: string): Generator<Comparison> {
  const { files, folders } = chartsBelow(root);
  for (const folder of folders) {
    const sets = [...files.below(folder)]
      .map(([name]) => name)
      .filter((name) => /^ci\/[^/]*values[^/]*\.ya?ml$/.test(name));
    for (const set of [undefined, ...sets]) {
      const file = set === undefined ? undefined : files.get(`${folder}/${set}`);
      const map = typeof file?.data === 'string' ? readYaml(file.data) : undefined;
      if (typeof map === 'string') continue;
      const given: Dict =
        map === undefined || file === undefined ? new Map() : dictOf(map, file.path);
      const own = ours(folder, files, given);
      const values = file === undefined ? undefined : join(root, file.path);
      const other = theirs(program, join(root, folder), values);
      yield compared(
        `${folder === '' ? '.' : folder}${set === undefined ? '' : ` (${set})`}`,
        own,
        other,
        () => theirs(program, join(root, folder), values).manifests,
      );
    }
  }
}

function compared(
  name: string,
  own: Ours,
  other: Theirs,
  again: () => readonly Manifest[],
): Comparison {
  const errors = {
    ...(other.error === undefined ? {} : { theirError: other.error }),
    ...(own.error === undefined ? {} : { ourError: own.error }),
  };
  const { unsupported } = own;
  let result = compareObjects(own.manifests, other.manifests);
  if (result.differences.some(({ cause }) => cause === 'different' || cause === 'unknown'))
    result = compareObjects(own.manifests, other.manifests, chanceOf(other.manifests, again()));
  return { name, ...result, ...errors, unsupported };
}

export const helm: Oracle = { tool: 'helm', find, compare };
