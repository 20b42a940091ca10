/** What the paths of the command line name, and the project that each of them belongs to. */
import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { UsageError } from '../config/errors.ts';
import { nearest } from '../nearest.ts';
import { isGitTop, isInside } from './git.ts';
import { relativePath } from './list.ts';
import { entryOf, specialKind } from './read.ts';

/** The path that means standard input. */
export const STDIN = '-';

const POLICY_FILES = ['.chaoslint.yaml', '.chaoslint.yml', '.chaoslint.json'];

/** A path with its links resolved; `outside`: it does not lie in `folder`, whose links are resolved too. */
export function realPathIn(
  folder: string,
  path: string,
): { readonly path: string } | 'missing' | 'outside' {
  try {
    const found = realpathSync(path);
    return isInside(realpathSync(folder), found) ? { path: found } : 'outside';
  } catch {
    return 'missing';
  }
}

/** The folder that is analysed for the sake of a path. */
export interface Project {
  readonly root: string;
  /** The top of the git working tree that the root lies in. */
  readonly top: string | undefined;
  /** False for a file without a project outside of the current folder: its neighbours are none of ours. */
  readonly whole: boolean;
}

/** A path of the command line that exists, or a glob that matches. */
export type Given =
  | { readonly kind: 'file'; readonly path: string; readonly project: Project }
  | { readonly kind: 'folder'; readonly path: string; readonly project: Project }
  | {
      readonly kind: 'glob';
      /** The folder in front of the first wildcard. */
      readonly path: string;
      readonly files: readonly string[];
      /** Names that the glob spells out. */
      readonly names: ReadonlySet<string>;
      readonly project: Project;
    }
  | {
      readonly kind: 'refused';
      readonly path: string;
      readonly why: 'outside' | 'special';
      readonly detail: string;
      readonly project: Project;
    };

function stat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Projects that were found, by the folder that they were asked for: thousands of paths may be given. */
export type Projects = Map<string, Project | undefined>;

/**
 * The project of a folder: the nearest folder upward that is the top of a git working tree or holds a policy
 * file; undefined when there is none.
 */
function projectAround(folder: string, projects: Projects): Project | undefined {
  if (!projects.has(folder)) projects.set(folder, lookForProject(folder));
  return projects.get(folder);
}

function lookForProject(folder: string): Project | undefined {
  let root: string | undefined;
  for (let at = folder; ; at = dirname(at)) {
    if (isGitTop(at)) return { root: root ?? at, top: at, whole: true };
    root ??= POLICY_FILES.some((name) => stat(join(at, name))?.isFile() === true) ? at : undefined;
    if (at === dirname(at)) break;
  }
  return root === undefined ? undefined : { root, top: undefined, whole: true };
}

function projectOf(path: string, isFolder: boolean, cwd: string, projects: Projects): Project {
  const folder = isFolder ? path : dirname(path);
  const around = projectAround(folder, projects);
  if (around !== undefined) return around;
  if (isFolder) return { root: path, top: undefined, whole: true };
  if (isInside(cwd, path)) return { root: cwd, top: undefined, whole: true };
  return { root: folder, top: undefined, whole: false };
}

/** The nearest existing path to one that does not exist, spelled as the user did; undefined when none is near. */
function nearestPath(given: string, cwd: string): string | undefined {
  const parts = given.split(/[\\/]/);
  for (let i = 0; i < parts.length; i++) {
    const before = parts.slice(0, i).join('/');
    const folder = resolve(cwd, i === 0 ? '.' : `${before}/`);
    const part = parts[i] ?? '';
    if (part === '' || entryOf(join(folder, part)) !== undefined) continue;
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      return undefined;
    }
    const name = nearest(part, names);
    if (name === undefined) return undefined;
    const rest = parts.slice(i + 1);
    const whole = [...parts.slice(0, i), name, ...rest].join('/');
    return stat(resolve(cwd, whole)) === undefined ? [...parts.slice(0, i), name].join('/') : whole;
  }
  return undefined;
}

function missing(what: string, given: string, cwd: string): UsageError {
  const near = nearestPath(given, cwd);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return new UsageError(`${what}${hint}`);
}

/** A path that is a link, or lies behind one, stands for the file or folder in the project that it leads to. */
function existing(path: string, stats: Stats, cwd: string, projects: Projects): Given {
  const project = projectOf(path, stats.isDirectory(), cwd, projects);
  const top = project.root;
  const realTop = realpathSync(top);
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    return { kind: 'refused', path, why: 'outside', detail: '', project };
  }
  if (!isInside(realTop, real))
    return { kind: 'refused', path, why: 'outside', detail: '', project };
  const place = join(top, relativePath(realTop, real));
  if (stats.isDirectory()) return { kind: 'folder', path: place, project };
  if (stats.isFile()) return { kind: 'file', path: place, project };
  return { kind: 'refused', path, why: 'special', detail: specialKind(stats), project };
}

/** What makes a part of a path a pattern, when no file of that name exists. */
const WILDCARD = /[*?[{]|[!+@]\(/;

async function matching(given: string, cwd: string, projects: Projects): Promise<Given> {
  const pattern = sep === '/' ? given : given.replaceAll(sep, '/');
  const parts = pattern.split('/');
  const wild = parts.findIndex((part) => WILDCARD.test(part));
  const folder = resolve(cwd, wild === 0 ? '.' : `${parts.slice(0, wild).join('/')}/`);
  if (stat(folder)?.isDirectory() !== true) {
    const start = parts.slice(0, wild).join('/');
    throw missing(`No file matches "${given}": no folder "${start}"`, start, cwd);
  }
  const project = projectOf(folder, true, cwd, projects);
  const names = new Set(parts.filter((part) => !WILDCARD.test(part)));
  let files: string[] = [];
  const realRoot = realpathSync(project.root);
  if (isInside(realRoot, realpathSync(folder))) {
    // Loaded only for a glob: it costs more than a small run.
    const { globby } = await import('globby');
    files = await globby(parts.slice(wild).join('/'), {
      cwd: folder,
      absolute: true,
      dot: true,
      onlyFiles: true,
      expandDirectories: false,
      expandNegationOnlyPatterns: false,
      followSymbolicLinks: false,
      suppressErrors: true,
      ignore: ['**/.git/**', ...(names.has('node_modules') ? [] : ['**/node_modules/**'])],
    });
  }
  if (files.length === 0) throw new UsageError(`No file matches "${given}"`);
  const place = join(project.root, relativePath(realRoot, realpathSync(folder)));
  // The folder may be a link inside of the project: its files are known by their own places.
  const places = files.map((file) => join(place, relativePath(folder, resolve(file))));
  return { kind: 'glob', path: place, files: places, names, project };
}

/**
 * Finds what a path of the command line names. A path that exists is itself, also with wildcards in its name.
 * @throws UsageError when nothing exists by that name and no file matches it
 */
export async function find(given: string, cwd: string, projects: Projects): Promise<Given> {
  if (given === '') throw new UsageError('A path is empty; "." is the current folder');
  const path = resolve(cwd, given);
  if (path.split(sep).includes('.git')) throw new UsageError(`"${given}" is git's own data`);
  const entry = entryOf(path);
  const stats = stat(path);
  if (stats !== undefined) return existing(path, stats, cwd, projects);
  if (entry !== undefined) throw new UsageError(`"${given}" is a link to nothing`);
  if (WILDCARD.test(given)) return matching(given, cwd, projects);
  throw missing(`No file or folder "${given}"`, given, cwd);
}
