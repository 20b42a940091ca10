/** Reads the program text of a run: what can matter is extracted in a thread of its own. */
import type { CodeFacts } from './code-facts.ts';
import { openCodeExtractor } from './extract/typescript/pool.ts';
import { prefilter } from './extract/typescript/prefilter.ts';
import type { SourceFile } from './facts.ts';
import type { Library } from './library.ts';
import type { Census } from './model/link/code/link.ts';

/** Test files and stories never run in a cluster. */
const NOT_DEPLOYED =
  /(?:^|\/)(?:__mocks__|cypress|playwright|stories|\.storybook|scratch|playgrounds?|sandbox|bench(?:marks?)?)\/|\.(?:test|spec|stories|e2e|bench)\.[cm]?[jt]sx?$/i;

/** Files that say themselves that they are for browsers. */
const FOR_BROWSERS = /^\s*(?:(?:\/\/[^\n]*|\/\*[\s\S]{0,2000}?\*\/)\s*)*["']use client["']/;

/**
 * UTF-16 code units of program text that one run reads: what is made of them takes a hundred times as many bytes, and a run
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
    ({ path, text }) => !NOT_DEPLOYED.test(path) && !FOR_BROWSERS.test(text),
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

/** Facts of the relevant files, in their order. */
export async function readCode(files: readonly SourceFile[]): Promise<readonly CodeFacts[]> {
  const extractor = openCodeExtractor();
  try {
    return await extractor.extract(files);
  } finally {
    await extractor.close();
  }
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
