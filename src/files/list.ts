/** Lists what may be a manifest below one folder: by git where there is git, else by walking. */
import { join, relative, sep } from 'node:path';
import type { Notification } from '../facts.ts';
import { isCandidate } from './candidates.ts';
import { gitFiles, isGitTop } from './git.ts';
import { readText } from './read.ts';
import { realFolders, walk } from './walk.ts';

/** Repositories inside of repositories that are entered. */
const DEEPEST_SUBMODULE = 5;

/** Bytes of `.gitmodules` that are read. */
const LARGEST_MODULES_FILE = 256 * 1024;

/** A path of an index that leaves its folder, or enters `.git`: only a forged index holds one. */
const FORGED = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;

/** The candidates below a folder. */
export interface Listing {
  /** Relative to the folder, with forward slashes; some may be deleted, links or special files. */
  readonly paths: readonly string[];
  readonly notifications: readonly Notification[];
}

/** `path` relative to `folder`, both absolute, with forward slashes; '' for the folder itself. */
export function relativePath(folder: string, path: string): string {
  const found = relative(folder, path);
  return sep === '/' ? found : found.replaceAll(sep, '/');
}

/** Folders of submodules that `.gitmodules` names. */
function submodules(root: string): string[] {
  const reading = readText(join(root, '.gitmodules'), LARGEST_MODULES_FILE);
  if (!('text' in reading)) return [];
  const found = reading.text.matchAll(/^[ \t]*path[ \t]*=(.*)$/gm);
  return [...found].map((line) => (line[1] ?? '').trim());
}

/**
 * Lists the candidates below `root`. Repositories that are checked out inside of it (submodules) are listed too.
 * @param top the top of the git working tree that `root` lies in, undefined when there is none
 * @param trackedOnly leaves out what git does not track; without git it changes nothing
 */
export async function listFolder(
  root: string,
  top: string | undefined,
  trackedOnly = false,
  depth = 0,
): Promise<Listing> {
  const below = top === undefined ? '' : relativePath(top, root);
  const names = top === undefined ? undefined : await gitFiles(top, below, trackedOnly);
  if (names === undefined) return walk(root, top ?? root);

  const cut = below === '' ? 0 : below.length + 1;
  const paths = new Set<string>();
  const nested = new Set<string>();
  const notifications: Notification[] = [];
  for (const name of names) {
    const path = cut === 0 ? name : name.slice(cut);
    if (path.endsWith('/')) nested.add(path.slice(0, -1));
    else if (isCandidate(path) && !FORGED.test(path)) paths.add(path);
    else if (path === '.gitmodules') for (const folder of submodules(root)) nested.add(folder);
  }
  const isReal = realFolders(root);
  for (const folder of nested) {
    if (depth === DEEPEST_SUBMODULE || FORGED.test(folder) || !isReal(`${folder}/`)) continue;
    const inner = join(root, folder);
    if (!isGitTop(inner)) continue;
    const listing = await listFolder(inner, inner, trackedOnly, depth + 1);
    for (const path of listing.paths) paths.add(`${folder}/${path}`);
    for (const { path, ...rest } of listing.notifications) {
      notifications.push(path === undefined ? rest : { ...rest, path: `${folder}/${path}` });
    }
  }
  return { paths: [...paths], notifications };
}
