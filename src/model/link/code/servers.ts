/** What listens: servers with their routes, consumers, and what SIGTERM does to them. */
import type { Server as ServerFacts } from '../../../library.ts';
import { compareLocations } from '../../../location.ts';
import type { CodeValue, Consumer, Route, Routes, Server, Shutdown, Why } from '../../code.ts';
import { type Abstract, each, type FunctionValue, placeOf } from './abstract.ts';
import { type Entries, joined, type RouteDraft } from './entries.ts';
import type { Evaluator } from './evaluate.ts';
import { functionsIn } from './graph.ts';
import { type Options, plainValue } from './options.ts';
import { libraryRef } from './outbound.ts';
import type { Runtimes } from './runtimes.ts';
import { type Handlers, sortedHandlers } from './shutdown.ts';
import {
  allGiven,
  given,
  keyOfRouter,
  layersOf,
  routerKeyOf,
  type Use,
  type Uses,
} from './uses.ts';
import { holds, type Versions } from './versions.ts';

export interface Serving {
  readonly servers: readonly Omit<Server, 'unguarded'>[];
  readonly consumers: readonly Consumer[];
}

interface Mount {
  readonly parent: string | undefined;
  readonly child: string;
  readonly prefix: CodeValue<string> | undefined;
}

export function servingOf(
  evaluator: Evaluator,
  options: Options,
  uses: Uses,
  entries: Entries,
  runtimes: Runtimes,
  handlers: Handlers,
): Serving {
  const mounts: Mount[] = [];
  const prefixes = new Map<string, CodeValue<string>>();
  const globalPrefixes: { prefix: CodeValue<string>; path: string }[] = [];
  /** Files in which something is mounted that cannot be followed. */
  const lostRoutes: { path: string; why: Why }[] = [];

  const targetIn = (use: Use): CodeValue<string> | undefined => {
    for (const layer of layersOf(use, 'call', evaluator))
      for (const option of layer.library.description.options) {
        if (
          !('sets' in option.meaning) ||
          option.meaning.sets !== 'target' ||
          !option.in.includes(layer.set)
        )
          continue;
        const found = options.find(layer, option.path);
        if (found.state === 'present') {
          const plain = plainValue(options, found.value);
          return plain.state === 'known' ? { ...plain, value: String(plain.value) } : plain;
        }
      }
    return undefined;
  };
  const pathOf = (use: Use): CodeValue<string> | undefined => {
    const value = given(use, 'path');
    if (value === undefined) return undefined;
    const one = value.is === 'array' ? value.items[0] : each(value)[0];
    if (one === undefined) return undefined;
    const plain = plainValue(options, one);
    return plain.state === 'known' ? { ...plain, value: String(plain.value) } : plain;
  };

  for (const use of uses.all)
    for (const effect of use.effects) {
      if (use.form === 'decorator' || use.form === 'bare-decorator') continue;
      if (effect.is === 'prefix') {
        const path = pathOf(use);
        const key = routerKeyOf(use, uses);
        if (path === undefined) continue;
        // `app.route(path)` gives something of its own; a prefix of the application holds for what decorators make.
        if (use.callable.gives !== undefined) continue;
        if (key !== undefined) prefixes.set(key, path);
        globalPrefixes.push({ prefix: path, path: use.site.file.path });
      }
      if (effect.is === 'mount') {
        const parent = routerKeyOf(use, uses);
        const prefix = pathOf(use) ?? targetIn(use);
        const unsure = use.signature === 'unsure' && use.args !== 'unknown' ? use.args : [];
        if (use.args === 'unknown') lostRoutes.push({ path: use.site.file.path, why: 'spread' });
        // Whichever overload is meant: what is no path is mounted.
        const mounted = [...allGiven(use, 'value'), ...allGiven(use, 'handler'), ...unsure].flatMap(
          (one) => (one.is === 'array' ? one.items : each(one)),
        );
        for (const value of mounted) {
          const plugins = functionsIn(value);
          const children =
            plugins.length > 0 ? plugins.map(pluginKey) : [keyOfRouter(value, uses) ?? []].flat();
          for (const child of children) mounts.push({ parent, child, prefix });
          const why = children.length > 0 ? undefined : whyRoutesAreLost(value);
          if (why !== undefined) lostRoutes.push({ path: use.site.file.path, why });
        }
      }
    }
  for (const { file, why } of handlers.givenAway) lostRoutes.push({ path: file.path, why });
  for (const use of uses.all) {
    if (use.callable.gives === undefined || use.effects.length > 0) continue;
    const target = targetIn(use);
    const key = `${use.site.file.path}#${use.site.call}`;
    if (target !== undefined) prefixes.set(key, target);
  }

  /** A path with the prefixes of the routers around it; one for each place where its router is mounted. */
  function wholePaths(draft: RouteDraft): CodeValue<string>[] {
    if (draft.router === undefined) {
      if (draft.health) return [draft.path];
      const reached = new Set(runtimes.reachedBy(draft.file.path));
      const own = globalPrefixes.filter(({ path }) =>
        runtimes.reachedBy(path).some((one) => reached.has(one)),
      );
      return own.length === 0
        ? [draft.path]
        : own.map(({ prefix }) => joined(prefix, draft.path, draft.at));
    }
    const result: CodeValue<string>[] = [];
    const visit = (router: string, path: CodeValue<string>, seen: readonly string[]) => {
      const own = prefixes.get(router);
      const here = own === undefined ? path : joined(own, path, draft.at);
      const above = mounts.filter(({ child }) => child === router);
      if (above.length === 0 || seen.length > 8) result.push(joined(undefined, here, draft.at));
      for (const { parent, prefix } of above) {
        const next = joined(prefix, here, draft.at);
        if (parent === undefined || seen.includes(parent)) result.push(next);
        else visit(parent, next, [...seen, router]);
      }
    };
    visit(draft.router, draft.path, []);
    return result;
  }

  const routes = entries.routes.flatMap((draft) =>
    wholePaths(draft).map((path): { route: Route; file: string } => ({
      file: draft.file.path,
      route: {
        verb: draft.verb,
        path,
        at: draft.at,
        ...(draft.handler === undefined ? {} : { handler: draft.handler }),
        ...(draft.health === undefined ? {} : { health: draft.health }),
        ...(isSynchronous(draft) ? { synchronous: true as const } : {}),
      },
    })),
  );

  function routesOf(application: string): Routes {
    const inside = (path: string) => runtimes.judged(path) && belongs(path, application, runtimes);
    const items = routes.flatMap(({ route, file }) => (inside(file) ? [route] : []));
    items.sort((a, b) => compareLocations(a.at, b.at));
    const lost = lostRoutes.find(({ path }) => inside(path));
    return {
      items,
      complete: lost === undefined,
      ...(lost === undefined ? {} : { why: lost.why }),
    };
  }

  function shutdownOf(application: string, byDefault: Shutdown['byDefault']): Shutdown {
    const inside = (path: string) => runtimes.judged(path) && belongs(path, application, runtimes);
    const found = sortedHandlers(handlers.all.filter(({ file }) => inside(file.path)));
    const lost = handlers.lost.find(({ file }) => inside(file.path));
    return {
      handlers: found,
      complete: lost === undefined,
      ...(lost === undefined ? {} : { why: lost.why }),
      byDefault,
    };
  }

  const servers: Omit<Server, 'unguarded'>[] = [];
  const consumers: Consumer[] = [];
  for (const use of uses.all)
    for (const effect of use.effects) {
      const { file } = use.site;
      if (effect.is !== 'listen' && effect.is !== 'consume') continue;
      if (!runtimes.judged(file.path)) continue;
      const application = applicationOf(file.path, runtimes);
      const { description, versions } = use.value.library;
      const at = placeOf({
        file,
        range: [use.at.range[0], file.calls[use.site.call]?.nameRange[1] ?? use.at.range[1]],
      });
      const library = libraryRef(use.value.library);
      const identity = `${file.path}#${use.site.call}`;
      if (effect.is === 'consume') {
        const facts = factsOf(description.consumers ?? [], effect.consumer, versions);

        consumers.push({
          identity,
          label: `consumer ${use.value.name}`,
          at,
          library,
          application,
          shutdown: shutdownOf(
            application,
            facts === undefined
              ? { state: 'unknown', why: 'version-unknown', at }
              : { state: 'known', value: facts.sigterm.byDefault, at, byDefault: true },
          ),
        });
        continue;
      }
      const facts = serverFacts(description.servers ?? [], effect.server, versions);

      const port = portOf(use);
      servers.push({
        identity,
        label: `${effect.server} server`,
        at,
        library,
        framework: effect.server,
        ...(facts === undefined ? {} : { facts }),
        port,
        http:
          !description.roles.includes('rpc') &&
          (use.callable.takes ?? [])
            .flat()
            .some(({ role, set }) => role === 'port' || set === 'listen' || set === 'serve'),
        routes: routesOf(application),
        application,
        shutdown: shutdownOf(
          application,
          facts === undefined
            ? { state: 'unknown', why: 'version-unknown', at }
            : { state: 'known', value: facts.sigterm.byDefault, at, byDefault: true },
        ),
        ephemeral: port.state === 'known' && port.value === 0,
      });
    }

  function portOf(use: Use): CodeValue<number> {
    const at = placeOf(use.at);
    const value = given(use, 'port') ?? optionPort(use);
    if (value === undefined) return { state: 'unknown', why: 'not-described', at };
    return options.numberOf(value, 'ms').ms;
  }

  function optionPort(use: Use): Abstract | undefined {
    if (use.args === 'unknown') return undefined;
    for (const arg of use.args) {
      const port = arg.is === 'object' ? arg.entries.get('port') : undefined;
      if (port !== undefined) return port.value;
    }
    return undefined;
  }

  servers.sort((a, b) => compareLocations(a.at, b.at));
  consumers.sort((a, b) => compareLocations(a.at, b.at));
  return { servers, consumers };
}

/** As `factsOf`; what the versions disagree in is left open. */
function serverFacts(
  all: readonly ServerFacts[],
  name: string,
  versions: Versions,
): ServerFacts | undefined {
  const facts = factsOf(all, name, versions);
  const agree = all.every(
    (one) =>
      one.name !== name ||
      holds(versions, one.versions) === false ||
      one.catchesAsyncErrors === facts?.catchesAsyncErrors,
  );
  return facts === undefined || agree ? facts : { ...facts, catchesAsyncErrors: 'not-applicable' };
}

/** What is said of the installed version; when that is not known, what is said of all that it may be. */
function factsOf<
  T extends {
    readonly name: string;
    readonly versions: string;
    readonly sigterm: { readonly byDefault: string };
    readonly close: { readonly drains: boolean };
  },
>(all: readonly T[], name: string, versions: Versions): T | undefined {
  const possible = all.filter(
    (one) => one.name === name && holds(versions, one.versions) !== false,
  );
  const [first] = possible;
  const agree = possible.every(
    (one) =>
      one.sigterm.byDefault === first?.sigterm.byDefault && one.close.drains === first.close.drains,
  );
  return agree ? first : undefined;
}

/** The handler stands beside the route, awaits nothing and has no callbacks. */
function isSynchronous({ file, handler }: RouteDraft): boolean {
  if (handler?.path !== file.path) return false;
  const fn = file.functions.findIndex(({ range }) => range[0] === handler.start);
  const fact = file.functions[fn];
  if (fact === undefined || fact.async || fact.generator || fact.form === 'module') return false;
  return !file.functions.some(({ parent }) => parent === fn);
}

/** Why what is mounted may serve routes that nobody can see; undefined when it serves none. */
function whyRoutesAreLost(value: Abstract): Why | undefined {
  if (value.is === 'parameter') return 'parameter';
  // Of a package that no description covers.
  if (value.is === 'external') return 'package-unknown';
  if (value.is !== 'unknown') return undefined;
  return value.package === undefined || value.why === 'package-unknown' ? value.why : undefined;
}

/** What a plugin adds to is the application inside of it. */
export function pluginKey(value: FunctionValue): string {
  return `${value.file.path}#plugin${value.fn}`;
}

/** The application that a file is judged with: its own package, when that has an entry point; else one that reaches it. */
export function applicationOf(path: string, runtimes: Runtimes): string {
  const reached = runtimes.reachedBy(path);
  const own = runtimes.files.find((file) => file.path === path)?.package ?? '';
  return reached.includes(own) || reached.length === 0 ? own : (reached[0] ?? own);
}

export function belongs(path: string, application: string, runtimes: Runtimes): boolean {
  const reached = runtimes.reachedBy(path);
  if (reached.length > 0) return reached.includes(application);
  return runtimes.files.find((file) => file.path === path)?.package === application;
}
