/** The code part of the model from the facts of all files: each step is a file of this folder, in the order of this one. */
import type { CodeFacts } from '../../../code-facts.ts';
import type { Library } from '../../../library.ts';
import { compareLocations } from '../../../location.ts';
import type {
  Application,
  BlockingWork,
  Bounds,
  Call,
  Client,
  CodeFile,
  CodeModel,
  Consumer,
  Server,
  UndecidedPlace,
} from '../../code.ts';
import {
  type Abstract,
  type CallSite,
  each,
  type FunctionValue,
  functionsIn,
  originKey,
  placeOf,
} from './abstract.ts';
import { hasIdempotencyKey, readsStatus } from './answers.ts';
import { attachedAttempts } from './attached.ts';
import { type BlockingDraft, blockingIn } from './blocking.ts';
import { Containers } from './containers.ts';
import { entriesOf } from './entries.ts';
import { Evaluator } from './evaluate.ts';
import { functionKey, type Graph, graphOf } from './graph.ts';
import { holdersOf } from './holders.ts';
import { Iterations } from './iteration.ts';
import { errorListeners } from './listeners.ts';
import { longLivedIn } from './long-lived.ts';
import { mountsOf, pluginKey } from './mounts.ts';
import { type Census, Options } from './options.ts';
import { type CallDraft, outboundOf } from './outbound.ts';
import { outsideChanges } from './outside.ts';
import type { Project } from './packages.ts';
import { Paths } from './paths.ts';
import { type Program, programOf } from './program.ts';
import { type Modules, modulesOf, reachedPart, unreadFacts } from './reach.ts';
import { unguardedHandlers } from './rejections.ts';
import { isTestPath, type Runtimes, runtimesOf } from './runtimes.ts';
import { ServerSide } from './server-side.ts';
import { applicationOf, belongs, servingOf } from './servers.ts';
import { handlersOf } from './shutdown.ts';
import { within } from './signals.ts';
import { type Surface, surfaceOf } from './surface.ts';
import { allGiven, type Use, type Uses, usesAt, usesOf } from './uses.ts';

export type { Census } from './options.ts';
export type { Project } from './packages.ts';
export type { Modules } from './reach.ts';

export interface CodeLinkSettings {
  /** Without it, an open option bag stays unknown. */
  readonly census?: Census;
  /** Paths of code files that were not read, because nothing that runs in a cluster reaches them. */
  readonly unread?: readonly string[];
  /** Where imports lead, when that was needed before. */
  readonly modules?: Modules;
}

/** Joins the facts of all code files with the project and what libraries do. Pure; the order of the files does not matter. */
export function linkCode(
  code: readonly CodeFacts[],
  project: Project,
  libraries: readonly Library[],
  settings: CodeLinkSettings = {},
): CodeModel {
  const all = [...code, ...(settings.unread ?? []).map(unreadFacts)];
  // What tests give and replace says nothing about the program.
  const tests = all.filter(({ path }) => isTestPath(path));
  const files = all.filter(({ path }) => !isTestPath(path));
  const paths = all.map(({ path }) => path);
  const { packages, specifiers, mayBeShown } = settings.modules ?? modulesOf(paths, project);
  const surface = surfaceOf(libraries, packages);
  const whole = programOf(files, packages, specifiers);
  const runtimes = runtimesOf(whole, project, startsIn(whole, surface));

  // What runs elsewhere, or never, says nothing about what runs in the cluster.
  const program = reachedPart(whole, runtimes.judged);
  const evaluator = new Evaluator(program, surface);
  evaluator.outside = outsideChanges(program, new Evaluator(program, surface));
  const containers = new Containers(
    program,
    libraries.flatMap(({ name, injects }) =>
      (injects ?? []).map((injection) => ({ library: name, injection })),
    ),
  );
  evaluator.injections = containers;
  const options = new Options(evaluator, settings.census);

  // First round: parameters are symbols. It tells who calls whom, so that the second one knows what is given.
  const serverSide = new ServerSide(program);
  const first = usesOf(program, evaluator, serverSide);
  handOver(first.all, evaluator);
  const callers = graphOf(program, evaluator, first, serverSide).callers;
  containers.forget();
  evaluator.knowCallers(callers);
  let uses = usesOf(program, evaluator, serverSide);
  // Plugins that a function registers which got its application from a caller are known only now.
  if (handOver(uses.all, evaluator)) uses = usesOf(program, evaluator, serverSide);
  const graph = graphOf(program, evaluator, uses, serverSide);

  const mounts = mountsOf(evaluator, options, uses, runtimes);
  const entries = entriesOf(program, evaluator, options, uses, runtimes, graph, mounts);
  const outbound = outboundOf(evaluator, options, uses, containers.clients, (a, b) => {
    const [left, right] = [runtimes.reachedBy(a), runtimes.reachedBy(b)];
    return left.length === 0 || right.length === 0
      ? packages.ownerOf(a) === packages.ownerOf(b)
      : left.some((one) => right.includes(one));
  });
  const handlers = handlersOf(program, evaluator, options, uses);
  const serving = servingOf(options, uses, entries, mounts, runtimes, handlers);
  const { consumers } = serving;
  const unguarded = unguardedHandlers(program, uses, runtimes);
  const servers = serving.servers.map((server) => ({ ...server, unguarded: unguarded(server) }));
  const ways = new Paths(graph, entries, uses, evaluator, options, outbound.boundsIn);
  const iterations = new Iterations(evaluator, uses, graph, entries);

  const isEntry = (file: CodeFacts, fn: number) => entries.of(file, fn).length > 0;
  const isSkipped = ({ file, fn }: { readonly file: CodeFacts; readonly fn: number }) =>
    !runtimes.judged(file.path) || graph.onlyBrowsers(file, fn, isEntry);

  const counts = new Map<string, number>();
  const identity = (base: string) => {
    const number = (counts.get(base) ?? 0) + 1;
    counts.set(base, number);
    return number === 1 ? base : `${base}#${number}`;
  };
  const escaped = escapedClients(program, evaluator);
  const closes = closesOf(uses);
  const holders = holdersOf(uses);
  const errorListener = errorListeners(uses);
  const attemptsOf = attachedAttempts(uses, evaluator, options);
  const clients = new Map<string, Client & { calls: Call[] }>();
  for (const draft of [...outbound.clients].sort((a, b) =>
    compareLocations(placeOf(a.at), placeOf(b.at)),
  )) {
    if (isSkipped(draft)) continue;
    const listener = errorListener(draft, escaped.has(draft.key));
    clients.set(draft.key, {
      ...outbound.clientJudged(draft),
      ...ways.toFunction(draft.file, draft.fn),
      identity: identity(`${draft.file.path}#${draft.label}`),
      calls: [],
      callsComplete: !escaped.has(draft.key),
      closes: closes.get(draft.key) ?? [],
      heldBy: holders.get(draft.key) ?? [],
      ...(listener === undefined ? {} : { errorListener: listener }),
    });
  }
  const calls: Call[] = [];
  for (const draft of [...outbound.calls].sort((a, b) => compareLocations(a.call.at, b.call.at))) {
    if (isSkipped(draft)) continue;
    const client = draft.clientKey === undefined ? undefined : clients.get(draft.clientKey);
    const wrapper = wrapperOf(draft, graph);
    const iteration = iterations.of(draft.use.site);
    const { file, call: index } = draft.use.site;
    const attempts = attemptsOf(draft, draft.call.attempts);
    const tried: CallDraft = { ...draft, call: { ...draft.call, attempts } };
    const call: Call = {
      ...tried.call,
      readsStatus: readsStatus(file, index, graph),
      idempotencyKey: hasIdempotencyKey(file, index),
      identity: identity(`${draft.file.path}#${functionName(draft)}#${draft.call.label}`),
      ...(client === undefined ? {} : { client }),
      ...(wrapper === undefined ? {} : { wrapper }),
      ...(iteration === undefined ? {} : { iteration }),
      ...ways.to(tried),
      application: applicationOf(draft.file.path, runtimes),
    };
    calls.push(call);
    client?.calls.push(call);
  }
  // What no entry leads to may be there for pages alone.
  const unled = new Set(calls.flatMap(({ paths: ways, at }) => (ways.length > 0 ? [] : [at.path])));
  const isShown = ({ path, runtimes: where }: CodeFile) =>
    unled.has(path) && !where.includes('browser') && mayBeShown?.(path) === true;
  const shown = (file: CodeFile): CodeFile => ({
    ...file,
    runtimes: [...file.runtimes, 'browser' as const].sort(),
  });
  const clientList = [...clients.values()];
  return {
    applications: applicationsOf(
      program,
      runtimes,
      servers,
      consumers,
      clientList,
      calls,
      (path) => ({
        crashHandlers: handlers.crashes.flatMap(({ file, handler }) =>
          file.path === path ? [handler] : [],
        ),
        longLived: longLivedIn(program, evaluator, path),
      }),
    ),
    clients: clientList,
    calls,
    servers,
    blocking: blockingIn(program, evaluator, serverSide).flatMap((draft) =>
      isSkipped(draft) ? [] : [blockingWork(draft, ways, identity)],
    ),
    undecided: undecidedOf(program, graph, calls, runtimes),
    entryPoints: runtimes.entryPoints,
    files: [
      ...runtimes.files.map((file) => (isShown(file) ? shown(file) : file)),
      ...tests.map(({ path }) => ({
        path,
        package: packages.ownerOf(path).folder,
        runtimes: [],
        judged: false,
        why: 'test' as const,
      })),
    ].sort((a, b) => (a.path < b.path ? -1 : 1)),
    quality: {
      imports: importShare(program, runtimes),
      callEdges: edgeShare(graph, runtimes),
      decidedCalls: {
        of: calls.length,
        resolved: calls.filter((call) => isDecided(call.bounds)).length,
      },
    },
  };
}

/**
 * Gives applications to the plugins that are registered with them, and to the plugins that these register, however deep. False:
 * nothing was given that was not known before.
 */
function handOver(uses: readonly Use[], evaluator: Evaluator): boolean {
  const given = new Map(evaluator.handedOver);
  const before = given.size;
  for (let some = uses; some.length > 0; ) {
    const plugins: FunctionValue[] = [];
    for (const use of some) {
      if (!use.effects.some((effect) => effect.is === 'mount' && effect.plugins)) continue;
      const application =
        use.receiver === undefined
          ? undefined
          : each(use.receiver).find(({ is }) => is === 'library');
      if (application?.is !== 'library') continue;
      // What a package makes of a function, `fp(plugin)`, calls it with the same.
      for (const plugin of [...allGiven(use, 'handler'), ...allGiven(use, 'value')].flatMap((one) =>
        functionsIn(one),
      )) {
        const key = functionKey(plugin.file, plugin.fn);
        if (given.has(key)) continue;
        given.set(key, { ...application, scope: pluginKey(plugin) });
        plugins.push(plugin);
      }
    }
    evaluator.handOver(given);
    some = plugins.flatMap(({ file, fn }) =>
      [...file.calls.keys()].flatMap((call) =>
        within(file, file.calls[call]?.function ?? 0, fn) ? usesAt({ file, call }, evaluator) : [],
      ),
    );
  }
  return given.size > before;
}

/** Tells files that start to serve when they are run. */
function startsIn(program: Program, surface: Surface): (path: string) => boolean {
  const evaluator = new Evaluator(program, surface);
  const serverSide = new ServerSide(program);
  const starts = (site: CallSite) =>
    usesAt(site, evaluator).some(
      ({ effects, form }) =>
        form !== 'decorator' &&
        form !== 'bare-decorator' &&
        effects.some(({ is }) => is === 'listen' || is === 'consume'),
    );
  return (path) => {
    const file = program.files.get(path)?.facts;
    return (
      file?.calls.some((_, call) => serverSide.runs(file, call) && starts({ file, call })) === true
    );
  };
}

/** Clients that are given to something that is not known, so that their calls are not all known. */
function escapedClients(program: Program, evaluator: Evaluator): ReadonlySet<string> {
  const result = new Set<string>();
  for (const { facts: file } of program.files.values())
    for (const call of file.calls.keys()) {
      const callees = each(evaluator.callee({ file, call }));
      if (!callees.some(({ is }) => is === 'unknown' || is === 'external' || is === 'parameter'))
        continue;
      const args = evaluator.argumentValues({ file, call });
      for (const value of (args === 'unknown' ? [] : args).flatMap((one) => heldIn(one)))
        if (value.is === 'library' && value.client !== undefined)
          result.add(originKey(value.client));
    }
  return result;
}

/** A value with what it holds: `{ pool }` gives the pool away. */
function heldIn(value: Abstract, depth = 0): readonly Abstract[] {
  const inside =
    value.is === 'object'
      ? [...value.entries.values()].map((property) => property.value)
      : value.is === 'array'
        ? value.items
        : [];
  return depth > 2 ? [value] : [...each(value), ...inside.flatMap((one) => heldIn(one, depth + 1))];
}

function closesOf(uses: Uses): ReadonlyMap<string, readonly ReturnType<typeof placeOf>[]> {
  const result = new Map<string, ReturnType<typeof placeOf>[]>();
  for (const use of uses.all) {
    if (use.value.client === undefined || !use.effects.some(({ is }) => is === 'close')) continue;
    const key = originKey(use.value.client);
    result.set(key, [...(result.get(key) ?? []), placeOf(use.at)]);
  }
  return result;
}

function blockingWork(
  draft: BlockingDraft,
  ways: Paths,
  identity: (base: string) => string,
): BlockingWork {
  const { file, fn, calls, instead } = draft;
  const name = functionName(draft);
  return {
    identity: identity(`${file.path}#${name}#blocking`),
    label: name === '' ? `a function of ${file.path}` : name,
    at: calls[0]?.at ?? placeOf({ file, range: file.functions[fn]?.range ?? [0, 0] }),
    calls,
    instead,
    ...ways.toFunction(file, fn),
  };
}

function functionName({ file, fn }: Pick<CallDraft, 'file' | 'fn'>): string {
  const fact = file.functions[fn];
  if (fact === undefined || fn === 0) return '';
  const owner = fact.of === undefined ? undefined : file.classes[fact.of.class]?.name;
  return `${owner === undefined ? '' : `${owner}.`}${fact.of?.member ?? fact.name ?? ''}`;
}

/** The function whose callers decide what bounds a call. */
function wrapperOf(draft: CallDraft, graph: Graph): Call['wrapper'] {
  const open = Object.values(draft.call.bounds).some(
    (bound) => 'ms' in bound && bound.ms.state === 'unknown' && bound.ms.why === 'parameter',
  );
  if (!open) return undefined;
  const { sites, complete } = graph.callers.of(draft.file, draft.fn);
  const fact = draft.file.functions[draft.fn];
  if (fact === undefined) return undefined;
  return {
    name: functionName(draft),
    at: placeOf({ file: draft.file, range: fact.range }),
    uses: sites.map(({ file, call }) =>
      placeOf({ file, range: file.calls[call]?.range ?? [0, 0] }),
    ),
    complete,
  };
}

function applicationsOf(
  program: Program,
  runtimes: Runtimes,
  servers: readonly Server[],
  consumers: readonly Consumer[],
  clients: readonly Client[],
  calls: readonly Call[],
  inFile: (path: string) => Pick<Application, 'crashHandlers' | 'longLived'>,
): Application[] {
  const roots = new Set(
    runtimes.entryPoints.flatMap((entry) =>
      entry.runtime === 'node' || entry.runtime === 'lambda' ? [entry.package] : [],
    ),
  );
  return [...roots].sort().map((root): Application => {
    const owner = program.packages.all.find(({ folder }) => folder === root);
    const entryPoints = runtimes.entryPoints.filter(
      (entry) => entry.package === root && (entry.runtime === 'node' || entry.runtime === 'lambda'),
    );
    const name = owner?.name ?? (root === '' ? 'the repository' : root);
    const [first] = entryPoints;
    const file = first === undefined ? undefined : program.files.get(first.path)?.facts;
    const at =
      file === undefined
        ? placeOf({ file: EMPTY, range: [0, 0] })
        : placeOf({ file, range: [0, 0] });
    const inside = (path: string) => belongs(path, root, runtimes);
    const own = servers.filter((server) => server.application === root);
    const mine = consumers.filter((consumer) => consumer.application === root);
    const [serving] = [...own, ...mine];
    const parts = runtimes.files.flatMap(({ path, judged }) =>
      judged && inside(path) ? [inFile(path)] : [],
    );
    return {
      identity: `application ${root}`,
      label: name,
      at,
      name,
      root,
      entryPoints,
      servers: own,
      consumers: mine,
      clients: clients.filter((client) => inside(client.at.path)),
      calls: calls.filter((call) => inside(call.at.path)),
      shutdown: serving?.shutdown ?? {
        handlers: [],
        complete: true,
        byDefault: { state: 'known', value: 'killed', at, byDefault: true },
      },
      crashHandlers: parts.flatMap(({ crashHandlers }) => crashHandlers),
      longLived: parts.flatMap(({ longLived }) => longLived),
    };
  });
}

const EMPTY = { path: '', lineStarts: [0] } as unknown as CodeFacts;

function isDecided(bounds: Bounds): boolean {
  return [bounds.connect, bounds.headers].every(
    (bound) => 'notApplicable' in bound || bound.ms.state === 'known' || bound.atMost !== undefined,
  );
}

function edgeShare(graph: Graph, runtimes: Runtimes): { of: number; resolved: number } {
  let of = 0;
  let resolved = 0;
  for (const [path, share] of graph.shares) {
    if (!runtimes.judged(path)) continue;
    of += share.of;
    resolved += share.resolved;
  }
  return { of, resolved };
}

function importShare(program: Program, runtimes: Runtimes): { of: number; resolved: number } {
  let of = 0;
  let resolved = 0;
  for (const { facts } of program.files.values()) {
    if (!runtimes.judged(facts.path)) continue;
    for (const index of facts.imports.keys()) {
      const { is } = program.resolve(facts, index);
      if (is !== 'file' && is !== 'unresolved') continue;
      of++;
      if (is === 'file') resolved++;
    }
  }
  return { of, resolved };
}

function undecidedOf(
  program: Program,
  graph: Graph,
  calls: readonly Call[],
  runtimes: Runtimes,
): UndecidedPlace[] {
  const result: UndecidedPlace[] = [];
  for (const { facts } of program.files.values()) {
    if (!runtimes.judged(facts.path)) continue;
    for (const [index, fact] of facts.imports.entries()) {
      const resolution = program.resolve(facts, index);
      if (resolution.is === 'unresolved')
        result.push({
          why: resolution.why,
          at: placeOf({ file: facts, range: fact.fromRange }),
          what: `import ${fact.from}`,
        });
    }
  }
  for (const { site, callee } of graph.unresolved) {
    const fact = site.file.calls[site.call];
    if (fact === undefined || !runtimes.judged(site.file.path)) continue;
    const why =
      callee.is === 'unknown' ? callee.why : callee.is === 'parameter' ? 'parameter' : 'dynamic';
    result.push({ why, at: placeOf({ file: site.file, range: fact.nameRange }), what: 'call' });
  }
  for (const call of calls)
    for (const [phase, bound] of Object.entries(call.bounds))
      if ('ms' in bound && bound.ms.state === 'unknown' && bound.atMost === undefined)
        result.push({ why: bound.ms.why, at: call.at, what: `${phase} of ${call.label}` });
  return result.sort((a, b) => compareLocations(a.at, b.at));
}
