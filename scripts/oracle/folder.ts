/** Reads the code and the project files of a folder. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFileKind } from '../../src/extract/project/candidates.ts';
import type { SourceFile } from '../../src/facts.ts';
import { isTestPath } from '../../src/model/link/code/runtimes.ts';

export interface Folder {
  readonly code: readonly SourceFile[];
  readonly project: readonly SourceFile[];
}

const CODE = /(?<!\.d)\.[cm]?[jt]sx?$/;
const SKIPPED = /(?:^|\/)(?:node_modules|\.git|dist|build|out|coverage|\.next)(?:\/|$)/;
const LARGEST = 1024 * 1024;

function filesBelow(root: string): string[] {
  try {
    const listed = execFileSync('git', ['-C', root, 'ls-files', '-z'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (listed !== '') return listed.split('\0').filter((path) => path !== '');
  } catch {
    // Not a repository.
  }
  return readdirSync(root, { recursive: true, encoding: 'utf8' });
}

/** Files below a folder; symbolic links and large files are left out. */
export function readFolder(root: string): Folder {
  const code: SourceFile[] = [];
  const project: SourceFile[] = [];
  for (const path of filesBelow(root).sort()) {
    // As the linker does it: what tests give and replace says nothing about the program.
    if (SKIPPED.test(path) || isTestPath(path)) continue;
    const kind = projectFileKind(path);
    const wanted = CODE.test(path) || (kind !== undefined && kind !== 'lockfile');
    if (!wanted) continue;
    const found = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (found?.isFile() !== true || found.size > LARGEST) continue;
    const file = { path, text: readFileSync(join(root, path), 'utf8').replace(/^\uFEFF/, '') };
    if (CODE.test(path)) code.push(file);
    if (kind !== undefined) project.push(file);
  }
  return { code, project };
}
