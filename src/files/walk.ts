/** Lists a folder without git: never follows a link, reads `.gitignore` files as git does. */
import { type Dirent, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Notification } from '../facts.ts';
import { isCandidate } from './candidates.ts';
import { isInside } from './git.ts';
import { type IgnorePattern, parseIgnoreFile, verdict } from './ignore.ts';
import { codeOf, entryOf, readText } from './read.ts';

/** Entries of folders after which a walk ends: a home folder named by mistake must not take minutes. */
const MOST_ENTRIES = 200_000;
/** Bytes of an ignore file that is read. */
const LARGEST_IGNORE_FILE = 256 * 1024;

/** The patterns that hold in a folder: its own ignore file, then those of the folders above. */
interface Ignores {
  readonly patterns: readonly IgnorePattern[];
  /** Length of the path of the folder of the ignore file, with its slash: what is cut from a path. */
  readonly cut: number;
  readonly above: Ignores | undefined;
}

/** What a walk found. */
export interface Walk {
  /** Candidates (by name) relative to the folder, with forward slashes; links and special files included. */
  readonly paths: readonly string[];
  /** Without paths of their own where they are about the whole walk. */
  readonly notifications: readonly Notification[];
}

function readPatterns(file: string): readonly IgnorePattern[] {
  const reading = readText(file, LARGEST_IGNORE_FILE);
  return 'text' in reading ? parseIgnoreFile(reading.text) : [];
}

function isIgnored(ignores: Ignores | undefined, path: string, isFolder: boolean): boolean {
  for (let level = ignores; level !== undefined; level = level.above) {
    const said = verdict(level.patterns, path.slice(level.cut), isFolder);
    if (said !== undefined) return said === 'ignored';
  }
  return false;
}

/**
 * Walks `start` and gives the candidates below it. Paths inside of the walk are absolute with forward slashes,
 * so that the ignore files between `top` (the top of the repository, `start` or above it) and `start` count too.
 * Folders called `.git` or `node_modules` are never entered.
 */
export function walk(start: string, top: string): Walk {
  const slashed = (path: string) => (path.endsWith('/') ? path : `${path}/`).replaceAll('\\', '/');
  const origin = slashed(start);
  const paths: string[] = [];
  const notifications: Notification[] = [];
  let entries = 0;

  let outer: Ignores | undefined;
  const own = readPatterns(join(top, '.git', 'info', 'exclude'));
  if (own.length > 0) outer = { patterns: own, cut: slashed(top).length, above: undefined };
  const between: string[] = [];
  for (let at = dirname(start); start !== top && isInside(top, at); at = dirname(at)) {
    between.unshift(at);
    if (at === top) break;
  }
  for (const folder of between) {
    const patterns = readPatterns(join(folder, '.gitignore'));
    outer = { patterns, cut: slashed(folder).length, above: outer };
  }

  const pending: { readonly folder: string; readonly ignores: Ignores | undefined }[] = [
    { folder: origin, ignores: outer },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { folder } = next;
    let { ignores } = next;
    let content: Dirent[];
    try {
      content = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') continue;
      notifications.push({
        level: 'warning',
        id: 'unreadable-folder',
        path: folder.slice(origin.length, -1),
        message: `The folder cannot be read (${code}): check its permissions`,
      });
      continue;
    }
    if (content.some((entry) => entry.name === '.gitignore' && entry.isFile())) {
      const patterns = readPatterns(`${folder}.gitignore`);
      if (patterns.length > 0) ignores = { patterns, cut: folder.length, above: ignores };
    }
    entries += content.length;
    for (const entry of content) {
      const { name } = entry;
      const path = folder + name;
      if (entry.isDirectory()) {
        if (name === '.git' || name === 'node_modules' || isIgnored(ignores, path, true)) continue;
        pending.push({ folder: `${path}/`, ignores });
      } else if (isCandidate(name) && !isIgnored(ignores, path, false)) {
        paths.push(path.slice(origin.length));
      }
    }
    if (entries > MOST_ENTRIES) {
      const message = `The walk ended after ${MOST_ENTRIES} files and folders: name a smaller folder`;
      notifications.push({ level: 'warning', id: 'too-many-files', message });
      break;
    }
  }
  return { paths, notifications };
}

/** True when every folder between `root` and the file `path` (relative, forward slashes) is a real folder. */
export function realFolders(root: string): (path: string) => boolean {
  const known = new Map<string, boolean>();
  const isReal = (folder: string): boolean => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const slash = folder.lastIndexOf('/');
    const real =
      (slash < 0 || isReal(folder.slice(0, slash))) &&
      entryOf(join(root, folder))?.isDirectory() === true;
    known.set(folder, real);
    return real;
  };
  return (path) => {
    const slash = path.lastIndexOf('/');
    return slash < 0 || isReal(path.slice(0, slash));
  };
}
