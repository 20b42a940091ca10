/** Step 1: the packages of the repository, which files are theirs, and which versions of other packages they get. */

import { folderOf } from '../../../paths.ts';
import type {
  DependencyKind,
  LockfileFacts,
  PackageFacts,
  ProjectFacts,
} from '../../../project-facts.ts';
import type { Versions } from './versions.ts';

/** What is known about the project: all of its files, and its lockfiles. */
export interface Project {
  readonly files: readonly ProjectFacts[];
  readonly lockfiles: readonly LockfileFacts[];
}

/** A folder with a package.json. The root of the run is one even without it. */
export interface Package {
  /** '' for the root. */
  readonly folder: string;
  readonly name?: string;
  readonly facts?: PackageFacts;
}

export interface Packages {
  /** By folder, in code-unit order. */
  readonly all: readonly Package[];
  /** The package that a file belongs to: that of the nearest folder above it. */
  ownerOf(path: string): Package;
  /** The package of the repository with this name; undefined when there is none, or more than one. */
  named(name: string): Package | undefined;
  /** The version of a dependency that code of this package imports. */
  versionOf(from: Package, dependency: string): Versions | undefined;
  /** The version of `wanted` that the tree below `through` (a dependency of `from`) brings. */
  versionBelow(from: Package, through: string, wanted: string): Versions | undefined;
  /** The package or a folder above it names this dependency. */
  depends(from: Package, dependency: string): boolean;
}

/** The folder itself and those above it, nearest first; '' is the last. */
export function* upwards(folder: string): Generator<string> {
  for (let current = folder; current !== ''; current = folderOf(current)) yield current;
  yield '';
}

export function packagesOf(project: Project): Packages {
  const all: Package[] = project.files.flatMap((facts) =>
    facts.kind === 'package'
      ? [
          {
            folder: folderOf(facts.path),
            ...(facts.name === undefined ? {} : { name: facts.name.value }),
            facts,
          },
        ]
      : [],
  );
  if (!all.some(({ folder }) => folder === '')) all.push({ folder: '' });
  all.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const byFolder = new Map(all.map((found) => [found.folder, found]));
  const byName = new Map<string, Package[]>();
  for (const found of all)
    if (found.name !== undefined)
      byName.set(found.name, [...(byName.get(found.name) ?? []), found]);
  const root = byFolder.get('') ?? { folder: '' };
  const lockfiles = new Map<string, LockfileFacts[]>();
  for (const lockfile of project.lockfiles) {
    const folder = folderOf(lockfile.path);
    lockfiles.set(folder, [...(lockfiles.get(folder) ?? []), lockfile]);
  }

  function ownerOf(path: string): Package {
    for (const folder of upwards(folderOf(path))) {
      const found = byFolder.get(folder);
      if (found !== undefined) return found;
    }
    return root;
  }

  /** The lockfiles that say what a package gets, nearest first. */
  function* lockfilesOf(from: Package): Generator<{ lockfile: LockfileFacts; folder: string }> {
    for (const folder of upwards(from.folder))
      for (const lockfile of lockfiles.get(folder) ?? []) yield { lockfile, folder };
  }

  function requested(from: Package, dependency: string) {
    for (const folder of upwards(from.folder)) {
      const facts = byFolder.get(folder)?.facts;
      const found = facts?.dependencies.filter(({ name }) => name === dependency) ?? [];
      const order: readonly DependencyKind[] = [
        'dependencies',
        'optionalDependencies',
        'devDependencies',
        'peerDependencies',
      ];
      found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
      if (found[0] !== undefined) return found[0];
    }
    return undefined;
  }

  /** Index into the packages of the lockfile. */
  function lockedIndex(
    lockfile: LockfileFacts,
    folder: string,
    from: Package,
    dependency: string,
  ): number | undefined {
    const inner = folder === '' ? from.folder : from.folder.slice(folder.length + 1);
    const importer = lockfile.importers?.find((found) => found.folder === inner);
    const named = importer?.dependencies.find(({ name }) => name === dependency);
    if (named?.package !== undefined) return named.package;
    // npm: the nearest node_modules above the package.
    for (const above of upwards(inner)) {
      const place = `${above === '' ? '' : `${above}/`}node_modules/${dependency}`;
      const index = lockfile.packages.findIndex(({ installed }) => installed === place);
      if (index >= 0) return index;
    }
    const range = requested(from, dependency)?.value;
    const index = lockfile.packages.findIndex((found) =>
      found.requested?.some(
        (descriptor) => descriptor.name === dependency && descriptor.range === range,
      ),
    );
    if (index >= 0) return index;
    // Hoisted: when the file holds one version only, it is that one.
    const alike = lockfile.packages.flatMap(({ name }, at) => (name === dependency ? [at] : []));
    const versions = new Set(alike.map((at) => lockfile.packages[at]?.version));
    return versions.size === 1 ? alike[0] : undefined;
  }

  function versionOf(from: Package, dependency: string): Versions | undefined {
    for (const { lockfile, folder } of lockfilesOf(from)) {
      const index = lockedIndex(lockfile, folder, from, dependency);
      const version = index === undefined ? undefined : lockfile.packages[index]?.version;
      if (version !== undefined) return { exact: version };
    }
    const found = requested(from, dependency);
    return found?.requested.is === 'versions'
      ? { intervals: found.requested.intervals }
      : undefined;
  }

  function versionBelow(from: Package, through: string, wanted: string): Versions | undefined {
    for (const { lockfile, folder } of lockfilesOf(from)) {
      const start = lockedIndex(lockfile, folder, from, through);
      if (start === undefined) continue;
      const seen = new Set<number>([start]);
      const versions = new Set<string>();
      for (const index of seen) {
        const found = lockfile.packages[index];
        if (found?.name === wanted && found.version !== undefined) versions.add(found.version);
        for (const next of found?.dependencies ?? []) seen.add(next);
      }
      const [only] = versions;
      if (versions.size === 1 && only !== undefined) return { exact: only };
    }
    return versionOf(from, wanted);
  }

  return {
    all,
    ownerOf,
    named(name) {
      const found = byName.get(name) ?? [];
      return found.length === 1 ? found[0] : undefined;
    },
    versionOf,
    versionBelow,
    depends: (from, dependency) => requested(from, dependency) !== undefined,
  };
}
