/** Finds and reads the files of a run: what is analysed, what is reported, and what a person must be told. */
import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MAX_LOCKFILE_BYTES, projectFileKind } from '../extract/project/candidates.ts';
import type { ChartFile, Notification, SourceFile } from '../facts.ts';
import { STDIN_PATH } from '../location.ts';
import {
  chartFolders,
  isCandidate,
  isChartFile,
  isCode,
  isJson,
  isManifestCandidate,
  leftOutSegments,
} from './candidates.ts';
import { chartFilesIn } from './charts.ts';
import { isInside } from './git.ts';
import { fileMatcher } from './ignore.ts';
import { listFolder, relativePath } from './list.ts';
import { isNotRead, notRead } from './not-read.ts';
import { find, type Given, type Projects, STDIN } from './paths.ts';
import { entryOf, type Reading, readText } from './read.ts';
import { realFolders, walk } from './walk.ts';

/** Bytes of a file that is read, when the caller does not say. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Bytes of a file with program text: larger ones are bundles that nobody edits. */
const MAX_CODE_BYTES = 1024 * 1024;

/** What to look at. */
export interface DiscoverOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Files, folders, globs, or `-`; none means the current folder. */
  readonly paths: readonly string[];
  /** Analyse only what `paths` name, not the projects around it. */
  readonly isolated: boolean;
  /** Only files that git tracks: what a commit holds. */
  readonly trackedOnly?: boolean;
  /** Globs of the policy, as in a .gitignore file at the root: such files are not analysed at all. */
  readonly ignored: readonly string[];
  /** Globs of the policy: folders of examples and tests that are not left out. */
  readonly include: readonly string[];
  /** The text of standard input, when a path is `-`. */
  readonly stdin?: string;
  /** Larger files are not read; `MAX_FILE_BYTES` when absent. */
  readonly maxFileBytes?: number;
}

/** What was found. */
export interface Discovery {
  /** The absolute folder that all paths are relative to: the root, the common ancestor of several roots. */
  readonly base: string;
  /** The top of the git working tree that the only root lies in; undefined with several roots, or without git. */
  readonly top: string | undefined;
  /** Absolute; more than one when the paths lie in several projects, none when all is standard input. */
  readonly roots: readonly string[];
  /** Manifests and what deploys them, sorted by path in code units; no byte order marks in the texts. */
  readonly files: readonly SourceFile[];
  /** Program text, sorted by path. */
  readonly code: readonly SourceFile[];
  /** package.json, lockfiles, compiler settings, Dockerfiles and their like, sorted by path. */
  readonly project: readonly SourceFile[];
  /** Files of charts that are not among `files`: partial templates, archives, vendored charts, data. */
  readonly charts: readonly ChartFile[];
  /** Is this path reported: does a path of the command line name it, or a folder around it? */
  readonly selects: (path: string) => boolean;
  readonly notifications: readonly Notification[];
  /** Manifests in folders of examples, tests and vendored code that were left out (node_modules not counted). */
  readonly leftOut: number;
}

/** A file that may be analysed. */
interface Candidate {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** It was named itself. */
  readonly named: boolean;
}

/** One root and what was asked of it. */
interface Root {
  readonly path: string;
  readonly top: string | undefined;
  readonly whole: boolean;
  readonly given: Given[];
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Joins what lies in one project; a root inside of another one is part of it. */
function rootsOf(given: readonly Given[]): Root[] {
  const roots: Root[] = [];
  const sorted = [...given].sort(
    (a, b) =>
      Number(b.project.whole) - Number(a.project.whole) ||
      a.project.root.length - b.project.root.length,
  );
  for (const item of sorted) {
    const { root: path, top, whole } = item.project;
    const around = roots.find((r) => (r.whole ? isInside(r.path, path) : r.path === path));
    if (around === undefined) roots.push({ path, top, whole, given: [item] });
    else around.given.push(item);
  }
  return roots.sort((a, b) => byCodeUnits(a.path, b.path));
}

function commonAncestor(paths: readonly string[]): string | undefined {
  const [first, ...rest] = paths;
  if (first === undefined) return undefined;
  let common = first;
  for (const path of rest) {
    while (!isInside(common, path) && common !== dirname(common)) common = dirname(common);
  }
  return common;
}

/**
 * Says whether the folder that is the first `length` segments of a path, relative to the root, is spelled out by
 * one of the given paths: it is one of them, or one of them lies in it, or a glob has its name.
 */
function namedFolders(root: Root): (segments: readonly string[], length: number) => boolean {
  const named = new Set<string>();
  for (const { kind, path } of root.given) {
    let folder = relativePath(root.path, kind === 'file' ? dirname(path) : path);
    while (folder !== '' && !named.has(folder)) {
      named.add(folder);
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    }
  }
  const globs = root.given.flatMap((given) => (given.kind === 'glob' ? [given.names] : []));
  return (segments, length) => {
    if (named.has(segments.slice(0, length).join('/'))) return true;
    return globs.some((names) => names.has(segments[length - 1] ?? ''));
  };
}

/** The candidates of a root: what git or the walk lists, and what was named although it is ignored. */
async function candidatesOf(
  root: Root,
  { isolated, trackedOnly = false }: DiscoverOptions,
  notify: (notification: Notification) => void,
): Promise<readonly Candidate[]> {
  const listed = new Set<string>();
  const named = new Set<string>();
  const needsList =
    root.whole && (!isolated || root.given.some((g) => g.kind === 'folder' || g.kind === 'glob'));
  if (needsList) {
    const listing = await listFolder(root.path, root.top, trackedOnly);
    for (const path of listing.paths) listed.add(path);
    for (const notification of listing.notifications) notify(notification);
  }
  const isWanted = (path: string) => isCandidate(path) && !path.startsWith('../');
  for (const given of root.given) {
    if (given.kind === 'file') {
      const path = relativePath(root.path, given.path);
      if (isWanted(path)) named.add(path);
    } else if (given.kind === 'glob') {
      const matches = given.files.map((f) => relativePath(root.path, f)).filter(isWanted);
      // Ignored files match only by accident, unless nothing else does.
      if (!matches.some((path) => listed.has(path))) for (const path of matches) listed.add(path);
    } else if (given.kind === 'folder') {
      const folder = relativePath(root.path, given.path);
      const holds = folder === '' || [...listed].some((path) => path.startsWith(`${folder}/`));
      if (holds) continue;
      const found = walk(given.path, given.path);
      for (const path of found.paths) listed.add(`${folder}/${path}`);
      for (const { path, ...rest } of found.notifications)
        notify(path === undefined ? rest : { ...rest, path: `${folder}/${path}` });
    }
  }
  for (const path of named) listed.add(path);
  return [...listed].map((path) => ({ path, named: named.has(path) }));
}

/** What a person is told of a file that was not read; undefined when it could not have mattered. */
function notificationOf(
  reading: Exclude<Reading, { readonly text: string }>,
  path: string,
  named: boolean,
  maxFileBytes: number,
): Notification | undefined {
  const about = (id: string, message: string): Notification => ({
    level: 'warning',
    id,
    path,
    message,
  });
  const matters = named || reading.manifestLike;
  const isYaml = !isJson(path);
  switch (reading.skip) {
    case 'missing':
      // A name in another encoding than UTF-8 cannot be opened by its decoded form.
      if (!path.includes('\ufffd')) return undefined;
      return about(
        'unreadable-name',
        'The name of the file is not UTF-8, it was not read: rename it',
      );
    case 'symlink':
      return undefined;
    case 'special':
      if (reading.detail === 'folder' || !(named || isYaml)) return undefined;
      return notARegularFile(path, reading.detail);
    case 'too-large':
      if (!matters) return undefined;
      return about(
        'file-too-large',
        `The file has ${reading.detail} bytes, more than ${maxFileBytes}, and was not read: split it, or ignore it in the policy file`,
      );
    case 'binary':
      if (!(matters || isYaml)) return undefined;
      return about(
        'binary-file',
        'The file is binary (it holds NUL bytes) and was not read: save it as UTF-8 text, or ignore it in the policy file',
      );
    case 'not-utf8':
      if (!matters) return undefined;
      return about('not-utf8', 'The file is not valid UTF-8 and was not read: save it as UTF-8');
    case 'unreadable':
      if (!(named || isYaml)) return undefined;
      return about(
        'unreadable-file',
        `The file cannot be read (${reading.detail}): check its permissions`,
      );
  }
}

/** True when the text of a JSON file names what every Kubernetes object has, or every step of a JSON patch. */
function isJsonManifest(text: string): boolean {
  return (
    (text.includes('"apiVersion"') && text.includes('"kind"')) ||
    (/^\s*\[/.test(text) && text.includes('"op"') && text.includes('"path"'))
  );
}

/**
 * Finds and reads the files of a run. Paths select what is reported; the project around each of them (the
 * nearest folder upward with a git repository or a policy file, else the folder itself) is what is analysed.
 * Symbolic links are never followed out of a project; nothing but regular files is read.
 * @throws UsageError when a path does not exist or a glob matches nothing
 */
export async function discover(options: DiscoverOptions): Promise<Discovery> {
  const cwd = resolve(options.cwd);
  const paths = options.paths.length === 0 ? ['.'] : options.paths;
  const projects: Projects = new Map();
  const given: Given[] = [];
  for (const path of new Set(paths)) {
    if (path !== STDIN) given.push(await find(path, cwd, projects));
  }
  const roots = rootsOf(given);
  const base = commonAncestor(roots.map((root) => root.path)) ?? cwd;
  const selects = selection(given, base, paths.includes(STDIN));

  const found: Found = {
    files: [],
    code: [],
    project: [],
    charts: [],
    notifications: [],
    leftOut: 0,
  };
  if (paths.includes(STDIN)) addStdin(options.stdin ?? '', found);
  for (const item of given) tellRefused(item, base, found);
  for (const root of roots) await addRoot(root, base, options, selects, found);

  const { files, code, project, charts, notifications, leftOut } = found;
  for (const list of [files, code, project, charts])
    list.sort((a, b) => byCodeUnits(a.path, b.path));
  notifications.sort((a, b) => byCodeUnits(a.path ?? '', b.path ?? '') || byCodeUnits(a.id, b.id));
  const [first, second] = roots;
  const top = second === undefined ? first?.top : undefined;
  return {
    base,
    top,
    roots: roots.map((root) => root.path),
    files,
    code,
    project,
    charts,
    selects,
    notifications,
    leftOut,
  };
}

/** What a run gathers, root by root. */
interface Found {
  readonly files: SourceFile[];
  readonly code: SourceFile[];
  readonly project: SourceFile[];
  readonly charts: ChartFile[];
  readonly notifications: Notification[];
  leftOut: number;
}

function selection(given: readonly Given[], base: string, stdin: boolean): Discovery['selects'] {
  const files = new Set<string>();
  const folders: string[] = [];
  if (stdin) files.add(STDIN_PATH);
  for (const item of given) {
    const path = relativePath(base, item.path);
    if (item.kind === 'folder') folders.push(path === '' ? '' : `${path}/`);
    else if (item.kind === 'file') files.add(path);
    else if (item.kind === 'glob')
      for (const file of item.files) files.add(relativePath(base, file));
  }
  return (path) =>
    files.has(path) || (path !== STDIN_PATH && folders.some((folder) => path.startsWith(folder)));
}

function addStdin(stdin: string, { files, notifications }: Found): void {
  const text = stdin.replace(/^\ufeff/, '');
  files.push({ path: STDIN_PATH, text });
  if (text.trim() !== '') return;
  const message = 'Standard input is empty: check the command in front of the pipe';
  notifications.push({ level: 'warning', id: 'empty-input', path: STDIN_PATH, message });
}

function tellRefused(given: Given, base: string, { notifications }: Found): void {
  if (given.kind !== 'refused') return;
  const path = relativePath(base, given.path);
  notifications.push(
    given.why === 'special'
      ? notARegularFile(path, given.detail)
      : outsideProject(path, 'name the place itself'),
  );
}

/** Reads what is analysed of one root. */
async function addRoot(
  root: Root,
  base: string,
  options: DiscoverOptions,
  selects: Discovery['selects'],
  found: Found,
): Promise<void> {
  const { isolated, maxFileBytes = MAX_FILE_BYTES } = options;
  const { files, code, project, notifications } = found;
  const prefix = relativePath(base, root.path);
  const inBase = (path: string) => (prefix === '' ? path : `${prefix}/${path}`);
  const candidates = await candidatesOf(root, options, ({ path, ...rest }) => {
    notifications.push(path === undefined ? rest : { ...rest, path: inBase(path) });
  });
  const known = new Set(candidates.map((candidate) => candidate.path));
  const charts = chartFolders(known);
  const isNamed = namedFolders(root);
  const isIgnored = fileMatcher(options.ignored);
  const isIncluded = fileMatcher(options.include);
  const isReal = realFolders(root.path);
  const linked = new Set<string>();
  /** Files that make objects and are no YAML. */
  const foreign: string[] = [];

  for (const { path, named } of candidates) {
    const shown = inBase(path);
    if (isolated && !selects(shown)) continue;
    if (isIgnored(path)) {
      if (named) {
        const message = 'The policy file ignores it, so it was not read';
        notifications.push({ level: 'note', id: 'ignored-by-policy', path: shown, message });
      }
      continue;
    }
    const isOthers = isNotRead(path) && !isInFolder(charts, path);
    if (isOthers && !isLeftOut(path, charts, isNamed)) foreign.push(shown);
    if (isNotRead(path) && !isManifestCandidate(path)) continue;
    // What only charts have is read with them.
    if (!named && isOnlyOfCharts(path)) continue;
    // A tracked path may lie behind a folder that is a link now.
    if (!isReal(path)) continue;
    const absolute = join(root.path, path);
    if (!named && isLeftOut(path, charts, isNamed) && !isIncluded(path)) {
      const counts = isManifestCandidate(path) && !isOfSubchart(path, charts);
      if (counts && isLeftOutManifest(absolute, path, maxFileBytes)) found.leftOut++;
      continue;
    }
    const kind = projectFileKind(path);
    const isManifest = isManifestCandidate(path);
    const limit = isCode(path)
      ? MAX_CODE_BYTES
      : kind === 'lockfile'
        ? MAX_LOCKFILE_BYTES
        : maxFileBytes;
    let reading = readText(absolute, limit);
    if ('skip' in reading && reading.skip === 'symlink') {
      const target = targetOf(absolute, root.path);
      if (target === undefined) continue;
      if (target.outside) {
        notifications.push(outsideProject(shown, 'ignore the link in the policy file'));
        continue;
      }
      // What a link leads to is read at its own place, unless that place is not among the candidates.
      const isRead = known.has(target.path) && !isOnlyOfCharts(target.path);
      if (isRead || linked.has(target.path) || isIgnored(target.path)) continue;
      linked.add(target.path);
      reading = readText(join(root.path, target.path), limit);
    }
    if ('text' in reading) {
      const file = { path: shown, text: reading.text };
      if (kind !== undefined) project.push(file);
      if (isCode(path)) code.push(file);
      else if (isManifest && (!isJson(path) || isJsonManifest(file.text))) files.push(file);
      continue;
    }
    if (!isManifest && !named) continue;
    const told = notificationOf(reading, shown, named, limit);
    if (told !== undefined) notifications.push(told);
  }
  const read = new Set(files.map((file) => file.path));
  const reported = [...charts].filter((folder) => read.has(inBase(chartPath(folder))));
  const chartFiles = chartFilesIn({
    root: root.path,
    charts: reported,
    paths: known,
    isWanted: (path) => !read.has(inBase(path)) && !isIgnored(path) && isReal(path),
    maxFileBytes,
  });
  for (const file of chartFiles) found.charts.push({ ...file, path: inBase(file.path) });
  notifications.push(...notRead(foreign));
}

function chartPath(folder: string): string {
  return folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml`;
}

/** True for what is looked at in charts only. */
function isOnlyOfCharts(path: string): boolean {
  return (
    isChartFile(path) &&
    !isManifestCandidate(path) &&
    !isCode(path) &&
    projectFileKind(path) === undefined
  );
}

/** True for a path below one of the folders. */
function isInFolder(folders: ReadonlySet<string>, path: string): boolean {
  if (folders.size === 0) return false;
  const names = path.split('/').slice(0, -1);
  return (
    folders.has('') || names.some((_, index) => folders.has(names.slice(0, index + 1).join('/')))
  );
}

function isLeftOut(
  path: string,
  charts: ReadonlySet<string>,
  isNamed: ReturnType<typeof namedFolders>,
): boolean {
  const indexes = leftOutSegments(path, charts);
  if (indexes.length === 0) return false;
  const segments = path.split('/');
  return indexes.some((index) => !isNamed(segments, index + 1));
}

/** True for a file of a chart in another chart: it is read with that one. */
function isOfSubchart(path: string, charts: ReadonlySet<string>): boolean {
  const segments = path.split('/');
  return leftOutSegments(path, charts).every((index) => segments[index] === 'charts');
}

/** Counts for the summary: node_modules do not, nobody wants to include them. */
function isLeftOutManifest(absolute: string, path: string, maxFileBytes: number): boolean {
  if (/(?:^|\/)node_modules\//i.test(path)) return false;
  if (!isJson(path)) return entryOf(absolute)?.isFile() === true;
  const reading = readText(absolute, maxFileBytes);
  return 'text' in reading && isJsonManifest(reading.text);
}

/** Where a link leads, relative to the root; undefined for a broken link, a loop, and git's own data. */
function targetOf(
  link: string,
  root: string,
): { readonly outside: true } | { readonly outside: false; readonly path: string } | undefined {
  try {
    const real = realpathSync(link);
    const realRoot = realpathSync(root);
    if (!isInside(realRoot, real)) return { outside: true };
    const path = relativePath(realRoot, real);
    return path.split('/').includes('.git') ? undefined : { outside: false, path };
  } catch {
    return undefined;
  }
}

function outsideProject(path: string, advice: string): Notification {
  const message = `It leads out of the project and was not read: ${advice}`;
  return { level: 'warning', id: 'outside-project', path, message };
}

function notARegularFile(path: string, kind: string): Notification {
  const message = `It is a ${kind}, not a regular file, and was not read: pipe its text to "chaoslint -"`;
  return { level: 'warning', id: 'not-a-regular-file', path, message };
}
