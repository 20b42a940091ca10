/** Writes files that chaoslint made, and leaves all others alone. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './read.ts';
import { writeFileAtomic } from './write.ts';

/**
 * Writes a whole file, and the folders above it. A file that is there and does not begin with `mark` stays as it is.
 * Throws the error of the file system.
 * @returns whether it was written
 */
export async function writeOwnFile(path: string, text: string, mark: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const before = await readFile(path, 'utf8');
    if (!before.startsWith(mark)) return false;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  await writeFileAtomic(path, text);
  return true;
}
