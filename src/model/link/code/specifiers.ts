/** Step 2: what a specifier of an import means: a file of the repository, a package, a module of Node.js. */

import { folderOf, joinPath } from '../../../paths.ts';
import type { CompilerFacts, ConditionalTarget } from '../../../project-facts.ts';
import type { Why } from '../../code.ts';
import { type Package, type Packages, type Project, upwards } from './packages.ts';

export type Resolution =
  | { readonly is: 'file'; readonly path: string }
  /** A package from elsewhere; `subpath` is '' for the package itself. */
  | { readonly is: 'package'; readonly name: string; readonly subpath: string }
  | { readonly is: 'builtin'; readonly name: string }
  /** A stylesheet, an image, JSON: no code. */
  | { readonly is: 'asset' }
  /** It would be one of these files, which are not among those that were read. */
  | { readonly is: 'unresolved'; readonly why: Why; readonly candidates: readonly string[] };

/** Modules of Node.js that may be imported without `node:`. */
const BUILTIN =
  /^(?:assert|async_hooks|buffer|child_process|cluster|console|constants|crypto|dgram|diagnostics_channel|dns|domain|events|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream|string_decoder|sys|timers|tls|trace_events|tty|url|util|v8|vm|wasi|worker_threads|zlib)(?:\/.*)?$/;
const ASSET =
  /\.(?:json|css|s[ac]ss|less|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|html?|md|mdx|graphql|gql|sql|txt|ya?ml|wasm|node|proto|hbs|ejs|pug|vue|svelte|astro)(?:\?.*)?$/;
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts'];
const CODE = /\.(?:d\.[cm]?ts|[cm]?[jt]sx?)$/;
/** Source conditions first: the sources are what is read. */
const CONDITIONS = [
  'source',
  'development',
  'node',
  'import',
  'module',
  'require',
  'default',
  'types',
];
/** Targets of package.json lie in such folders when they are built. */
const BUILT =
  /^(?:\.\/)?(?:dist|build|lib|out|esm|cjs|es|output)\/(?:(?:esm|cjs|es|src|node|types)\/)*/;
const MAX_EXTENDS = 16;

export interface Specifiers {
  resolve(from: string, specifier: string): Resolution;
  /** The file that a path without or with a built extension means. */
  file(path: string): string | undefined;
  /** The source of a file that a script, an image or a package names: the file itself, or what it is built from. */
  source(folder: string, path: string): string | undefined;
  /** The file that importing this package gives. */
  mainOf(target: Package, subpath?: string): string | undefined;
}

export function specifiersOf(
  paths: ReadonlySet<string>,
  packages: Packages,
  project: Project,
): Specifiers {
  const compilers = new Map<string, CompilerFacts>();
  for (const facts of project.files)
    if (facts.kind === 'compiler') compilers.set(facts.path, facts);
  const compilersIn = new Map<string, CompilerFacts[]>();
  for (const facts of compilers.values()) {
    const folder = folderOf(facts.path);
    compilersIn.set(folder, [...(compilersIn.get(folder) ?? []), facts]);
  }
  const mappingsByFolder = new Map<string, readonly Mapping[]>();
  const memo = new Map<string, Resolution>();

  function file(path: string): string | undefined {
    for (const candidate of candidatesOf(path)) if (paths.has(candidate)) return candidate;
    return undefined;
  }

  /** `extends` names a file beside it, or one of a package of the repository. */
  function extended(from: CompilerFacts): CompilerFacts[] {
    return from.extends.flatMap(({ value }) => {
      const path = value.startsWith('.')
        ? joinPath(folderOf(from.path), value)
        : inPackage(value, (target, rest) => joinPath(target.folder, rest));
      if (path === undefined) return [];
      const found = [path, `${path}.json`, `${path}/tsconfig.json`].find((name) =>
        compilers.has(name),
      );
      const facts = found === undefined ? undefined : compilers.get(found);
      return facts === undefined ? [] : [facts];
    });
  }

  /** The settings that hold for a file: its own field, else that of what it extends, the last one first. */
  function inherited(
    start: CompilerFacts,
    has: (facts: CompilerFacts) => boolean,
  ): CompilerFacts | undefined {
    let level: readonly CompilerFacts[] = [start];
    for (let depth = 0; depth < MAX_EXTENDS && level.length > 0; depth++) {
      const found = level.find(has);
      if (found !== undefined) return found;
      level = level.flatMap((facts) => extended(facts).reverse());
    }
    return undefined;
  }

  function mappings(folder: string): readonly Mapping[] {
    const known = mappingsByFolder.get(folder);
    if (known !== undefined) return known;
    const found: Mapping[] = [];
    for (const above of upwards(folder)) {
      const prefix = above === '' ? '' : `${above}/`;
      const here = (compilersIn.get(above) ?? []).flatMap(({ path }) =>
        /^[tj]sconfig(?:\.[\w.-]+)?\.json$/.test(path.slice(prefix.length)) ? [path] : [],
      );
      // tsconfig.json itself decides before its siblings, which tools are pointed at.
      here.sort(
        (a, b) =>
          Number(b.endsWith('/tsconfig.json') || b === 'tsconfig.json') -
            Number(a.endsWith('/tsconfig.json') || a === 'tsconfig.json') || (a < b ? -1 : 1),
      );
      for (const path of here) {
        const facts = compilers.get(path);
        if (facts === undefined) continue;
        found.push(...mappingsOf(facts));
      }
      // The nearest package's settings hold; those above it only when nothing is set.
      if (found.length > 0 && here.length > 0) break;
    }
    mappingsByFolder.set(folder, found);
    return found;
  }

  function mappingsOf(facts: CompilerFacts): Mapping[] {
    const base = inherited(facts, ({ baseUrl }) => baseUrl !== undefined);
    const baseFolder =
      base?.baseUrl === undefined ? undefined : joinPath(folderOf(base.path), base.baseUrl.value);
    const withPaths = inherited(facts, ({ paths: mapped }) => mapped !== undefined);
    const result: Mapping[] = [];
    if (withPaths?.paths !== undefined) {
      const folder = baseFolder ?? folderOf(withPaths.path);
      for (const { pattern, targets } of withPaths.paths)
        result.push({
          pattern,
          targets: targets.flatMap(({ value }) => joinPath(folder, value) ?? []),
        });
      // Of several patterns the one with the longest text before the star holds.
      result.sort((a, b) => lead(b.pattern) - lead(a.pattern));
    }
    if (baseFolder !== undefined)
      result.push({ pattern: '*', targets: [baseFolder === '' ? '*' : `${baseFolder}/*`] });
    return result;
  }

  /** Name and rest of a specifier, when the repository has a package of that name. */
  function inPackage<T>(
    specifier: string,
    use: (target: Package, rest: string) => T,
  ): T | undefined {
    const { name, subpath } = splitPackage(specifier);
    const target = packages.named(name);
    return target === undefined ? undefined : use(target, subpath);
  }

  function mainOf(target: Package, subpath = ''): string | undefined {
    const { facts, folder } = target;
    const wanted: string[] = [];
    const key = subpath === '' ? '.' : `./${subpath}`;
    if (facts?.exports !== undefined) wanted.push(...targetsFor(facts.exports, key));
    if (subpath === '') {
      for (const field of [facts?.source, facts?.module, facts?.main, facts?.types])
        if (field !== undefined) wanted.push(field.value);
      wanted.push('src/index', 'index', 'src/main', 'src');
    } else wanted.push(subpath, `src/${subpath}`);
    for (const path of wanted) {
      const found = inside(folder, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A file of the package; for a built file, the source that it is built from. */
  function inside(folder: string, path: string): string | undefined {
    const direct = joinPath(folder, path);
    const found = direct === undefined ? undefined : file(direct);
    if (found !== undefined && !/\.d\.[cm]?ts$/.test(found)) return found;
    for (const facts of compilersIn.get(folder) ?? []) {
      const out = inherited(facts, ({ outDir }) => outDir !== undefined);
      const outFolder = out?.outDir && joinPath(folderOf(out.path), out.outDir.value);
      if (outFolder === undefined || direct === undefined || !direct.startsWith(`${outFolder}/`))
        continue;
      const rest = direct.slice(outFolder.length + 1);
      const root = inherited(facts, ({ rootDir }) => rootDir !== undefined);
      const rootFolder = root?.rootDir && joinPath(folderOf(root.path), root.rootDir.value);
      for (const base of [rootFolder, joinPath(folder, 'src'), folder]) {
        const source =
          base === undefined ? undefined : file(base === '' ? rest : `${base}/${rest}`);
        if (source !== undefined) return source;
      }
    }
    const bare = path.replace(/^\.\//, '').replace(BUILT, '');
    if (bare === path.replace(/^\.\//, '')) return undefined;
    for (const base of ['src/', '']) {
      const source = joinPath(folder, base + bare);
      const match = source === undefined ? undefined : file(source);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  function uncached(from: string, specifier: string): Resolution {
    const clean = specifier.replace(/[?#].*$/, '') || specifier;
    if (specifier.startsWith('node:')) return { is: 'builtin', name: specifier };
    if (clean.startsWith('.') || clean.startsWith('/')) {
      const path = clean.startsWith('/') ? undefined : joinPath(folderOf(from), clean);
      const found = path === undefined ? undefined : file(path);
      if (found !== undefined) return { is: 'file', path: found };
      if (ASSET.test(clean)) return { is: 'asset' };
      return {
        is: 'unresolved',
        why: 'module-not-found',
        candidates: path === undefined ? [] : [...candidatesOf(path)],
      };
    }
    const owner = packages.ownerOf(from);
    if (clean.startsWith('#')) {
      for (const target of targetsFor(owner.facts?.imports ?? [], clean)) {
        if (!target.startsWith('.')) return uncached(from, target);
        const found = inside(owner.folder, target);
        if (found !== undefined) return { is: 'file', path: found };
      }
    }
    const candidates: string[] = [];
    for (const { pattern, targets } of mappings(folderOf(from))) {
      const star = matchStar(pattern, clean);
      if (star === undefined) continue;
      for (const target of targets) {
        const path = target.replace('*', star);
        const found = file(path);
        if (found !== undefined) return { is: 'file', path: found };
        if (pattern !== '*') candidates.push(...candidatesOf(path));
      }
    }
    if (BUILTIN.test(clean)) return { is: 'builtin', name: clean };
    const { name, subpath } = splitPackage(clean);
    const workspace = packages.named(name);
    if (workspace !== undefined) {
      const found = mainOf(workspace, subpath);
      if (found !== undefined) return { is: 'file', path: found };
      // A published package may have the name of an example or a template of the repository.
      if (workspace.folder === owner.folder || !packages.depends(owner, name) || ASSET.test(clean))
        return ASSET.test(clean)
          ? { is: 'asset' }
          : { is: 'unresolved', why: 'module-not-found', candidates: [] };
    }
    if (candidates.length > 0)
      return ASSET.test(clean)
        ? { is: 'asset' }
        : { is: 'unresolved', why: 'module-not-found', candidates };
    if (
      clean.startsWith('@/') ||
      clean.startsWith('~') ||
      clean.startsWith('$') ||
      clean.startsWith('#')
    )
      return ASSET.test(clean)
        ? { is: 'asset' }
        : { is: 'unresolved', why: 'module-not-found', candidates: [] };
    return { is: 'package', name, subpath };
  }

  return {
    file,
    mainOf,
    source(folder, path) {
      const found = inside(folder, path);
      if (found !== undefined) return found;
      // `dist/apps/orders/main.js` of a monorepo.
      const bare = path.replace(/^\.\//, '').replace(BUILT, '');
      const app = /^((?:apps|packages|libs|services)\/[^/]+)\/(?:src\/)?(.+)$/.exec(bare);
      if (app === null) return undefined;
      const inner = joinPath(folder, `${app[1]}/src/${app[2]}`);
      return inner === undefined ? undefined : file(inner);
    },
    resolve(from, specifier) {
      const key = `${folderOf(from)}\0${specifier}`;
      const known = memo.get(key);
      if (known !== undefined) return known;
      const found = uncached(from, specifier);
      memo.set(key, found);
      return found;
    },
  };
}

interface Mapping {
  readonly pattern: string;
  readonly targets: readonly string[];
}

function lead(pattern: string): number {
  const star = pattern.indexOf('*');
  return star < 0 ? pattern.length + 1 : star;
}

/** What the star stands for; '' for a pattern without one. */
function matchStar(pattern: string, text: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text ? '' : undefined;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits =
    text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits ? text.slice(before.length, text.length - after.length) : undefined;
}

/** Targets of a subpath, the best condition first. */
function targetsFor(exported: readonly ConditionalTarget[], subpath: string): string[] {
  const fitting = exported.flatMap((target) => {
    const star = matchStar(target.subpath, subpath);
    if (star === undefined || target.target === null) return [];
    const rank = Math.max(...target.conditions.map((name) => CONDITIONS.indexOf(name)), -1);
    return [{ rank, lead: lead(target.subpath), path: target.target.replace('*', star) }];
  });
  fitting.sort((a, b) => b.lead - a.lead || a.rank - b.rank);
  return fitting.map(({ path }) => path);
}

function splitPackage(specifier: string): {
  readonly name: string;
  readonly subpath: string;
} {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return { name: parts.slice(0, length).join('/'), subpath: parts.slice(length).join('/') };
}

/** Files that a path may mean, as TypeScript and bundlers try them: `x.js` is written for `x.ts`. */
function* candidatesOf(path: string): Generator<string> {
  const extension = CODE.exec(path)?.[0];
  if (extension !== undefined) {
    const bare = path.slice(0, -extension.length);
    const letters = /^\.(?:d\.)?([cm]?)/.exec(extension)?.[1] ?? '';
    yield* [`${bare}.${letters}ts`, `${bare}.tsx`, path];
    if (extension.startsWith('.d')) yield* [`${bare}.${letters}js`, `${bare}.js`];
  }
  for (const each of EXTENSIONS) yield path + each;
  const inner = path === '' ? 'index' : `${path}/index`;
  for (const each of EXTENSIONS) yield inner + each;
}
