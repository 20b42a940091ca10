/** Puts changed texts in the place of files that people own: whole, or not at all. */
import { constants } from 'node:fs';
import { access, link, lstat, readFile, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isInside } from './git.ts';
import { codeOf, decode } from './read.ts';
import { writeBeside } from './write.ts';

/** A file as it was read, and the text that it gets. */
export interface TextChange {
  /** Relative to the base of the run. */
  readonly path: string;
  /** Without byte order mark; undefined: the file is new. */
  readonly before: string | undefined;
  readonly after: string;
}

/** A file that was left as it is, and why. */
export interface LeftFile {
  readonly path: string;
  readonly why: string;
}

/**
 * Writes files, new ones first, so that nothing ever names a file that is not there. A file that is read-only, lies outside of the
 * base, has changed since it was read, or cannot be written is left as it is. The byte order mark and the permissions are kept; a
 * link inside the base is kept and its target replaced. A process that is ended at any moment leaves old or new files, never torn ones.
 */
export async function writeChanges(
  base: string,
  changes: readonly TextChange[],
): Promise<readonly LeftFile[]> {
  const left: LeftFile[] = [];
  const fresh = changes.filter(({ before }) => before === undefined);
  for (const change of [...fresh, ...changes.filter(({ before }) => before !== undefined)]) {
    try {
      const why =
        change.before === undefined ? await create(base, change) : await replace(base, change);
      if (why !== undefined) left.push({ path: change.path, why });
    } catch (error) {
      left.push({ path: change.path, why: `it could not be written: ${codeOf(error)}` });
    }
  }
  return left;
}

const MARK = '\ufeff';

async function create(base: string, { path, after }: TextChange): Promise<string | undefined> {
  const folder = await realpath(dirname(join(base, path)));
  if (!isInside(await realpath(base), folder)) return 'it lies outside of the project';
  const target = join(folder, basename(path));
  const temporary = await writeBeside(target, after, undefined);
  try {
    // Unlike a rename, a link never takes the place of a file that somebody made meanwhile.
    await link(temporary, target);
    return undefined;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'a file of that name is there';
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function replace(base: string, change: TextChange): Promise<string | undefined> {
  const { path, before, after } = change;
  const target = await realpath(join(base, path));
  if (!isInside(await realpath(base), target)) return 'it is a link to outside of the project';
  const stats = await lstat(target);
  if (!stats.isFile()) return 'it is no regular file';
  if (stats.nlink > 1) return 'other names of the same file exist (hard links)';
  if ((stats.mode & 0o222) === 0) return 'it is read-only';
  await access(target, constants.W_OK);
  const bytes = await readFile(target);
  const read = decode(bytes);
  const isUtf16 = bytes[0] === 0xff || bytes[0] === 0xfe;
  if (isUtf16 || !('text' in read)) return 'it is not UTF-8';
  if (read.text !== before) return 'it has changed since it was read';
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const temporary = await writeBeside(target, (isMarked ? MARK : '') + after, stats.mode & 0o7777);
  try {
    const now = await readFile(target);
    if (!now.equals(bytes)) return 'it has changed since it was read';
    await rename(temporary, target);
    return undefined;
  } finally {
    await rm(temporary, { force: true });
  }
}
