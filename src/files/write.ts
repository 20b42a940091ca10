/** Writes a whole file, or leaves the old one as it was. */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from './read.ts';

/**
 * Writes `text` as UTF-8 to a file: into a new file in the same folder, flushed to the disk, which then takes
 * the name. The permissions of an existing file are kept, and a link is kept and its target replaced. What is no
 * regular file (`/dev/stdout`, a pipe) is written to directly.
 * Throws the error of the file system (ENOSPC, EACCES, ENOENT); the old content is then untouched.
 */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  let target = path;
  let mode: number | undefined;
  try {
    const stats = await stat(path);
    if (!stats.isFile()) {
      await writeFile(path, text);
      return;
    }
    mode = stats.mode & 0o7777;
    target = await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }

  const temporary = await writeBeside(target, text, mode);
  try {
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes `text`, flushed to the disk, to a new file in the folder of `target`, and gives its path. A file or link that somebody put
 * there is never written through. Throws the error of the file system, and then leaves nothing behind.
 */
export async function writeBeside(
  target: string,
  text: string,
  mode: number | undefined,
): Promise<string> {
  const name = `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`;
  const temporary = join(dirname(target), name);
  const file = await open(temporary, 'wx', mode ?? 0o666);
  try {
    try {
      await file.writeFile(text);
      if (mode !== undefined) await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return temporary;
}
