/**
 * Which files a run must read: those that may run in a cluster, and what these import. All others are known by their path alone.
 * The same files are linked whether the others were read or not.
 */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Callable, Library, Shape } from '../../../library.ts';
import { type Packages, type Project, packagesOf } from './packages.ts';
import { type Program, programOf } from './program.ts';
import { importsOfValues, isTestPath, loadedFilesOf, runtimesOf } from './runtimes.ts';
import { type Specifiers, specifiersOf } from './specifiers.ts';

/** A code file before it is read. */
export interface Candidate {
  readonly path: string;
  /** By its text it may start to serve: nothing has to reach it. */
  readonly mayStart: boolean;
  /** By its text it shows a page: what it imports runs in browsers too. */
  readonly isComponent: boolean;
  /** Specifiers that it may import, by its text; more than it does, never fewer. */
  readonly mentions: () => readonly string[];
}

/** Where imports lead, by the paths of all code files, read or not. */
export interface Modules {
  readonly packages: Packages;
  readonly specifiers: Specifiers;
  /** By the texts of all files, what shows pages may import it: it may run in browsers too, whether that was read or not. */
  readonly mayBeShown?: (path: string) => boolean;
}

/** `paths`: of all code files; what tests bring says nothing about the program. */
export function modulesOf(paths: readonly string[], project: Project): Modules {
  const packages = packagesOf(project);
  const deployed = new Set(paths.filter((path) => !isTestPath(path)));
  return { packages, specifiers: specifiersOf(deployed, packages, project) };
}

export interface Reach {
  readonly modules: Modules;
  /** Paths of the files that must be read as well, now that these are. Empty: nothing is missing. */
  wants(read: readonly CodeFacts[]): readonly string[];
}

/** Follows the imports of what runs in a cluster. Each answer names only files that none before did. */
export function reachOf(candidates: readonly Candidate[], project: Project): Reach {
  const files = candidates.filter(({ path }) => !isTestPath(path));
  const modules = modulesOf(
    files.map(({ path }) => path),
    project,
  );
  const { packages, specifiers } = modules;
  const stubs = programOf(
    files.map(({ path }) => unreadFacts(path)),
    packages,
    specifiers,
  );
  const loaded = loadedFilesOf(
    files.map(({ path }) => path),
    packages,
  );
  const asked = new Set<string>();
  const reached = new Set<string>();
  const facts = new Map<string, CodeFacts>();

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
    const imported = file.imports.flatMap(({ from }, index) => {
      const target = specifiers.resolve(path, from);
      if (target.is !== 'file') return [];
      ask(target.path, wanted);
      return values.has(index) ? [target.path] : [];
    });
    return [...imported, ...loaded.by(file)];
  }

  function ask(path: string, wanted: string[]): void {
    if (asked.has(path)) return;
    asked.add(path);
    wanted.push(path);
  }

  /** What runs in a cluster by its place or by what starts it. */
  function sure(wanted: string[]): void {
    const runtimes = runtimesOf(stubs, project, () => false);
    for (const { path, why } of runtimes.files) if (why === 'reached') follow(path, wanted);
  }

  /** What may run there when nothing reaches it: so all that may reach it is read, too. */
  function perhaps(wanted: string[]): void {
    const known = programOf(
      files.map(({ path }) => facts.get(path) ?? unreadFacts(path)),
      packages,
      specifiers,
    );
    const starting = new Set(files.flatMap(({ path, mayStart }) => (mayStart ? [path] : [])));
    const runtimes = runtimesOf(known, project, (path) => starting.has(path));
    const unsure = files.flatMap(({ path }) =>
      (runtimes.judged(path) || starting.has(path)) && !reached.has(path) ? [path] : [],
    );
    for (const path of importersOf(unsure)) ask(path, wanted);
    for (const path of unsure) follow(path, wanted);
    for (const { path, isComponent } of files)
      if (isComponent && runtimes.inServer(path)) follow(path, wanted);
  }

  let importers: Map<string, string[]> | undefined;

  /** Files that import one of some files, and those that import these, as far as their texts tell. */
  function importersOf(paths: readonly string[]): ReadonlySet<string> {
    if (paths.length === 0) return new Set();
    importers ??= mentioned();
    const found = new Set(paths);
    for (const path of found) for (const one of importers.get(path) ?? []) found.add(one);
    return found;
  }

  function mentioned(): Map<string, string[]> {
    const result = new Map<string, string[]>();
    for (const { path, mentions } of files)
      for (const specifier of mentions()) {
        const target = specifiers.resolve(path, specifier);
        if (target.is !== 'file') continue;
        const known = result.get(target.path);
        if (known === undefined) result.set(target.path, [path]);
        else known.push(path);
      }
    return result;
  }

  const components = new Set(files.flatMap(({ path, isComponent }) => (isComponent ? [path] : [])));

  const stages = [sure, perhaps];
  return {
    modules: {
      ...modules,
      mayBeShown: (path) => [...importersOf([path])].some((one) => components.has(one)),
    },
    wants(read) {
      const wanted: string[] = [];
      for (const file of read) facts.set(file.path, file);
      for (const { path } of read)
        if (reached.has(path)) for (const target of next(path, wanted)) follow(target, wanted);
      while (wanted.length === 0 && stages.length > 0) stages.shift()?.(wanted);
      return wanted.sort();
    },
  };
}

/** The part of a program that may run in a cluster, with what it imports. */
export function reachedPart(whole: Program, judged: (path: string) => boolean): Program {
  const part = new Set<string>();
  for (const { facts } of whole.files.values()) {
    if (!judged(facts.path)) continue;
    part.add(facts.path);
    for (const at of facts.imports.keys()) {
      const target = whole.resolve(facts, at);
      if (target.is === 'file') part.add(target.path);
    }
  }
  return { ...whole, files: new Map([...whole.files].filter(([path]) => part.has(path))) };
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
