/**
 * Files that a program loads by names that it makes while it runs: connectors of a folder, entities of a pattern, the file of a
 * worker. Nobody evaluates these names. What is loaded may be every file that the texts of the loading file speak of: more than is
 * really loaded, so that nothing that runs is left out.
 */
import type { CodeFacts, ExpressionIndex } from '../../../code-facts.ts';
import { folderOf } from '../../../paths.ts';

/** What one file may load. */
interface Loader {
  readonly folder: string;
  /** It looks into its own folder. */
  readonly beside: boolean;
  /** Names of folders and files. */
  readonly names: ReadonlySet<string>;
  /** Ends of names: `.entity` of `*.entity.ts`. */
  readonly ends: readonly string[];
}

/** Packages that load the files of a folder. */
const LOADING =
  /^(?:glob|globby|fast-glob|tinyglobby|fdir|@fastify\/autoload|fastify-autoload|require-all|require-dir|require-directory|include-all|umzug|awilix|consign|express-load|load-json-file|import-local|file-routes?|express-file-routing)$/;
const LISTS = /^(?:readdir|readdirSync|glob|globSync|globby|opendir|opendirSync|walk|walkSync)$/;
/** A text that names code: `./worker.js`, `dist/entities/*.js`, `**` + `/*.entity{.ts,.js}`. */
const NAMES_CODE = /^[\w@./*{},[\]()+!:-]*(?:\*[\w.{},*]*|\.[cm]?[jt]s|\{[.\w,]*\})$/;
const EXTENSION = /(?:\.(?:d\.)?[cm]?[jt]sx?|\.?\{[^}]*\})$/;
/** Folders that say nothing about what is loaded. */
const EVERYWHERE = /^(?:|\.|\.\.|\*+|src|dist|build|lib|out|index|app|server|node_modules)$/;
const LONGEST = 200;

const loaders = new WeakMap<CodeFacts, { readonly loader: Loader | undefined }>();

/** What a file may load by names that it makes; undefined: nothing. */
function loaderOf(facts: CodeFacts): Loader | undefined {
  let known = loaders.get(facts);
  if (known === undefined) {
    known = { loader: findLoader(facts) };
    loaders.set(facts, known);
  }
  return known.loader;
}

function findLoader(facts: CodeFacts): Loader | undefined {
  const lists = listsFiles(facts) || givesFolder(facts);
  const computes = lists || loadsComputed(facts);
  const names = new Set<string>();
  const ends: string[] = [];
  for (const text of textsOf(facts)) {
    if (text.length > LONGEST || !(computes ? /^[\w@./*{},-]+$/ : NAMES_CODE).test(text)) continue;
    const segments = text.split('/');
    for (const [index, segment] of segments.entries()) {
      const bare = index === segments.length - 1 ? segment.replace(EXTENSION, '') : segment;
      const star = bare.lastIndexOf('*');
      const end = star < 0 ? '' : bare.slice(star + 1);
      if (star < 0 && !EVERYWHERE.test(bare)) names.add(bare);
      if (end.length > 2) ends.push(end);
    }
  }
  const beside = lists && speaksOfItsPlace(facts);
  return names.size === 0 && ends.length === 0 && !beside
    ? undefined
    : { folder: folderOf(facts.path), beside, names, ends };
}

function* textsOf(facts: CodeFacts): Generator<string> {
  for (const one of facts.expressions)
    if (one.is === 'value' && typeof one.value === 'string') yield one.value;
    else if (one.is === 'template')
      for (const part of one.parts) if (typeof part === 'string') yield part;
}

/** `import(path)`, `require(path)`. */
function loadsComputed({ expressions, calls }: CodeFacts): boolean {
  if (expressions.some((one) => one.is === 'opaque' && one.why === 'ImportExpression')) return true;
  return calls.some(({ callee, arguments: [first] }) => {
    const called = expressions[callee];
    return (
      called?.is === 'global' &&
      called.name === 'require' &&
      typeof first === 'number' &&
      expressions[first]?.is !== 'value'
    );
  });
}

/** It asks which files there are, or a package that does. */
function listsFiles({ expressions, calls, bindings, imports }: CodeFacts): boolean {
  if (imports.some(({ from, typeOnly }) => !typeOnly && LOADING.test(from))) return true;
  return calls.some(({ callee }) => {
    const called = expressions[callee];
    const name =
      called?.is === 'member'
        ? called.name
        : called?.is === 'binding'
          ? (bindings[called.binding]?.from?.imported ?? bindings[called.binding]?.name)
          : undefined;
    return name !== undefined && LISTS.test(name);
  });
}

/** Options by which frameworks are told where the classes lie that they load. */
const FOLDER_OPTIONS = /^(?:directory|directories|mask|routesDir|dir)$/;
/** Options that take patterns, or the classes themselves: those are imported, and say nothing of a folder. */
const CLASS_OPTIONS = /^(?:controllers|resolvers)$/;

/** A framework gets a folder: `bootstrap({ directory: resolve(__dirname, 'controllers') })`. */
function givesFolder(facts: CodeFacts): boolean {
  const { expressions } = facts;
  const isMade = (index: ExpressionIndex): boolean => {
    const one = expressions[index];
    if (one?.is === 'array')
      return one.items.some((item) => typeof item === 'number' && isMade(item));
    return (
      one?.is === 'value' || one?.is === 'template' || one?.is === 'operator' || one?.is === 'call'
    );
  };
  return (
    speaksOfItsPlace(facts) &&
    expressions.some(
      (one) =>
        one.is === 'object' &&
        one.entries.some(
          (entry) =>
            'key' in entry &&
            (FOLDER_OPTIONS.test(entry.key) ||
              (CLASS_OPTIONS.test(entry.key) && isMade(entry.value))),
        ),
    )
  );
}

/** `__dirname`, `import.meta.url`. */
function speaksOfItsPlace({ freeNames, expressions }: CodeFacts): boolean {
  return (
    freeNames.includes('__dirname') ||
    freeNames.includes('__filename') ||
    expressions.some((one) => one.is === 'global' && one.name === 'import.meta')
  );
}

/** Finds what files of one program may load. */
export class LoadedFiles {
  readonly #inPackage = new Map<string, string[]>();
  readonly #ownerOf: (path: string) => { readonly folder: string };

  constructor(paths: Iterable<string>, ownerOf: (path: string) => { readonly folder: string }) {
    this.#ownerOf = ownerOf;
    for (const path of paths) {
      const { folder } = ownerOf(path);
      const known = this.#inPackage.get(folder);
      if (known === undefined) this.#inPackage.set(folder, [path]);
      else known.push(path);
    }
  }

  /** Paths of the same package that a file may load besides those that it imports. */
  by(facts: CodeFacts): readonly string[] {
    const loader = loaderOf(facts);
    if (loader === undefined) return [];
    const { folder } = this.#ownerOf(facts.path);
    return (this.#inPackage.get(folder) ?? []).filter(
      (path) => path !== facts.path && mayLoad(loader, path, folder),
    );
  }
}

function mayLoad(loader: Loader, path: string, folder: string): boolean {
  if (loader.beside && path.startsWith(loader.folder === '' ? '' : `${loader.folder}/`))
    return true;
  const segments = (folder === '' ? path : path.slice(folder.length + 1)).split('/');
  const last = (segments.pop() ?? '').replace(EXTENSION, '');
  return (
    loader.names.has(last) ||
    segments.some((segment) => loader.names.has(segment)) ||
    loader.ends.some((end) => last.endsWith(end))
  );
}
