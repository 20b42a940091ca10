/** Which version of a package a workspace package gets, whatever the format of the lockfile says it with. */
import type { LockedPackage, LockfileFacts } from '../../project-facts.ts';
import { isWithin, requestedOf } from './versions.ts';

/**
 * What code in `folder` gets when it imports `name`; undefined when the lockfile does not tell: the name was not wanted
 * when its facts were made, it leads to a folder, or the package.json has changed since.
 * @param folder of the package, relative to that of the lockfile; '' is the root
 * @param range the text of the dependency in package.json, which yarn 1 needs to tell versions apart
 */
export function lockedPackage(
  lockfile: LockfileFacts,
  folder: string,
  name: string,
  range: string,
): LockedPackage | undefined {
  const { importers, packages, format } = lockfile;
  if (importers !== undefined) {
    const importer = importers.find((one) => one.folder === folder);
    const dependency = importer?.dependencies.find((one) => one.name === name);
    const locked = packages[dependency?.package ?? -1];
    return locked !== undefined && isCurrent(locked, dependency?.range, range) ? locked : undefined;
  }
  if (format === 'npm') {
    const installed = `node_modules/${name}`;
    return folder === '' ? packages.find((one) => one.installed === installed) : undefined;
  }
  return packages.find((one) =>
    one.requested?.some((asked) => asked.name === name && asked.range === range),
  );
}

/** False when package.json has changed since: it asks for something else now, and the version does not fit. */
function isCurrent(locked: LockedPackage, then: string | undefined, now: string): boolean {
  // Yarn writes its protocol in front of every range.
  if (then?.replace(/^npm:/, '') === now.replace(/^npm:/, '')) return true;
  const asked = requestedOf(now);
  const { version } = locked;
  return asked.is === 'versions' && version !== undefined && isWithin(version, asked.intervals);
}

/** All locked versions of a package, wherever they are used; undefined when one of them cannot be told. */
export function lockedVersions(
  lockfile: LockfileFacts,
  name: string,
): readonly string[] | undefined {
  if (lockfile.incomplete !== undefined) return undefined;
  const versions = new Set<string>();
  for (const locked of lockfile.packages) {
    if (locked.name !== name) continue;
    if (locked.version === undefined) return undefined;
    versions.add(locked.version);
  }
  return [...versions];
}
