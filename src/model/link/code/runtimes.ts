/** Where code runs: entry points of each package, and what they reach by imports of values. */
import type { CodeFacts, ImportIndex } from '../../../code-facts.ts';
import { folderOf, joinPath } from '../../../paths.ts';
import type {
  Command,
  Framework,
  PackageFacts,
  ProjectFacts,
  Stage,
} from '../../../project-facts.ts';
import type { CodeFile, EntryPoint, Runtime } from '../../code.ts';
import { commandsOf, type Run } from './commands.ts';
import { imageless } from './images.ts';
import { LoadedFiles } from './loaded.ts';
import type { Package, Packages, Project } from './packages.ts';
import type { Program } from './program.ts';

export interface Runtimes {
  readonly entryPoints: readonly EntryPoint[];
  readonly files: readonly CodeFile[];
  judged(path: string): boolean;
  /** A file of a package that serves and says nothing of browsers, and that lies where such a program begins. */
  inServer(path: string): boolean;
  /** Packages whose node or lambda entry points reach a file, by folder. */
  reachedBy(path: string): readonly string[];
}

const TEST =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|e2e|specs?|mocks?|fixtures?|testing|cypress|playwright|stories|\.storybook|storybook|[\w-]+-(?:tests|e2e)|(?:[\w-]+-)?test-(?:utils?|utilities|helpers?|support|runner|runner-utils)|(?:e2e|mock)-[\w-]+)(?:\/|$)|[.-](?:test|spec|e2e|e2e-spec|stories|story|bench|mock|cy|fixture|test-utils?)\.[cm]?[jt]sx?$|(?:^|\/)(?:setupTests|jest\.setup|vitest\.setup)\.[cm]?[jt]s$/;
const TOOL =
  /(?:^|\/)(?:scripts?|bench(?:marks?)?|tools?|tooling|migrations?|seeds?|seeders?|(?:[\w-]+-)?(?:examples?|playgrounds?|sandbox(?:es)?|docs)|samples?|demos?|doc|docs-[\w-]+|scratch|dev-(?:server|gateway|proxy|tools?)|k6|loadtests?|load-tests?|codemods?|generators?|plop-templates|\.github)\/|(?:^|\/)[\w.-]+\.config\.[cm]?[jt]s$|(?:^|\/)(?:Gruntfile|gulpfile|webpack[\w.-]*|rollup[\w.-]*|seed|migrate)\.[cm]?[jt]s$/;
const SERVED = ['node', 'lambda'] as const;
/** Scripts that start what runs in a cluster. */
const START = /^(?:start|serve|server|worker|workers|web|api|prod|production|run)(?:[:\-_.].*)?$/;
/** Scripts that start it on the machine of a developer; they tell where it begins when nothing else does. */
const DEVELOP = /^(?:dev|develop|watch)(?:[:\-_.].*)?$/;
const BROWSER_FRAMEWORKS: readonly Framework[] = [
  'vite',
  'angular',
  'expo',
  'gatsby',
  'electron',
  'rspack',
  'webpack',
];

const COMPONENT = 'a component';
/** An entry point that is the class of a command (oclif). */
export const COMMAND = 'a command';
const BROWSER_PACKAGE =
  /^(?:react-dom|react-native|vue|svelte|@angular\/core|preact|solid-js|lit|expo|electron)$/;

export function isTestPath(path: string): boolean {
  return TEST.test(path);
}

/** What may be loaded by a name that is made at run time: neither tests nor tools. */
export function loadedFilesOf(paths: Iterable<string>, packages: Packages): LoadedFiles {
  const plain = [...paths].filter((path) => !TEST.test(path) && !TOOL.test(path));
  return new LoadedFiles(plain, packages.ownerOf);
}

export function runtimesOf(
  program: Program,
  project: Project,
  /** Whether a file starts to listen or to consume by itself. Asked about the files that this decides. */
  starts: (path: string) => boolean,
): Runtimes {
  const found = new Map<string, EntryPoint>();
  const frameworks = new Map<Package, string | undefined>();
  const forBrowsers = new Map<Package, boolean>();
  const put = (path: string | undefined, runtime: Runtime, because: string) => {
    if (path === undefined || found.has(`${path}\0${runtime}`)) return;
    const file = program.files.get(path);
    if (file === undefined) return;
    found.set(`${path}\0${runtime}`, { path, runtime, because, package: file.package.folder });
  };
  const isImageless = imageless(program.packages.all, project.files);
  const served = (path: string | undefined): Runtime =>
    path !== undefined &&
    (TEST.test(path) || TOOL.test(path) || isImageless(program.packages.ownerOf(path)))
      ? 'tool'
      : 'node';

  const commandLines = commandsOf(program.packages, program.specifiers);

  function putRun({ path, isCommand }: Run, because: string, runtime = served(path)): void {
    put(path, runtime, isCommand ? `${COMMAND}, ${because}` : because);
  }

  function putImage(command: Command, folder: string, because: string): void {
    const runs = commandLines.inImage(command, folder);
    // `node health.js & node main.js`: no signal comes to the first, and nobody waits for it.
    const isAlone = runs.every(({ isAside }) => isAside);
    for (const run of runs) putRun(run, because, run.isAside && !isAlone ? 'tool' : undefined);
  }

  for (const facts of project.files) byProjectFile(facts);
  for (const facts of project.files) if (facts.kind === 'package') byDevelopment(facts);
  for (const { facts } of program.files.values()) byConvention(facts);
  const graph = importsOf(program);
  const first = reach();
  // What listens and is reached by nothing starts itself, unless others install it to start it.
  const before = found.size;
  for (const path of program.files.keys())
    if ((first.get(path)?.size ?? 0) === 0 && starts(path))
      if (isInstalled(path)) put(path, 'tool', 'it listens in a package that others install');
      else put(path, served(path), 'it starts to listen or to consume');
  const runtimes = found.size === before ? first : reach();
  const owners = ownersOf();

  function byProjectFile(facts: ProjectFacts): void {
    const folder = folderOf(facts.path);
    switch (facts.kind) {
      case 'package': {
        // A command that is also run by a script of its own package is still a command.
        const commands = facts.bin.map(({ value }) => inPackage(folder, value));
        for (const path of commands) put(path, 'cli', `bin of ${facts.path}`);
        for (const { name, value } of facts.scripts) {
          if (DEVELOP.test(name)) continue;
          const runtime = START.test(name) ? 'node' : 'tool';
          for (const run of commandLines.of(value, folder))
            if (!commands.includes(run.path))
              putRun(
                run,
                `script ${name} of ${facts.path}`,
                runtime === 'tool' ? 'tool' : undefined,
              );
        }
        return;
      }
      case 'dockerfile': {
        const last = facts.stages.at(-1);
        for (const stage of last === undefined ? [] : facts.stages) {
          for (const step of stage.steps)
            if (step.is === 'cmd' || step.is === 'entrypoint')
              putImage(step.command, folder, `${step.is.toUpperCase()} of ${facts.path}`);
          const whole = wholeCommand(stage.steps);
          if (whole !== undefined) putImage(whole, folder, `ENTRYPOINT of ${facts.path}`);
        }
        return;
      }
      case 'compose':
        for (const service of facts.services)
          for (const command of [service.command, service.entrypoint]) {
            const context = joinPath(folder, service.build?.context ?? '.') ?? folder;
            if (command !== undefined)
              putImage(command, context, `service ${service.name} of ${facts.path}`);
          }
        return;
      case 'procfile':
        for (const { name, value } of facts.processes)
          for (const run of commandLines.of(value, folder))
            putRun(run, `process ${name} of ${facts.path}`);
        return;
      case 'nest':
        for (const one of facts.projects) {
          const source = joinPath(folder, one.sourceRoot?.value ?? 'src');
          if (one.type?.value === 'library' || source === undefined) continue;
          const path = inPackage(source, one.entryFile?.value ?? 'main');
          put(path, served(path), facts.path);
        }
        return;
      case 'nx-project':
        for (const { executor, options } of facts.targets) {
          const main = options.find(({ name }) => name === 'main')?.value;
          if (main === undefined || executor === undefined) continue;
          const target = options.find(({ name }) => name === 'target')?.value;
          if (/browser|angular|web-/.test(executor.value) || target === 'web')
            put(file(main), 'browser', facts.path);
          else if (/node|webpack|esbuild|js:|nest/.test(executor.value))
            put(file(main), served(main), facts.path);
        }
        return;
      case 'serverless':
        for (const { name, handler } of facts.functions)
          if (handler !== undefined)
            put(
              inPackage(folder, handler.value.replace(/\.[\w$]+$/, '')),
              'lambda',
              `function ${name} of ${facts.path}`,
            );
        return;
      case 'wrangler':
        if (facts.main !== undefined) put(inPackage(folder, facts.main.value), 'edge', facts.path);
        return;
      case 'framework':
        if (BROWSER_FRAMEWORKS.includes(facts.framework))
          for (const name of ['src/main', 'src/index', 'src/App', 'index', 'main', 'App'])
            put(browserFile(folder, name, facts.framework), 'browser', facts.path);
        return;
      default:
    }
  }

  /** Scripts for developers, in a package that nothing else starts and that nobody installs. */
  function byDevelopment(facts: PackageFacts): void {
    const folder = folderOf(facts.path);
    const started = [...found.values()].some(
      (one) => one.package === folder && (one.runtime === 'node' || one.runtime === 'lambda'),
    );
    for (const { name, value } of facts.scripts)
      if (DEVELOP.test(name))
        for (const run of commandLines.of(value, folder))
          putRun(
            run,
            `script ${name} of ${facts.path}`,
            started || isLibrary(facts) ? 'tool' : undefined,
          );
  }

  /** The file belongs to a package that is made to be installed, and is not what it gives to those who import it. */
  function isInstalled(path: string): boolean {
    const owner = program.files.get(path)?.package;
    if (owner?.facts === undefined || !isLibrary(owner.facts)) return false;
    const { main } = owner.facts;
    return main === undefined || inPackage(owner.folder, main.value) !== path;
  }

  function file(path: string): string | undefined {
    return program.specifiers.file(path);
  }

  /** A path that a script or an image names: built files are their sources. */
  function inPackage(folder: string, path: string): string | undefined {
    return program.specifiers.source(folder, path);
  }

  /** A browser entry is a component, or lies in a package without server code. */
  function browserFile(folder: string, name: string, framework: Framework): string | undefined {
    const path = inPackage(folder, name);
    if (path === undefined) return undefined;
    if (/x$/.test(path) || framework === 'angular') return path;
    const facts = program.files.get(path)?.package.facts;
    const names = facts?.dependencies.map((one) => one.name) ?? [];
    return names.some((one) =>
      /^(?:react|vue|svelte|@angular\/core|preact|solid-js|lit)$/.test(one),
    ) && !starts(path)
      ? path
      : undefined;
  }

  function byConvention(facts: CodeFacts): void {
    const { path } = facts;
    const owner = program.packages.ownerOf(path);
    if (TEST.test(path) || TOOL.test(path)) {
      put(path, 'tool', 'its place');
      return;
    }
    const inner = owner.folder === '' ? path : path.slice(owner.folder.length + 1);
    if (prologueOf(facts).includes('use client')) {
      put(path, 'browser', "'use client'");
      return;
    }
    if (isComponent(facts)) put(path, 'browser', COMPONENT);
    const framework = frameworkOf(owner);
    if (framework === undefined) return;
    const runtime = conventionOf(framework, inner, facts);
    if (runtime !== undefined) put(path, runtime, `${framework} convention`);
  }

  function frameworkOf(owner: Package): string | undefined {
    if (!frameworks.has(owner)) frameworks.set(owner, frameworkNamedBy(owner));
    return frameworks.get(owner);
  }

  function frameworkNamedBy(owner: Package): string | undefined {
    const has = (name: string) =>
      owner.facts?.dependencies.some(
        (one) => one.name === name && one.kind !== 'peerDependencies',
      ) === true;
    for (const [name, framework] of [
      ['next', 'next'],
      ['nuxt', 'nuxt'],
      ['@sveltejs/kit', 'sveltekit'],
      ['@remix-run/node', 'remix'],
      ['@react-router/node', 'remix'],
      ['astro', 'astro'],
    ] as const)
      if (has(name)) return framework;
    return undefined;
  }

  function reach(): Map<string, Set<Runtime>> {
    const result = new Map<string, Set<Runtime>>();
    for (const { path, runtime } of found.values()) {
      const queue = [path];
      for (const current of queue) {
        const known = result.get(current) ?? new Set<Runtime>();
        if (known.has(runtime)) continue;
        // What the browser runs, the server only renders.
        const isClient = prologueOf(program.files.get(current)?.facts).includes('use client');
        if (isClient && runtime !== 'browser' && runtime !== 'tool') continue;
        known.add(runtime);
        result.set(current, known);
        queue.push(...(graph.get(current) ?? []));
      }
    }
    return result;
  }

  function ownersOf(): Map<string, Set<string>> {
    const result = new Map<string, Set<string>>();
    for (const { path, runtime, package: folder } of found.values()) {
      if (!SERVED.some((one) => one === runtime)) continue;
      const seen = new Set<string>();
      const queue = [path];
      for (const current of queue) {
        if (seen.has(current)) continue;
        seen.add(current);
        const known = result.get(current) ?? new Set<string>();
        known.add(folder);
        result.set(current, known);
        queue.push(...(graph.get(current) ?? []));
      }
    }
    return result;
  }

  const byPackage = new Map<string, Set<Runtime>>();
  for (const { package: folder, runtime, because } of found.values()) {
    // Servers render components too.
    if (because === COMPONENT) continue;
    const known = byPackage.get(folder) ?? new Set();
    known.add(runtime);
    byPackage.set(folder, known);
  }

  /** Settings or dependencies of a package say that some of its code is for browsers. */
  function hasBrowserCode(owner: Package): boolean {
    const known = forBrowsers.get(owner) ?? saysBrowserCode(owner);
    forBrowsers.set(owner, known);
    return known;
  }

  function saysBrowserCode(owner: Package): boolean {
    return (
      frameworkOf(owner) !== undefined ||
      owner.facts?.dependencies.some(({ name }) => BROWSER_PACKAGE.test(name)) === true ||
      project.files.some(
        (one) =>
          one.kind === 'framework' &&
          folderOf(one.path) === owner.folder &&
          BROWSER_FRAMEWORKS.includes(one.framework),
      )
    );
  }

  /** Packages of which a part that runs is not found, so that the rest of them may be reached through it. */
  const torn = new Set<string>();
  for (const { facts, package: owner } of program.files.values()) {
    if (!SERVED.some((one) => runtimes.get(facts.path)?.has(one))) continue;
    if (importsOfValues(facts).some((index) => isLost(program, facts, index)))
      torn.add(owner.folder);
  }

  /** By package: the top folders in which something starts. */
  const startFolders = new Map<string, Set<string>>();
  const topIn = (owner: string, path: string) =>
    topOf(owner === '' ? path : path.slice(owner.length + 1));
  for (const { package: folder, path, runtime } of found.values()) {
    if (!SERVED.some((one) => one === runtime)) continue;
    const known = startFolders.get(folder) ?? new Set();
    known.add(topIn(folder, path));
    startFolders.set(folder, known);
  }
  /** A script that lies beside the folder of the program is no part of what runs. */
  function isBesideEntry(path: string, { folder }: Package): boolean {
    const tops = startFolders.get(folder);
    return tops?.has('') === true || tops?.has(topIn(folder, path)) === true;
  }

  function inServer(path: string, owner: Package): boolean {
    const others = byPackage.get(owner.folder);
    return (
      (others?.has('node') === true || others?.has('lambda') === true) &&
      isBesideEntry(path, owner) &&
      !others.has('browser') &&
      !others.has('edge') &&
      !hasBrowserCode(owner)
    );
  }

  const files = [...program.files.values()].map(({ facts, package: owner, unread }): CodeFile => {
    const own = [...(runtimes.get(facts.path) ?? [])].sort();
    const base = { path: facts.path, package: owner.folder, runtimes: own };
    if (unread) return { ...base, judged: false, why: 'not-read' };
    if (TEST.test(facts.path)) return { ...base, judged: false, why: 'test' };
    if (own.some((one) => one === 'node' || one === 'lambda'))
      return { ...base, judged: true, why: 'reached' };
    if (own.length > 0) return { ...base, judged: false, why: 'other-runtime' };
    const only = torn.has(owner.folder) && inServer(facts.path, owner);
    return only
      ? { ...base, judged: true, why: 'package' }
      : { ...base, judged: false, why: 'unreached' };
  });
  const judgedPaths = new Set(files.flatMap((one) => (one.judged ? [one.path] : [])));
  return {
    entryPoints: [...found.values()].sort((a, b) =>
      a.path < b.path ? -1 : a.path > b.path ? 1 : a.runtime < b.runtime ? -1 : 1,
    ),
    files,
    judged: (path) => judgedPaths.has(path),
    inServer: (path) => inServer(path, program.packages.ownerOf(path)),
    reachedBy: (path) => [...(owners.get(path) ?? [])].sort(),
  };
}

/** A file with markup that uses what browsers show pages with. */
function isComponent({ path, imports }: CodeFacts): boolean {
  return (
    /\.[jt]sx$/.test(path) &&
    imports.some(
      ({ from, typeOnly }) =>
        !typeOnly && /^(?:react|react-dom|preact|solid-js)(?:\/|$)/.test(from),
    )
  );
}

/** The first folder of a path; '' for a file beside package.json. */
function topOf(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** A package that says what it gives to others, or that it is a command, and that is not kept private. */
function isLibrary(facts: PackageFacts): boolean {
  if (facts.private) return false;
  return (
    facts.main !== undefined ||
    facts.module !== undefined ||
    facts.types !== undefined ||
    facts.exports !== undefined ||
    facts.bin.length > 0
  );
}

/** What an image runs when CMD gives the arguments of ENTRYPOINT: `["npm"]` and `["run", "start"]`. */
function wholeCommand(steps: Stage['steps']): Command | undefined {
  const last = (is: 'entrypoint' | 'cmd') => {
    const found = steps.findLast((step) => step.is === is);
    return found !== undefined && 'command' in found ? found.command : undefined;
  };
  const [entrypoint, cmd] = [last('entrypoint'), last('cmd')];
  return entrypoint?.form === 'exec' && cmd?.form === 'exec'
    ? { ...entrypoint, words: [...entrypoint.words, ...cmd.words] }
    : undefined;
}

function prologueOf(facts: CodeFacts | undefined): readonly string[] {
  return facts?.functions[0]?.prologue ?? [];
}

/** Which runtime a framework gives to a file by its place. `inner` is relative to the package. */
function conventionOf(framework: string, inner: string, facts: CodeFacts): Runtime | undefined {
  const place = inner.replace(/^src\//, '');
  switch (framework) {
    case 'next': {
      if (
        exportsText(facts, 'runtime') === 'edge' ||
        exportsText(facts, 'runtime') === 'experimental-edge'
      )
        return 'edge';
      if (/^middleware\.[jt]s$/.test(place)) return 'edge';
      if (/^(?:instrumentation|proxy)\.[jt]s$/.test(place)) return 'node';
      if (/^app\/(?:.*\/)?route\.[jt]s$/.test(place) || /^pages\/api\//.test(place)) return 'node';
      if (
        /^app\/(?:.*\/)?(?:page|layout|template|loading|not-found|default|head|sitemap|robots|opengraph-image|icon|manifest)\.[jt]sx?$/.test(
          place,
        )
      )
        return 'node';
      if (prologueOf(facts).includes('use server')) return 'node';
      if (/^pages\//.test(place)) return exportsServerData(facts) ? 'node' : 'browser';
      return undefined;
    }
    case 'nuxt':
      if (/^server\/(?:api|routes|middleware|plugins|tasks)\//.test(place)) return 'node';
      return /^(?:pages|components|composables|plugins|layouts|app)\//.test(place)
        ? 'browser'
        : undefined;
    case 'sveltekit':
      if (
        /(?:^|\/)\+(?:server|page\.server|layout\.server)\.[jt]s$/.test(place) ||
        /^hooks\.server\./.test(place)
      )
        return 'node';
      return /(?:^|\/)\+(?:page|layout)\.[jt]s$/.test(place) ? 'browser' : undefined;
    case 'remix':
      if (/^app\/entry\.server\./.test(place) || /\.server\.[jt]sx?$/.test(place)) return 'node';
      if (/^app\/routes\//.test(place))
        return exportsAny(facts, ['loader', 'action']) ? 'node' : 'browser';
      return /^app\/(?:root|entry\.client)\./.test(place) ? 'browser' : undefined;
    case 'astro':
      return /^pages\/.*\.[jt]s$/.test(place) || /^middleware\./.test(place) ? 'node' : undefined;
    default:
      return undefined;
  }
}

function exportsServerData(facts: CodeFacts): boolean {
  return exportsAny(facts, ['getServerSideProps', 'getStaticProps', 'getInitialProps']);
}

function exportsAny(facts: CodeFacts, names: readonly string[]): boolean {
  return facts.exports.some(({ name }) => names.includes(name));
}

/** The text that `export const name = '...'` gives. */
function exportsText(facts: CodeFacts, name: string): string | undefined {
  const found = facts.exports.find((one) => one.name === name);
  if (found?.is !== 'binding') return undefined;
  const value = facts.bindings[found.binding]?.value;
  const fact = value === undefined ? undefined : facts.expressions[value];
  return fact?.is === 'value' && typeof fact.value === 'string' ? fact.value : undefined;
}

/** An import of a file of the repository that is not there: built, generated, or left out. */
export function isLost(program: Program, facts: CodeFacts, index: ImportIndex): boolean {
  const resolution = program.resolve(facts, index);
  return (
    resolution.is === 'unresolved' &&
    resolution.why === 'module-not-found' &&
    facts.imports[index]?.from.startsWith('.') === true
  );
}

/** Files that a file imports values of, or may load by names that it makes while it runs. */
export function importsOf(program: Program): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, readonly string[]>();
  const loaded = loadedFilesOf(program.files.keys(), program.packages);
  for (const { facts } of program.files.values()) {
    const targets: string[] = [];
    for (const index of importsOfValues(facts)) {
      const resolution = program.resolve(facts, index);
      if (resolution.is === 'file') targets.push(resolution.path);
    }
    targets.push(...loaded.by(facts));
    result.set(facts.path, targets);
  }
  return result;
}

const valueImports = new WeakMap<CodeFacts, readonly ImportIndex[]>();

/** The imports of a file that are left when types are erased. */
export function importsOfValues(facts: CodeFacts): readonly ImportIndex[] {
  if (facts.imports.length === 0) return [];
  let known = valueImports.get(facts);
  if (known === undefined) {
    known = notErased(facts);
    valueImports.set(facts, known);
  }
  return known;
}

function notErased(facts: CodeFacts): readonly ImportIndex[] {
  const used = usedBindings(facts);
  return facts.imports.flatMap((fact, index) => {
    if (fact.typeOnly) return [];
    // An import of which only types are used is erased.
    const isErased =
      fact.form === 'import' &&
      fact.names.length > 0 &&
      !fact.names.some(({ binding, typeOnly }) => !typeOnly && used.has(binding));
    return isErased ? [] : [index];
  });
}

function usedBindings(facts: CodeFacts): ReadonlySet<number> {
  const used = new Set<number>();
  for (const fact of facts.expressions) if (fact.is === 'binding') used.add(fact.binding);
  for (const fact of facts.exports) if (fact.is === 'binding') used.add(fact.binding);
  // Containers read the types of constructors at run time.
  for (const cls of facts.classes) {
    if (cls.decorators.length === 0) continue;
    for (const { kind, function: fn } of cls.methods)
      if (kind === 'constructor' && fn !== undefined)
        for (const { type } of facts.functions[fn]?.parameters ?? [])
          if (type !== undefined && 'binding' in type.root) used.add(type.root.binding);
  }
  return used;
}
