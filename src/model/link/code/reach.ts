/**
 * Which files a run must read: those that may run in a cluster, and what these import. All others are known by their path alone.
 * The same files are linked whether the others were read or not.
 */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Callable, Library, Shape } from '../../../library.ts';
import { type Project, packagesOf } from './packages.ts';
import { type FileIndex, type Program, programOf } from './program.ts';
import { importsOfValues, isTestPath, runtimesOf } from './runtimes.ts';
import { specifiersOf } from './specifiers.ts';

/** A code file before it is read. */
export interface Candidate {
  readonly path: string;
  /** By its text it may start to serve: nothing has to reach it. */
  readonly mayStart: boolean;
}

export interface Reach {
  /** Paths of the files that must be read as well, now that these are. Empty: nothing is missing. */
  wants(read: readonly CodeFacts[]): readonly string[];
}

/** Follows the imports of what runs in a cluster. Each answer names only files that none before did. */
export function reachOf(candidates: readonly Candidate[], project: Project): Reach {
  const files = candidates.filter(({ path }) => !isTestPath(path));
  const packages = packagesOf(project);
  const specifiers = specifiersOf(new Set(files.map(({ path }) => path)), packages, project);
  const asked = new Set<string>();
  const reached = new Set<string>();
  const facts = new Map<string, CodeFacts>();

  /** What may run in a cluster by its place, by what starts it, or by its text. */
  function roots(): string[] {
    const starting = new Set(files.flatMap(({ path, mayStart }) => (mayStart ? [path] : [])));
    const program = programOf(
      files.map(({ path }) => unreadFacts(path)),
      packages,
      specifiers,
    );
    const runtimes = runtimesOf(program, project, (path) => starting.has(path));
    return files.flatMap(({ path }) => (runtimes.judged(path) || starting.has(path) ? [path] : []));
  }

  /** Of a file that is reached: all that it imports is read, and what is left without types is reached. */
  function follow(path: string, wanted: string[]): void {
    const queue = [path];
    for (const current of queue) {
      if (reached.has(current)) continue;
      reached.add(current);
      ask(current, wanted);
      queue.push(...next(current, wanted));
    }
  }

  function next(path: string, wanted: string[]): string[] {
    const file = facts.get(path);
    if (file === undefined) return [];
    const values = new Set(importsOfValues(file));
    return file.imports.flatMap(({ from }, index) => {
      const target = specifiers.resolve(path, from);
      if (target.is !== 'file') return [];
      ask(target.path, wanted);
      return values.has(index) ? [target.path] : [];
    });
  }

  function ask(path: string, wanted: string[]): void {
    if (asked.has(path)) return;
    asked.add(path);
    wanted.push(path);
  }

  let begun = false;
  return {
    wants(read) {
      const wanted: string[] = [];
      if (!begun) for (const path of roots()) follow(path, wanted);
      begun = true;
      for (const file of read) facts.set(file.path, file);
      for (const { path } of read)
        if (reached.has(path)) for (const target of next(path, wanted)) follow(target, wanted);
      return wanted.sort();
    },
  };
}

/** The part of a program that may run in a cluster, with what it imports. */
export function reachedPart(
  whole: Program,
  judged: (path: string) => boolean,
): readonly CodeFacts[] {
  const part = new Set<FileIndex>();
  for (const index of whole.files.values()) {
    if (!judged(index.facts.path)) continue;
    part.add(index);
    for (const at of index.facts.imports.keys()) {
      const target = whole.resolve(index.facts, at);
      const file = target.is === 'file' ? whole.files.get(target.path) : undefined;
      if (file !== undefined) part.add(file);
    }
  }
  return [...part].map(({ facts }) => facts);
}

/** Stands for a file that was not read. */
export function unreadFacts(path: string): CodeFacts {
  const range = [0, 0] as const;
  return {
    kind: 'code',
    path,
    lineStarts: [0],
    imports: [],
    exports: [],
    bindings: [],
    expressions: [],
    calls: [],
    writes: [],
    functions: [
      { range, form: 'module', parameters: [], regions: [{ kind: 'body', range }], leaves: [] },
    ],
    classes: [],
    types: [],
    freeNames: [],
    incomplete: [],
    directives: [],
    notifications: [],
  };
}

/** Names by which libraries are told to listen or to consume: `listen`, `Worker`. */
export function startingNames(libraries: readonly Library[]): readonly string[] {
  const names = new Set<string>();
  const starts = (callable: Callable | undefined) =>
    callable?.does?.some(({ is }) => is === 'listen' || is === 'consume') === true;
  const look = (name: string, shape: Shape | string) => {
    if (typeof shape === 'string') return;
    if (starts(shape.call) || starts(shape.construct))
      for (const one of name.split('|')) names.add(one);
    for (const [member, inner] of Object.entries(shape.members ?? {})) look(member, inner);
    if (shape.others !== undefined) look('', shape.others);
  };
  for (const { modules, globals, shapes } of libraries) {
    for (const module of Object.values(modules))
      for (const [name, shape] of Object.entries(module)) look(name, shape);
    for (const [name, shape] of Object.entries(globals ?? {})) look(name, shape);
    for (const [name, shape] of Object.entries(shapes)) look(name, shape);
  }
  return [...names].filter((name) => /^[\w$]+$/.test(name) && name !== 'default').sort();
}
