/** Loads a chart from the files of its folder as Helm does: metadata, values, templates, subcharts, archives. */
import type { ChartFile, MapNode } from '../../facts.ts';
import { joinPath } from '../../paths.ts';
import { filesOfArchive } from './archive.ts';
import { type ChartFiles, dataIn, textIn } from './files.ts';
import { ignoredBy } from './ignore.ts';
import { type ChartMetadata, metadataOf } from './metadata.ts';
import { readYaml } from './values-file.ts';

/** Levels of charts in charts. */
const MAX_DEPTH = 10;
/** Charts that one chart may hold, its own subcharts and theirs. */
const MAX_CHARTS = 200;

/** A template as it lies in a chart. */
export interface TemplateFile {
  /** Relative to the chart: `templates/orders/deployment.yaml`. */
  readonly name: string;
  /** Relative to the base of the run. */
  readonly path: string;
  readonly text: string;
}

/** A chart with all that is in it. */
export interface Chart {
  /** Its folder, relative to the base of the run; for a packed chart a folder in the archive. */
  readonly folder: string;
  /** The path of its Chart.yaml. */
  readonly path: string;
  readonly metadata: ChartMetadata;
  /** values.yaml; undefined when there is none or it is empty. */
  readonly values: MapNode | undefined;
  /** The path of values.yaml, whether or not there is one. */
  readonly valuesPath: string;
  readonly templates: readonly TemplateFile[];
  /** What `.Files` shows, by path relative to the chart. */
  readonly files: ReadonlyMap<string, ChartFile>;
  readonly subcharts: readonly Chart[];
  /** It comes from a registry of charts: nobody edits it here. */
  readonly isVendored: boolean;
}

/** A chart that cannot be loaded, and why. */
export class ChartError extends Error {}

interface Loading {
  readonly all: ChartFiles;
  readonly depth: number;
  readonly isVendored: boolean;
  /** Folders that are being loaded: a chart that depends on itself is none. */
  readonly around: readonly string[];
  /** Counts the charts of the whole load. */
  readonly count: { charts: number };
}

/**
 * Loads the chart in `folder` from all files of a run.
 * @throws ChartError when there is no chart that Helm would load
 */
export function loadChart(folder: string, all: ChartFiles): Chart {
  const ignoreFile = all.get(join(folder, '.helmignore'));
  const isIgnored = ignoredBy(ignoreFile === undefined ? '' : (textIn(ignoreFile) ?? ''));
  const files = new Map([...all.below(folder)].filter(([name]) => !isIgnored(name)));
  const count = { charts: 0 };
  return load(folder, files, { all, depth: 0, isVendored: false, around: [folder], count });
}

export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function load(folder: string, files: ReadonlyMap<string, ChartFile>, loading: Loading): Chart {
  if (loading.depth > MAX_DEPTH) throw new ChartError('its charts nest too deep');
  if (++loading.count.charts > MAX_CHARTS) throw new ChartError('it holds too many charts');
  const path = join(folder, 'Chart.yaml');
  const metadata = metadataOf(path, files.get('Chart.yaml'), files.get('requirements.yaml'));
  if (typeof metadata === 'string') throw new ChartError(metadata);
  const templates: TemplateFile[] = [];
  const others = new Map<string, ChartFile>();
  const packed = new Map<string, Map<string, ChartFile>>();
  for (const [name, file] of files) {
    if (name.startsWith('templates/')) {
      const text = textIn(file);
      if (text !== undefined) templates.push({ name, path: file.path, text });
    } else if (name.startsWith('charts/')) {
      const inside = name.slice('charts/'.length);
      const [subchart = ''] = inside.split('/', 1);
      const list = packed.get(subchart) ?? new Map<string, ChartFile>();
      packed.set(subchart, list.set(inside.slice(subchart.length + 1), file));
    } else if (!NO_FILES.has(name)) others.set(name, file);
  }
  const valuesPath = join(folder, 'values.yaml');
  const values = valuesIn(files.get('values.yaml'));
  if (typeof values === 'string') throw new ChartError(`${valuesPath} cannot be read: ${values}`);
  const subcharts = dependenciesOf(folder, metadata, packed, loading);
  return {
    folder,
    path,
    metadata,
    values,
    valuesPath,
    templates,
    files: others,
    subcharts,
    isVendored: loading.isVendored,
  };
}

/** Files of the chart's own that `.Files` does not show. */
const NO_FILES: ReadonlySet<string> = new Set([
  'Chart.yaml',
  'Chart.lock',
  'values.yaml',
  'values.schema.json',
]);

function valuesIn(file: ChartFile | undefined): MapNode | string | undefined {
  const text = file === undefined ? undefined : textIn(file);
  return text === undefined ? undefined : readYaml(text);
}

/** Repositories that only a network reaches; a name behind `@` is one that somebody has added. */
function isRemote(repository: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|@|alias:)/i.test(repository) && !isLocal(repository);
}

function isLocal(repository: string): boolean {
  return repository.startsWith('file://');
}

function dependenciesOf(
  folder: string,
  metadata: ChartMetadata,
  packed: ReadonlyMap<string, ReadonlyMap<string, ChartFile>>,
  loading: Loading,
): Chart[] {
  const remote = new Set(
    metadata.dependencies.filter((one) => isRemote(one.repository)).map(({ name }) => name),
  );
  const subcharts: Chart[] = [];
  const around = loading.around;
  for (const [entry, files] of [...packed].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (entry.startsWith('_') || entry.startsWith('.')) continue;
    const archive = files.get('');
    if (archive !== undefined && entry.endsWith('.tgz')) {
      const unpacked = unpackedFrom(archive);
      const next = { ...loading, depth: loading.depth + 1, isVendored: true };
      subcharts.push(load(unpacked.folder, unpacked.files, next));
      continue;
    }
    if (!files.has('Chart.yaml')) continue;
    const isVendored = loading.isVendored || remote.has(entry);
    const below = { ...loading, depth: loading.depth + 1, isVendored };
    subcharts.push(load(join(folder, `charts/${entry}`), files, below));
  }
  const names = new Set(subcharts.map((subchart) => subchart.metadata.name));
  for (const dependency of metadata.dependencies) {
    const { name, repository } = dependency;
    if (names.has(name)) continue;
    names.add(name);
    const place = isLocal(repository)
      ? joinPath(folder, repository.slice('file://'.length))
      : undefined;
    if (place === undefined || around.includes(place)) continue;
    if (loading.all.get(join(place, 'Chart.yaml')) === undefined) continue;
    const files = new Map(loading.all.below(place));
    const depth = loading.depth + 1;
    subcharts.push(load(place, files, { ...loading, depth, around: [...around, place] }));
  }
  return subcharts;
}

function unpackedFrom(archive: ChartFile): {
  readonly folder: string;
  readonly files: ReadonlyMap<string, ChartFile>;
} {
  const found = filesOfArchive(dataIn(archive));
  if (typeof found === 'string')
    throw new ChartError(`the archive ${archive.path} cannot be read: ${found}`);
  const top = found[0]?.path.split('/', 1)[0] ?? '';
  const files = new Map<string, ChartFile>();
  for (const { path, bytes } of found) {
    const slash = path.indexOf('/');
    if (slash === -1) continue;
    files.set(path.slice(slash + 1), { path: `${archive.path}/${path}`, data: bytes });
  }
  return { folder: `${archive.path}/${top}`, files };
}
