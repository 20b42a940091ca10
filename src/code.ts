/** Reads the program text of a run: what can matter is extracted in a thread of its own. */
import type { CodeFacts } from './code-facts.ts';
import { type CodeExtractor, openCodeExtractor } from './extract/typescript/pool.ts';
import { escaped, prefilter } from './extract/typescript/prefilter.ts';
import type { SourceFile } from './facts.ts';
import type { Library } from './library.ts';
import type { Census, Project } from './model/link/code/link.ts';
import { type Modules, reachOf, startingNames } from './model/link/code/reach.ts';

/** Test files and stories never run in a cluster. */
const NOT_DEPLOYED =
  /(?:^|\/)(?:__mocks__|cypress|playwright|stories|\.storybook|scratch|playgrounds?|sandbox|bench(?:marks?)?)\/|\.(?:test|spec|stories|e2e|bench)\.[cm]?[jt]sx?$/i;

/** A file says itself that it is for browsers: the first thing in it, comments aside, is the directive. */
function isForBrowsers(text: string): boolean {
  if (!text.includes('use client')) return false;
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    const end = text.startsWith('//', at)
      ? text.indexOf('\n', at)
      : text.startsWith('/*', at)
        ? text.indexOf('*/', at + 2) + 1
        : -1;
    if (end <= 0) return /^["']use client["']/.test(text.slice(at, at + 12));
    at = end + 1;
  }
}

/**
 * UTF-16 code units of program text that one run reads at most: what is made of them takes a hundred times as many bytes, and a run
 * that eats the machine helps nobody.
 */
export const MOST_CODE = 12_000_000;

/**
 * Names by which a file shows that it belongs to something that runs in a cluster: servers, databases, queues, the signal
 * that ends a pod. Calling out is no such sign, browsers do that too.
 */
function wordsOf(libraries: readonly Library[]): readonly string[] {
  const names = libraries
    .filter(({ roles }) => roles.some((role) => role !== 'http'))
    .flatMap(({ packages }) => packages.map(({ name }) => name.replace('*', '')));
  // `pg` and `next` stand in quotes where they are imported; as bare words they are everywhere.
  const quoted = [...new Set(names)].filter((name) => name !== '' && name !== 'node');
  return [...quoted.flatMap((name) => [`'${name}`, `"${name}`]), 'SIGTERM', 'createServer('];
}

/** The folder of the nearest package.json above a path; undefined when there is none. */
function packageOf(path: string, folders: ReadonlySet<string>): string | undefined {
  for (let at = path; at !== ''; ) {
    const slash = at.lastIndexOf('/');
    at = slash < 0 ? '' : at.slice(0, slash);
    if (folders.has(at)) return at;
  }
  return undefined;
}

/**
 * The files that can matter: those of packages in which at least one file names a described library. A package is read
 * whole, because the way from a route to a call leads through files that name none.
 */
export function relevantCode(
  code: readonly SourceFile[],
  project: readonly SourceFile[],
  libraries: readonly Library[],
): readonly SourceFile[] {
  const deployed = code.filter(
    ({ path, text }) => !NOT_DEPLOYED.test(path) && !isForBrowsers(text),
  );
  const folders = new Set(
    project.flatMap(({ path }) =>
      /(?:^|\/)package\.json$/.test(path) ? [path.slice(0, -'/package.json'.length)] : [],
    ),
  );
  const mayMatter = prefilter(wordsOf(libraries));
  const hit = new Set<string | undefined>();
  for (const { path, text } of deployed) {
    const folder = packageOf(path, folders);
    if (!hit.has(folder) && mayMatter(text, path)) hit.add(folder);
  }
  return deployed.filter(({ path }) => hit.has(packageOf(path, folders)));
}

/** By these a file of a framework runs on the server, whatever its place is. */
const SERVER_SIGN =
  /["']use server["']|\bget(?:ServerSide|Static|Initial)Props\b|\bexport\b[^;={(]*\b(?:loader|action)\b/;

/** A file with markup that imports what shows pages: it never starts a server. */
const COMPONENT =
  /^\s*import\s+(?!type\s)[^'";]*from\s*["'](?:react|react-dom|preact|solid-js)(?:\/[^"']*)?["']/m;

/** The libraries that the repository depends on or names in its code, and what Node.js brings. */
function wantedLibraries(
  libraries: readonly Library[],
  files: readonly SourceFile[],
  project: Project,
): readonly Library[] {
  const names = new Set(
    project.files.flatMap((facts) =>
      facts.kind === 'package' ? facts.dependencies.map(({ name }) => name) : [],
    ),
  );
  return libraries.filter(
    (library) =>
      startingNames([library]).length > 0 &&
      library.packages.some(({ name }) => {
        if (name === 'node' || names.has(name)) return true;
        const start = name.replace('*', '');
        return files.some(({ text }) => text.includes(`'${start}`) || text.includes(`"${start}`));
      }),
  );
}

/** Program text that was read, and paths of what was not, because nothing that runs in a cluster reaches it. */
export interface ReadCode {
  readonly facts: readonly CodeFacts[];
  readonly unread: readonly string[];
  readonly modules: Modules;
  /** UTF-16 code units of what had to be read; reading ended early when they are more than `MOST_CODE`. */
  readonly size: number;
}

/** Facts of what runs in a cluster, in the order of the files: `readReached` in a thread of its own. */
export async function readCode(
  files: readonly SourceFile[],
  project: Project,
  libraries: readonly Library[],
): Promise<ReadCode> {
  const extractor = openCodeExtractor();
  try {
    return await readReached(files, project, libraries, extractor.extract);
  } finally {
    await extractor.close();
  }
}

/** Reads entry points first, then what they import, until nothing is missing. */
export async function readReached(
  files: readonly SourceFile[],
  project: Project,
  libraries: readonly Library[],
  extract: CodeExtractor['extract'],
): Promise<ReadCode> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const starts = callTest(startingNames(wantedLibraries(libraries, files, project)));
  const reach = reachOf(
    files.map(({ path, text }) => {
      const isComponent = /x$/.test(path) && COMPONENT.test(text);
      return {
        path,
        mayStart: (!isComponent && starts(text)) || SERVER_SIGN.test(text),
        isComponent,
        mentions: () => mentionedModules(text),
      };
    }),
    project,
  );
  const facts = new Map<string, CodeFacts>();
  let size = 0;
  for (let wanted = reach.wants([]); wanted.length > 0; ) {
    const batch = wanted.flatMap((path) => byPath.get(path) ?? []);
    for (const { text } of batch) size += text.length;
    if (size > MOST_CODE) break;
    const found = await extract(batch);
    for (const one of found) facts.set(one.path, one);
    wanted = reach.wants(found);
  }
  return {
    facts: files.flatMap(({ path }) => facts.get(path) ?? []),
    unread: files.flatMap(({ path }) => (facts.has(path) ? [] : [path])),
    modules: reach.modules,
    size,
  };
}

/** Texts in quotes behind a word that imports. */
function mentionedModules(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:from|import|require)\b[\s(]*(["'`])([^"'`\n]+)\1/g)].flatMap(
    ([, , specifier]) => specifier ?? [],
  );
}

/**
 * Tells texts in which something of one of some names may be called. A name alone (`new Worker()`) has to come from somewhere: an
 * import, or the braces that take an object apart; else it is what the platform brings.
 */
function callTest(names: readonly string[]): (text: string) => boolean {
  const one = `(?:${names.map(escaped).join('|')})`;
  const asMember = new RegExp(`\\.\\s*${one}\\s*(?:[(<]|\\?\\.\\s*\\()`);
  const alone = new RegExp(`(?<![\\w$.])${one}\\s*(?:[(<]|\\?\\.\\s*\\(|as\\b)`);
  const brought = new RegExp(
    `\\b(?:import|export)\\b[^;'"]*(?<![\\w$])${one}(?![\\w$])[^;'"]*\\bfrom\\b|\\{[^{}]*(?<![\\w$])${one}(?![\\w$])[^{}]*\\}\\s*=`,
  );
  return (text) => asMember.test(text) || (alone.test(text) && brought.test(text));
}

/** Answers whether one of some words occurs in any text of the run: an option that is written nowhere is set nowhere. */
export function censusOf(texts: readonly SourceFile[]): Census {
  const known = new Map<string, boolean>();
  return (_, words) =>
    words.some((word) => {
      const before = known.get(word);
      if (before !== undefined) return before;
      const found = texts.some(({ text }) => text.includes(word));
      known.set(word, found);
      return found;
    });
}
