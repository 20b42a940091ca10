/** Which policy file holds for a run. */
import { statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isGitTop } from '../files/git.ts';
import { STDIN } from '../files/paths.ts';
import { readText } from '../files/read.ts';
import { UsageError } from './errors.ts';
import { PACKAGE_FILE, PACKAGE_KEY, POLICY_FILES } from './policy.ts';

/** Larger ones hold no policy that is read. */
const MAX_PACKAGE_BYTES = 256 * 1024;

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

/** True when a package.json holds a policy. What cannot be read holds none: others complain about it. */
function holdsPolicy(path: string): boolean {
  const reading = readText(path, MAX_PACKAGE_BYTES);
  if (!('text' in reading) || !reading.text.includes(`"${PACKAGE_KEY}"`)) return false;
  try {
    const value: unknown = JSON.parse(reading.text);
    return typeof value === 'object' && value !== null && Object.hasOwn(value, PACKAGE_KEY);
  } catch {
    return false;
  }
}

/** The policy file of a folder: the nearest one upward, up to the top of its git working tree. */
function policyFileAbove(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const inPackage = join(at, PACKAGE_FILE);
    const found = [
      ...POLICY_FILES.map((name) => join(at, name)).filter(isFile),
      ...(isFile(inPackage) && holdsPolicy(inPackage) ? [inPackage] : []),
    ];
    const [first, second] = found;
    if (first !== undefined && second !== undefined)
      throw new UsageError(`There are two policy files: ${first} and ${second}; keep one of them`);
    if (first !== undefined) return first;
    if (isGitTop(at) || at === dirname(at)) return undefined;
  }
}

/** The folder that a path of the command line lies in; that of a glob is the part before its wildcards. */
function folderOf(path: string, cwd: string): string {
  let folder = resolve(cwd, path);
  const isFolder = (name: string) => {
    try {
      return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
    } catch {
      return false;
    }
  };
  while (!isFolder(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

/**
 * The policy file of a run: that of the current folder, else the one of the paths.
 * @throws UsageError when the paths lie in projects with different policy files, or one folder holds two
 */
export function findPolicyFile(cwd: string, paths: readonly string[]): string | undefined {
  const own = policyFileAbove(cwd);
  if (own !== undefined) return own;
  const folders = new Set(
    paths.filter((path) => path !== STDIN).map((path) => folderOf(path, cwd)),
  );
  const files = new Set<string>();
  for (const folder of folders) {
    const file = policyFileAbove(folder);
    if (file !== undefined) files.add(file);
  }
  const [first, second] = [...files].sort();
  if (first !== undefined && second !== undefined) {
    const shown = [first, second].map((file) => relative(cwd, file));
    throw new UsageError(
      `The paths have different policy files, ${shown.join(' and ')}: choose one with --config`,
    );
  }
  return first;
}
