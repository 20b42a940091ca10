/** Installs what a proof needs, at exact versions, into a folder outside the repository. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INSTALL_MS = 180_000;

const folders = new Map<string, Promise<string>>();

/** The folder, in which bare imports resolve. Rejects when the packages cannot be had. */
export function install(packages: Readonly<Record<string, string>>): Promise<string> {
  const list = Object.entries(packages)
    .map(([name, version]) => `${name}@${version}`)
    .sort();
  const hash = createHash('sha256').update(list.join('\n')).digest('hex').slice(0, 12);
  let folder = folders.get(hash);
  if (folder === undefined) {
    folder = make(join(tmpdir(), `chaoslint-prove-${hash}`), list);
    folders.set(hash, folder);
  }
  return folder;
}

async function make(folder: string, list: readonly string[]): Promise<string> {
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"prove","private":true}\n');
  if (list.length > 0)
    await new Promise<void>((resolve, reject) => {
      execFile(
        'npm',
        [
          'install',
          '--ignore-scripts',
          '--no-audit',
          '--no-fund',
          '--legacy-peer-deps',
          '--save-exact',
          ...list,
        ],
        { cwd: folder, timeout: INSTALL_MS },
        (error, _stdout, stderr) =>
          error === null
            ? resolve()
            : reject(
                new Error(`npm install ${list.join(' ')}: ${stderr.trim().split('\n').at(-1)}`),
              ),
      );
    });
  writeFileSync(done, '');
  return folder;
}
