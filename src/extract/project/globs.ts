/** Which packages the patterns of a workspace mean: matching of globs against paths, in time linear in each path. */
import type { WorkspacePatterns } from '../../project-facts.ts';

/** Alternatives of one pattern with braces; more are not read. */
const MAX_ALTERNATIVES = 64;
/** Longer patterns are not read. */
const LONGEST = 512;

export interface Members {
  /** Paths of the package.json files that belong to the workspace, in the order of the list that was given. */
  readonly paths: readonly string[];
  /** Patterns that cannot be read (extended globs): they may mean further packages, or fewer. */
  readonly unread: readonly string[];
}

/**
 * The members of a workspace among the package.json files of a repository. The root itself is none, unless a pattern
 * says `.`; what lies in node_modules or bower_components never is one.
 * @param root the folder of the file that holds the patterns; '' for the base
 */
export function membersOf(
  workspaces: WorkspacePatterns,
  root: string,
  packagePaths: readonly string[],
): Members {
  const unread: string[] = [];
  const rules: { readonly negative: boolean; readonly globs: readonly Glob[] }[] = [];
  for (const { value } of workspaces.patterns) {
    const negative = value.startsWith('!');
    const globs =
      workspaces.tool === 'rush' ? [literal(value)] : globsOf(negative ? value.slice(1) : value);
    if (globs === undefined) unread.push(value);
    else rules.push({ negative, globs });
  }
  // npm reads the patterns in order; for the others what is taken out stays out.
  const inOrder = workspaces.tool === 'package.json';
  const belongs = (folder: string): boolean => {
    const segments = folder === '' ? [] : folder.split('/');
    if (segments.includes('node_modules') || segments.includes('bower_components')) return false;
    let member = false;
    for (const { negative, globs } of rules) {
      if (!globs.some((glob) => matches(glob, segments))) continue;
      if (negative && !inOrder) return false;
      member = !negative;
    }
    return member;
  };
  const prefix = root === '' ? '' : `${root}/`;
  const paths = packagePaths.filter((path) => {
    if (!path.startsWith(prefix)) return false;
    const inner = path.slice(prefix.length);
    if (inner === 'package.json') return belongs('');
    return inner.endsWith('/package.json') && belongs(inner.slice(0, -'/package.json'.length));
  });
  return { paths, unread };
}

/** One segment of a glob: any number of segments, or tokens that one name must match. */
type Segment = 'any' | readonly Token[];
type Glob = readonly Segment[];
/** `*`, or one character: it, any, one of a class. */
type Token =
  | { readonly is: 'run' }
  | { readonly is: 'one'; readonly test: (character: string) => boolean; readonly dot: boolean };

/** The globs that a pattern with braces stands for; undefined when it cannot be read. */
function globsOf(pattern: string): readonly Glob[] | undefined {
  if (pattern.length > LONGEST) return undefined;
  // `@(a|b)`, `!(a)`, `+(a)`.
  if (/[@!+?*]\(/.test(pattern)) return undefined;
  const globs: Glob[] = [];
  const alternatives = expand(pattern);
  if (alternatives === undefined) return undefined;
  for (const alternative of alternatives) {
    const segments: Segment[] = [];
    for (const name of alternative.split('/')) {
      if (name === '' || name === '.') continue;
      if (name === '..') return undefined;
      if (name === '**') {
        if (segments.at(-1) !== 'any') segments.push('any');
        continue;
      }
      const tokens = tokensOf(name);
      if (tokens === undefined) return undefined;
      segments.push(tokens);
    }
    globs.push(segments);
  }
  return globs;
}

function literal(path: string): Glob {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .map((name) => [...name].map(exactly));
}

function exactly(expected: string): Token {
  return { is: 'one', test: (character) => character === expected, dot: expected === '.' };
}

function tokensOf(name: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const characters = [...name];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? '';
    if (character === '*') {
      if (tokens.at(-1)?.is !== 'run') tokens.push({ is: 'run' });
    } else if (character === '?') tokens.push({ is: 'one', test: () => true, dot: false });
    else if (character === '[') {
      const end = characters.indexOf(']', i + 2);
      if (end < 0) return undefined;
      tokens.push({ is: 'one', test: classOf(characters.slice(i + 1, end)), dot: false });
      i = end;
    } else if (character === '\\') tokens.push(exactly(characters[++i] ?? '\\'));
    else tokens.push(exactly(character));
  }
  return tokens;
}

function classOf(characters: readonly string[]): (character: string) => boolean {
  const negated = characters[0] === '!' || characters[0] === '^';
  const ranges: [string, string][] = [];
  for (let i = negated ? 1 : 0; i < characters.length; i++) {
    const from = characters[i] ?? '';
    const to = characters[i + 2];
    if (characters[i + 1] === '-' && to !== undefined) {
      ranges.push([from, to]);
      i += 2;
    } else ranges.push([from, from]);
  }
  return (character) =>
    ranges.some(([from, to]) => character >= from && character <= to) !== negated;
}

/** Expands braces; undefined when there are too many or one does not close. */
function expand(pattern: string): readonly string[] | undefined {
  const open = [pattern];
  const done: string[] = [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const start = next.indexOf('{');
    if (start < 0) {
      done.push(next);
      continue;
    }
    const parts: string[] = [];
    let depth = 0;
    let from = start + 1;
    let end = -1;
    for (let i = start; i < next.length && end < 0; i++) {
      const character = next[i];
      if (character === '{') depth++;
      else if (character === '}') depth--;
      if ((character === ',' && depth === 1) || (character === '}' && depth === 0)) {
        parts.push(next.slice(from, i));
        from = i + 1;
        if (depth === 0) end = i;
      }
    }
    if (end < 0 || parts.length + open.length + done.length > MAX_ALTERNATIVES) return undefined;
    // A single part is text with braces around it, or a range of numbers: rare, and never a folder.
    if (parts.length === 1) return undefined;
    for (const part of parts) open.push(next.slice(0, start) + part + next.slice(end + 1));
  }
  return done;
}

/** Whether a glob means a path; names that start with a dot must be named. */
function matches(glob: Glob, names: readonly string[]): boolean {
  // The last `**` takes one more segment whenever what follows does not fit.
  let at = 0;
  let next = 0;
  let retry = -1;
  let taken = 0;
  while (next < names.length) {
    const segment = glob[at];
    const name = names[next] ?? '';
    if (segment === 'any') {
      retry = at++;
      taken = next;
    } else if (segment !== undefined && nameMatches(segment, name)) {
      at++;
      next++;
    } else if (retry >= 0 && !(names[taken] ?? '').startsWith('.')) {
      at = retry + 1;
      next = ++taken;
    } else return false;
  }
  while (glob[at] === 'any') at++;
  return at === glob.length;
}

function nameMatches(tokens: readonly Token[], name: string): boolean {
  const characters = [...name];
  const first = tokens[0];
  if (characters[0] === '.' && !(first?.is === 'one' && first.dot)) return false;
  let at = 0;
  let next = 0;
  let retry = -1;
  let taken = 0;
  while (next < characters.length) {
    const token = tokens[at];
    if (token?.is === 'run') {
      retry = at++;
      taken = next;
    } else if (token?.test(characters[next] ?? '')) {
      at++;
      next++;
    } else if (retry >= 0) {
      at = retry + 1;
      next = ++taken;
    } else return false;
  }
  while (tokens[at]?.is === 'run') at++;
  return at === tokens.length;
}
