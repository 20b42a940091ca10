/** What listens: servers with their routes, consumers, and what SIGTERM does to them. */
import type { Server as ServerFacts } from '../../../library.ts';
import { compareLocations } from '../../../location.ts';
import type { CodeValue, Consumer, Route, Routes, Server, Shutdown } from '../../code.ts';
import { type Abstract, placeOf } from './abstract.ts';
import type { Entries } from './entries.ts';
import { libraryRef } from './library-refs.ts';
import type { Mounts, RouteDraft } from './mounts.ts';
import type { Options } from './options.ts';
import type { Runtimes } from './runtimes.ts';
import { type Handlers, sortedHandlers } from './shutdown.ts';
import { given, type Use, type Uses } from './uses.ts';
import { holds, type Versions } from './versions.ts';

export interface Serving {
  readonly servers: readonly Omit<Server, 'unguarded'>[];
  readonly consumers: readonly Consumer[];
}

export function servingOf(
  options: Options,
  uses: Uses,
  entries: Entries,
  mounts: Mounts,
  runtimes: Runtimes,
  handlers: Handlers,
): Serving {
  const lostRoutes = [
    ...mounts.lost,
    ...handlers.givenAway.map(({ file, why }) => ({ path: file.path, why })),
  ];

  const routes = entries.routes.flatMap((draft) =>
    mounts.wholePaths(draft).map((path): { route: Route; file: string } => ({
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
      const identity = `${file.path}#${'server' in effect ? effect.server : effect.consumer}`;
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
