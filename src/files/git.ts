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

/** The top of the git working tree that a folder lies in; undefined when there is none. */
export function gitTopAbove(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (isGitTop(at)) return at;
    if (at === dirname(at)) return undefined;
  }
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

/** What git says to a question, as bytes; undefined when there is no git, or when it refuses or takes too long. */
async function ask(
  top: string,
  question: readonly string[],
  more: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Buffer | undefined> {
  const path = trustedPath(realpathSync(top));
  const git = findGit(path);
  if (git === undefined) return undefined;
  return new Promise((resolve) => {
    const options = {
      cwd: top,
      env: { ...environment(top, path), ...more.env },
      encoding: 'buffer' as const,
      timeout: TIME_LIMIT,
      killSignal: 'SIGKILL' as const,
      maxBuffer: MOST_OUTPUT,
      windowsHide: true,
    };
    const child = execFile(git, [...NEUTRAL, ...question], options, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
    // git may end before it has read all of its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(more.input ?? '');
  });
}

function namesIn(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((name) => name !== '');
}

/**
 * The tracked files and, unless only these are wanted, the untracked ones that no ignore file names, relative to `top` (a folder
 * that holds `.git`), with forward slashes, all of them at or below `folder` (relative to `top`, '' for all). Deleted files
 * that the index still knows are among them, folders that are repositories of their own end with a slash.
 * Undefined when there is no git, or when it refuses (another owner, a broken repository) or takes too long.
 */
export async function gitFiles(
  top: string,
  folder: string,
  trackedOnly = false,
): Promise<string[] | undefined> {
  const others = trackedOnly ? [] : ['--others', '--exclude-standard'];
  const list = ['ls-files', '-z', '--cached', ...others];
  const output = await ask(top, [...list, ...(folder === '' ? [] : ['--', folder])]);
  return output === undefined ? undefined : namesIn(output);
}

/** What a change is made of: what is staged, or what differs between two states of the repository. */
export type Change =
  | { readonly is: 'staged' }
  /** From where `ref` and HEAD parted to the files as they are. */
  | { readonly is: 'since'; readonly ref: string }
  | { readonly is: 'between'; readonly from: string; readonly to: string };

/** Files that a change touches, and the name of the state before it. */
export interface Touched {
  /** Relative to the top, with forward slashes; deleted ones too. */
  readonly paths: readonly string[];
  /** An object name: HEAD, a merge base. Undefined before the first commit. */
  readonly before: string | undefined;
}

/** A revision as an object name: what begins with a dash or holds a range is none. */
async function commitOf(top: string, ref: string): Promise<string | undefined> {
  const wanted = `${ref}^{commit}`;
  const output = await ask(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', wanted]);
  return output?.toString('utf8').trim() || undefined;
}

/** Undefined when git refuses; `unknown` names the revision that does not exist. */
export async function touchedBy(
  top: string,
  change: Change,
): Promise<Touched | { readonly unknown: string } | undefined> {
  const names = ['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z'];
  const list = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const output = await ask(top, [...names, ...args, '--'], { env });
    return output === undefined ? undefined : namesIn(output);
  };
  if (change.is === 'staged') {
    const before = await commitOf(top, 'HEAD');
    // `git commit FILE` hands its own index to the hooks; it lies in the repository.
    const { GIT_INDEX_FILE: index } = process.env;
    const env = index === undefined ? {} : { GIT_INDEX_FILE: index };
    const paths =
      before === undefined ? await gitFiles(top, '', true) : await list(['--cached', before], env);
    return paths === undefined ? undefined : { paths, before };
  }
  if (change.is === 'between') {
    const [before, after] = [await commitOf(top, change.from), await commitOf(top, change.to)];
    if (before === undefined || after === undefined)
      return { unknown: before === undefined ? change.from : change.to };
    const paths = await list([before, after]);
    return paths === undefined ? undefined : { paths, before };
  }
  const ref = await commitOf(top, change.ref);
  if (ref === undefined) return { unknown: change.ref };
  const base = (await ask(top, ['merge-base', ref, 'HEAD']))?.toString('utf8').trim();
  const before = base === undefined || base === '' ? ref : base;
  const paths = await list([before]);
  const added = await gitFiles(top, '', false);
  const known = await gitFiles(top, '', true);
  if (paths === undefined || added === undefined || known === undefined) return undefined;
  const tracked = new Set(known);
  return { paths: [...paths, ...added.filter((path) => !tracked.has(path))], before };
}

/** Bytes of a text that is read from the history. */
const MOST_BLOB = 4 * 1024 * 1024;

/** The texts that files had at a commit; what did not exist, is too large or is no UTF-8 is missing. */
export async function textsAt(
  top: string,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  // A line break in a name would be a second question.
  const asked = paths.filter((path) => !/[\n\r]/.test(path));
  if (asked.length === 0) return texts;
  const input = asked.map((path) => `${commit}:${path}\n`).join('');
  const output = await ask(top, ['cat-file', '--batch', '--buffer'], { input });
  let at = 0;
  for (const path of asked) {
    const end = output?.indexOf(0x0a, at) ?? -1;
    if (output === undefined || end < 0) break;
    const [, kind, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(output.toString('utf8', at, end)) ?? [];
    at = end + 1;
    // `missing`: nothing follows.
    if (size === undefined) continue;
    const bytes = output.subarray(at, at + Number(size));
    at += Number(size) + 1;
    if (kind !== 'blob' || bytes.length > MOST_BLOB || bytes.includes(0)) continue;
    try {
      texts.set(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      // Not UTF-8: as if it had not been there.
    }
  }
  return texts;
}
