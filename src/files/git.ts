/**
 * The files of a git working tree, told by git itself: the only child process of chaoslint.
 *
 * The repository is hostile, its `.git/config` and its index too. What `git ls-files` could execute, and what
 * stops it:
 * - `core.fsmonitor` names a program that runs when the index is read: emptied on the command line.
 * - hooks (`post-index-change`): `core.hooksPath` is the null device, and nothing is written
 *   (`GIT_OPTIONAL_LOCKS=0`).
 * - a promisor remote: an object that is missing (a sparse `.gitignore`, a sparse index) would be fetched by
 *   `core.sshCommand`, `remote.*.uploadpack`, `remote.*.vcs`: no lazy fetch, and no transport is allowed.
 * - `core.worktree` and a `.git` without a repository would move the run to another folder: the working tree
 *   and the ceiling of the search are given.
 * - a program called `git` in the scanned folder: only absolute entries of PATH that lie outside of it count,
 *   and never `node_modules/.bin`.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';

/** Milliseconds after which git is killed: an ignore file that is a pipe would block it for ever. */
const TIME_LIMIT = 10_000;
/** Bytes of names that are accepted: about four million files. */
const MOST_OUTPUT = 256 * 1024 * 1024;

/** True when `path` is `folder` or lies in it; both absolute. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** True when the folder holds `.git`: a repository, or the pointer of a worktree or submodule. */
export function isGitTop(folder: string): boolean {
  const git = statSync(join(folder, '.git'), { throwIfNoEntry: false });
  if (git === undefined) return false;
  if (git.isFile()) return true;
  return statSync(join(folder, '.git', 'HEAD'), { throwIfNoEntry: false })?.isFile() === true;
}

/** The entries of PATH that a scanned folder has no say in. */
function trustedPath(scanned: string): string[] {
  const entries = (process.env.PATH ?? '').split(delimiter);
  return entries.filter((entry) => {
    if (!isAbsolute(entry) || /[\\/]node_modules[\\/]\.bin[\\/]?$/.test(entry)) return false;
    try {
      return !isInside(scanned, realpathSync(entry));
    } catch {
      return false;
    }
  });
}

function findGit(folders: readonly string[]): string | undefined {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    });
}

function environment(top: string, path: readonly string[]): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [key, value] of Object.entries(process.env)) {
    // A git hook that calls us exports GIT_DIR and GIT_INDEX_FILE: they mean another question.
    const kept = !/^GIT_/i.test(key) || /^GIT_(?:CONFIG|EXEC_PATH)/.test(key);
    if (kept && !/^PATH$/i.test(key)) env[key] = value;
  }
  return {
    ...env,
    PATH: path.join(delimiter),
    GIT_WORK_TREE: top,
    GIT_CEILING_DIRECTORIES: dirname(top),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
  };
}

const NEUTRAL = [
  '--no-pager',
  '--literal-pathspecs',
  ...['core.fsmonitor=', 'core.hooksPath=/dev/null', 'core.sshCommand=false'].flatMap(option),
  ...['protocol.allow=never', 'submodule.recurse=false'].flatMap(option),
];

function option(setting: string): readonly [string, string] {
  return ['-c', setting];
}

/**
 * The tracked files and the untracked ones that no ignore file names, relative to `top` (a folder that holds
 * `.git`), with forward slashes, all of them at or below `folder` (relative to `top`, '' for all). Deleted files
 * that the index still knows are among them, folders that are repositories of their own end with a slash.
 * Undefined when there is no git, or when it refuses (another owner, a broken repository) or takes too long.
 */
export async function gitFiles(top: string, folder: string): Promise<string[] | undefined> {
  const path = trustedPath(realpathSync(top));
  const git = findGit(path);
  if (git === undefined) return undefined;
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const args = [...NEUTRAL, ...list, ...(folder === '' ? [] : ['--', folder])];
  return new Promise((resolve) => {
    const options = {
      cwd: top,
      env: environment(top, path),
      encoding: 'utf8' as const,
      timeout: TIME_LIMIT,
      killSignal: 'SIGKILL' as const,
      maxBuffer: MOST_OUTPUT,
      windowsHide: true,
    };
    execFile(git, args, options, (error, stdout) => {
      resolve(error === null ? stdout.split('\0').filter((name) => name !== '') : undefined);
    });
  });
}
