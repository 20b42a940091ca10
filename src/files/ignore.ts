/**
 * Patterns as gitignore(5) defines them, for folders without git and for the globs of the policy file.
 * Patterns come from the scanned repository, so matching never backtracks more than once per wildcard: its cost
 * is at most length of pattern times length of path (regular expressions made from globs are exponential).
 * One oddity of git is left out: it reads `a**` + `/b` (stars right after literal text) as `a` + `**` + `/b`.
 */

/** One element of a path segment: a character, any character, any characters, or a bracket expression. */
type Token = string | { readonly any: 'one' | 'many' } | CharacterClass;

interface CharacterClass {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** A path segment of a pattern: fixed text, tokens, or `**`. */
type Segment = string | readonly Token[] | typeof GLOBSTAR;

const GLOBSTAR = Symbol('**');

/** One line of an ignore file. */
export interface IgnorePattern {
  /** `!pattern`: takes back what an earlier pattern ignored. */
  readonly negated: boolean;
  /** `pattern/`: matches folders only. */
  readonly foldersOnly: boolean;
  /** It holds a slash, so it is matched against the whole path below its folder, not the last name. */
  readonly anchored: boolean;
  readonly segments: readonly Segment[];
}

/** Lines of one ignore file that are read; git knows no bound, honest files stay far below this one. */
const MOST_PATTERNS = 5000;
const LONGEST_PATTERN = 4096;

const POSIX_CLASSES: ReadonlyMap<string, readonly (readonly [string, string])[]> = new Map([
  ['alnum', [['0', '9'] as const, ['A', 'Z'] as const, ['a', 'z'] as const]],
  ['alpha', [['A', 'Z'] as const, ['a', 'z'] as const]],
  ['blank', [[' ', ' '] as const, ['\t', '\t'] as const]],
  ['cntrl', [['\0', '\x1f'] as const, ['\x7f', '\x7f'] as const]],
  ['digit', [['0', '9'] as const]],
  ['graph', [['!', '~'] as const]],
  ['lower', [['a', 'z'] as const]],
  ['print', [[' ', '~'] as const]],
  ['punct', [['!', '/'] as const, [':', '@'] as const, ['[', '`'] as const, ['{', '~'] as const]],
  ['space', [[' ', ' '] as const, ['\t', '\r'] as const]],
  ['upper', [['A', 'Z'] as const]],
  ['xdigit', [['0', '9'] as const, ['A', 'F'] as const, ['a', 'f'] as const]],
]);

/** Takes trailing blanks off a line, except those that a backslash keeps. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  let spaces = -1;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === ' ') {
      if (spaces < 0) spaces = i;
      continue;
    }
    if (line[i] === '\\') i++;
    spaces = -1;
  }
  if (spaces >= 0) end = spaces;
  return line.slice(0, end);
}

/** Reads the bracket expression that begins at `start`; undefined when it has no end. */
function characterClass(
  text: string,
  start: number,
): { readonly token: CharacterClass; readonly next: number } | undefined {
  let i = start + 1;
  const negated = text[i] === '!' || text[i] === '^';
  if (negated) i++;
  const ranges: [number, number][] = [];
  for (let first = true; first || text[i] !== ']'; first = false) {
    if (i >= text.length) return undefined;
    const posix = /^\[:([a-z]+):\]/.exec(text.slice(i, i + 12));
    if (posix !== null) {
      const known = POSIX_CLASSES.get(posix[1] ?? '');
      if (known === undefined) return undefined;
      for (const [from, to] of known) ranges.push([from.charCodeAt(0), to.charCodeAt(0)]);
      i += posix[0].length;
      continue;
    }
    if (text[i] === '\\') i++;
    if (i >= text.length) return undefined;
    const from = text.charCodeAt(i);
    i++;
    if (text[i] === '-' && i + 1 < text.length && text[i + 1] !== ']') {
      i++;
      if (text[i] === '\\') i++;
      if (i >= text.length) return undefined;
      ranges.push([from, text.charCodeAt(i)]);
      i++;
    } else ranges.push([from, from]);
  }
  return { token: { negated, ranges }, next: i + 1 };
}

/** Cuts a pattern into segments; undefined when it can match nothing. */
function segmentsOf(pattern: string): Segment[] | undefined {
  const segments: Segment[] = [];
  let tokens: Token[] = [];
  const close = () => {
    const stars = tokens.filter((t) => typeof t === 'object' && 'any' in t && t.any === 'many');
    if (tokens.length >= 2 && stars.length === tokens.length) {
      if (segments.at(-1) !== GLOBSTAR) segments.push(GLOBSTAR);
    } else if (tokens.every((token) => typeof token === 'string')) segments.push(tokens.join(''));
    else segments.push(tokens);
    tokens = [];
  };
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    if (c === '/') close();
    else if (c === '*') tokens.push({ any: 'many' });
    else if (c === '?') tokens.push({ any: 'one' });
    else if (c === '[') {
      const read = characterClass(pattern, i);
      if (read === undefined) return undefined;
      tokens.push(read.token);
      i = read.next - 1;
    } else if (c === '\\') {
      i++;
      const escaped = pattern[i];
      if (escaped === undefined) return undefined;
      if (escaped === '/') close();
      else tokens.push(escaped);
    } else tokens.push(c);
  }
  close();
  // `folder/**` means what is in the folder, not the folder itself.
  if (segments.length > 1 && segments.at(-1) === GLOBSTAR) segments.push([{ any: 'many' }]);
  return segments;
}

/** Reads one line; undefined for a blank line, a comment and a pattern that can match nothing. */
export function parsePattern(line: string): IgnorePattern | undefined {
  if (line.startsWith('#') || line.length > LONGEST_PATTERN) return undefined;
  let text = withoutTrailingSpaces(line.endsWith('\r') ? line.slice(0, -1) : line);
  const negated = text.startsWith('!');
  if (negated) text = text.slice(1);
  const foldersOnly = text.endsWith('/');
  if (foldersOnly) text = text.slice(0, -1);
  if (text === '') return undefined;
  const anchored = text.includes('/');
  const segments = segmentsOf(text.startsWith('/') ? text.slice(1) : text);
  return segments === undefined ? undefined : { negated, foldersOnly, anchored, segments };
}

/** Reads the text of an ignore file. */
export function parseIgnoreFile(text: string): readonly IgnorePattern[] {
  const patterns: IgnorePattern[] = [];
  for (const line of text.replace(/^\ufeff/, '').split('\n')) {
    const pattern = parsePattern(line);
    if (pattern !== undefined) patterns.push(pattern);
    if (patterns.length === MOST_PATTERNS) break;
  }
  return patterns;
}

function tokenMatches(token: Token, text: string, at: number): boolean {
  if (typeof token === 'string') return token === text[at];
  if ('any' in token) return true;
  const code = text.charCodeAt(at);
  return token.ranges.some(([from, to]) => code >= from && code <= to) !== token.negated;
}

function segmentMatches(segment: Segment, name: string): boolean {
  if (typeof segment === 'string') return segment === name;
  // A `**` alone, with nothing beside it, matches every name.
  if (typeof segment === 'symbol') return true;
  let i = 0;
  let j = 0;
  let star = -1;
  let starAt = 0;
  while (i < name.length) {
    const token = segment[j];
    if (typeof token === 'object' && 'any' in token && token.any === 'many') {
      star = j++;
      starAt = i;
    } else if (token !== undefined && tokenMatches(token, name, i)) {
      i++;
      j++;
    } else if (star >= 0) {
      j = star + 1;
      i = ++starAt;
    } else return false;
  }
  for (; j < segment.length; j++) {
    const token = segment[j];
    if (!(typeof token === 'object' && 'any' in token && token.any === 'many')) return false;
  }
  return true;
}

function pathMatches(segments: readonly Segment[], names: readonly string[]): boolean {
  let i = 0;
  let j = 0;
  let star = -1;
  let starAt = 0;
  while (i < names.length) {
    const segment = segments[j];
    if (segment === GLOBSTAR) {
      star = j++;
      starAt = i;
    } else if (segment !== undefined && segmentMatches(segment, names[i] ?? '')) {
      i++;
      j++;
    } else if (star >= 0) {
      j = star + 1;
      i = ++starAt;
    } else return false;
  }
  while (segments[j] === GLOBSTAR) j++;
  return j === segments.length;
}

/**
 * What the patterns of one ignore file say of `path` (relative to the folder of that file, forward slashes): the
 * last pattern that matches decides; undefined when none does.
 */
export function verdict(
  patterns: readonly IgnorePattern[],
  path: string,
  isFolder: boolean,
): 'ignored' | 'kept' | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  let names: readonly string[] | undefined;
  for (let i = patterns.length - 1; i >= 0; i--) {
    const pattern = patterns[i];
    if (pattern === undefined || (pattern.foldersOnly && !isFolder)) continue;
    let matches: boolean;
    if (pattern.anchored) {
      names ??= path.split('/');
      matches = pathMatches(pattern.segments, names);
    } else {
      const [segment] = pattern.segments;
      matches = segment !== undefined && segmentMatches(segment, name);
    }
    if (matches) return pattern.negated ? 'kept' : 'ignored';
  }
  return undefined;
}

/**
 * A test for files below one folder: does one of the globs match the file or a folder that it lies in? As in a
 * .gitignore file, `!glob` takes back, but nothing below a folder that is matched itself.
 */
export function fileMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((glob) => parsePattern(glob) ?? []);
  if (patterns.length === 0) return () => false;
  const folders = new Map<string, boolean>();
  const folderMatches = (path: string): boolean => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const slash = path.lastIndexOf('/');
    const matches =
      (slash >= 0 && folderMatches(path.slice(0, slash))) ||
      verdict(patterns, path, true) === 'ignored';
    folders.set(path, matches);
    return matches;
  };
  return (path) => {
    const slash = path.lastIndexOf('/');
    if (slash >= 0 && folderMatches(path.slice(0, slash))) return true;
    return verdict(patterns, path, false) === 'ignored';
  };
}
