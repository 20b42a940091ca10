/** Folders of the repository that images are built from, with the names that they go by. */

import { folderOf } from '../../../paths.ts';
import type { DockerfileFacts, PackageFacts } from '../../../project-facts.ts';
import type { CodeModel, EntryPoint } from '../../code.ts';
import type { Project } from '../code/packages.ts';
import { agreement, baseName, normalized } from './names.ts';

/** A folder with a program of its own: a package, a project of Nest or Nx, or something with a Dockerfile. */
export interface Place {
  /** '' for the root. */
  readonly folder: string;
  /** Normalised: of the folder, its package and its projects. */
  readonly names: readonly string[];
  readonly package?: PackageFacts;
  /** Server and worker files that lie in it, and in no place within it. */
  readonly entries: readonly EntryPoint[];
  /** Something can be started from it. */
  readonly deployable: boolean;
}

export interface Places {
  readonly all: readonly Place[];
  at(folder: string): Place | undefined;
  /** The innermost place that holds a path. */
  holding(path: string): Place | undefined;
  /**
   * The places that a name means, those that agree best. Several: it cannot be told which. `fuzzily`: also names with a prefix or
   * suffix more.
   */
  named(name: string, fuzzily: boolean): readonly Place[];
}

/** Folders that hold Dockerfiles of programs that lie elsewhere. */
const FOR_DOCKERFILES =
  /^(?:\.?docker|dockerfiles?|containers?|images?|build|deploy(?:ment)?|infra(?:structure)?|ops|ci|\.?devcontainer|scripts?|config|k8s|kubernetes|production|prod|development|dev|local|\.github)$/i;
/** Folders that lie beside programs and hold several of them. */
const GROUPS = /^(?:apps|services|packages|projects|microservices|cmd|servers|workers)$/;

/** True for a folder whose name says that it is only there for Dockerfiles. */
export function isForDockerfiles(folder: string): boolean {
  return folder === '' || FOR_DOCKERFILES.test(baseName(folder));
}

export function placesOf(project: Project, code: CodeModel): Places {
  const packages = new Map<string, PackageFacts>();
  const names = new Map<string, Set<string>>();
  const dockerfiles = new Set<string>();
  const put = (folder: string, ...more: readonly (string | undefined)[]) => {
    const known = names.get(folder) ?? new Set<string>();
    if (folder !== '') known.add(normalized(baseName(folder)));
    for (const name of more)
      if (name !== undefined && name !== '') known.add(normalized(baseName(name)));
    names.set(folder, known);
  };
  for (const facts of project.files) {
    const folder = folderOf(facts.path);
    switch (facts.kind) {
      case 'package':
        packages.set(folder, facts);
        put(folder, facts.name?.value);
        break;
      case 'nx-project':
        put(folder, facts.name?.value);
        break;
      case 'nest':
        for (const { name, root, type } of facts.projects) {
          if (type?.value === 'library' || name === '' || root === undefined) continue;
          put(root.value === '' ? folder : joined(folder, root.value), name);
        }
        break;
      case 'dockerfile':
        if (isForDockerfiles(folder)) break;
        dockerfiles.add(folder);
        put(folder);
        break;
      default:
    }
  }
  const served = code.entryPoints.filter(({ runtime }) => runtime === 'node');
  for (const { path } of served) {
    // `apps/orders/src/main.ts` of a repository with one package.json.
    const parts = folderOf(path).split('/');
    const group = parts.findIndex((part) => GROUPS.test(part));
    const folder = parts.slice(0, group + 2).join('/');
    if (group >= 0 && parts.length > group + 1) put(folder);
  }
  const folders = [...names.keys()].sort();
  const holding = (path: string): string | undefined => {
    for (let at = folderOf(path); ; at = folderOf(at)) {
      if (names.has(at)) return at;
      if (at === '') return undefined;
    }
  };
  const entries = new Map<string, EntryPoint[]>();
  for (const entry of served) {
    const folder = holding(entry.path);
    if (folder !== undefined) entries.set(folder, [...(entries.get(folder) ?? []), entry]);
  }
  const all = folders.map((folder): Place => {
    const own = packages.get(folder);
    const found = entries.get(folder) ?? [];
    const scripts = own?.scripts.some(({ name }) => /^(?:start|serve|dev)/.test(name)) === true;
    return {
      folder,
      names: [...(names.get(folder) ?? [])],
      ...(own === undefined ? {} : { package: own }),
      entries: found,
      deployable: found.length > 0 || dockerfiles.has(folder) || scripts,
    };
  });
  const byFolder = new Map(all.map((place) => [place.folder, place]));
  return {
    all,
    at: (folder) => byFolder.get(folder),
    holding: (path) => {
      const folder = holding(path);
      return folder === undefined ? undefined : byFolder.get(folder);
    },
    named: (name, fuzzily) => best(all, normalized(name), fuzzily),
  };
}

function joined(folder: string, below: string): string {
  const clean = below.replace(/^\.\//, '').replace(/\/+$/, '');
  if (clean === '' || clean === '.') return folder;
  return folder === '' ? clean : `${folder}/${clean}`;
}

function best(all: readonly Place[], name: string, fuzzily: boolean): readonly Place[] {
  for (const wanted of ['same', 'alike', 'part'] as const) {
    if (wanted === 'part' && !fuzzily) break;
    let found = all.filter((place) => place.names.some((own) => agreement(own, name) === wanted));
    if (found.some(({ deployable }) => deployable))
      found = found.filter(({ deployable }) => deployable);
    if (wanted === 'part') {
      // The longest name says most: of `shop-admin-orders`, `admin-orders` before `orders`.
      const length = (place: Place) =>
        Math.max(
          ...place.names.filter((own) => agreement(own, name) === 'part').map((own) => own.length),
        );
      const longest = Math.max(...found.map(length));
      found = found.filter((place) => length(place) === longest);
    }
    // The program of a folder is the innermost one.
    found = found.filter(
      (place) => !found.some((other) => other !== place && isBelow(other.folder, place.folder)),
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** True when a folder lies in another one. */
export function isBelow(folder: string, above: string): boolean {
  return folder !== above && (above === '' || folder.startsWith(`${above}/`));
}

/** True when one of two folders holds the other, or they are the same. */
export function areNested(a: string, b: string): boolean {
  return a === b || isBelow(a, b) || isBelow(b, a);
}

/** Dockerfiles by path. */
export function dockerfilesOf(project: Project): ReadonlyMap<string, DockerfileFacts> {
  return new Map(
    project.files.flatMap((facts) => (facts.kind === 'dockerfile' ? [[facts.path, facts]] : [])),
  );
}
