/** Which version of a package a workspace package gets, whatever the format of the lockfile says it with. */
import type { LockedPackage, LockfileFacts } from '../../project-facts.ts';

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
    const index = importer?.dependencies.find((one) => one.name === name)?.package;
    return index === undefined ? undefined : packages[index];
  }
  if (format === 'npm') {
    const installed = `node_modules/${name}`;
    return folder === '' ? packages.find((one) => one.installed === installed) : undefined;
  }
  return packages.find((one) =>
    one.requested?.some((asked) => asked.name === name && asked.range === range),
  );
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
