/** Whether a program answers at the path of a probe. */
import type { CodeFacts, Expression } from '../../../code-facts.ts';
import { type Location, locate } from '../../../location.ts';
import type { Route, Server } from '../../code.ts';
import { known, unknown } from '../../derive/values.ts';
import type { Container, Probe } from '../../model.ts';
import type { ProbedPath } from '../../together.ts';
import type { Joined, Value } from '../../value.ts';
import { callsNamed, variablesIn } from './written.ts';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
/** Paths that modules of frameworks serve besides what the code says. */
const OF_MODULES =
  /(?:^|\/)(?:metrics|graphi?ql|playground|docs?|api-docs|swagger|openapi|queues|admin|socket\.io)(?:\/|$|-)/i;
/** Calls that serve files of a folder, the page of the root among them. */
const SERVES_FILES =
  /^(?:static|serveStatic|useStaticAssets|fastifyStatic|sendFile|render|ServeStaticModule)$/;
/** Packages whose modules bring no health route. */
const HARMLESS =
  /^(?:@nestjs\/|@nestjs-modules\/|@golevelup\/nestjs|nestjs-|nest-winston|@sentry\/|@willsoto\/nestjs|@mikro-orm\/|@bull-board\/|@songkeys\/nestjs|@liaoliaots\/nestjs|@nestjs-cls|@anatine\/|@keyv\/|@prisma\/)/;

/** What holds for all of the routes of a program. */
export interface Serving {
  readonly servers: Joined<Server>;
  /** The files that the program consists of. */
  readonly files: readonly CodeFacts[];
  /** Other programs of the repository set a global prefix, which the routes may have got from there. */
  readonly prefixedElsewhere: boolean;
  /** Another program of the repository consists of this file too. */
  isOfAnother(path: string): boolean;
  /** The value of a variable in the container. */
  variable(name: string): Value<string>;
  /** The package that an import leads to; undefined for files of the repository. */
  foreign(file: CodeFacts, importIndex: number): string | undefined;
}

/** Each HTTP probe of a container that asks the container itself. */
export function probedPathsOf(container: Container, serving: Serving): readonly ProbedPath[] {
  return PROBES.flatMap((which): readonly ProbedPath[] => {
    const value = container[which];
    if (value.state !== 'known') return [];
    const probe = value.value;
    if (probe.handler !== 'httpGet' || probe.path.state !== 'known') return [];
    if (probe.host.state !== 'absent') return [];
    const path = `/${probe.path.value.replace(/[?#].*$/, '').replace(/^\/+|\/+$/g, '')}`;
    const served = servedBy(path, probe, serving);
    const near = served.state === 'known' && !served.value ? nearRoute(path, serving) : undefined;
    return [{ which, probe, path, served, ...(near === undefined ? {} : { near }) }];
  });
}

function servedBy(path: string, probe: Probe, serving: Serving): Value<boolean> {
  const { servers, files } = serving;
  const { at } = probe.path;
  if (!servers.complete) return unknown(servers.why ?? 'its servers are not known', at);
  const http = servers.items.filter((server) => server.http);
  if (http.length === 0) return unknown('no HTTP server is known', at);
  const open = http.find(({ routes }) => !routes.complete);
  if (open !== undefined)
    return unknown(`its routes are not all known: ${open.routes.why ?? ''}`, at);
  const routes = http.flatMap((server) => server.routes.items);
  if (routes.length === 0) return unknown('no route is known', at);
  if (routes.some((route) => route.path.state !== 'known'))
    return unknown('the path of a route is not known', at);
  const given = routingVariable(serving);
  if (given !== undefined) return unknown(`${given} decides where its routes are`, at);
  if (mayBeInOptions(path, files))
    return unknown('a route that is given as options may serve it', at);
  if (OF_MODULES.test(path)) return unknown('a module may serve it', at);
  if (path === '/' || /\.\w+$/.test(path))
    for (const { call } of callsNamed(files, SERVES_FILES))
      if (call.form !== 'decorator') return unknown('it may be a file', at);
  const own = new Set(files.map((file) => file.path));
  const answering = routes.filter((route) => answers(route, path));
  if (answering.some((route) => own.has(route.at.path))) return known(true, at);
  // Routes are those of the whole package; a file that no import leads to may be loaded in another way.
  if (answering.some((route) => !serving.isOfAnother(route.at.path)))
    return unknown('a route in a file that nothing imports serves it', at);
  if (http.some(({ framework }) => framework === 'nest')) {
    const why = whyNestMayServe(path, routes, serving);
    if (why !== undefined) return unknown(why, at);
  }
  return known(false, at);
}

/** `route({ method, url, handler })`: a url that ends the path, or that is not written there. */
function mayBeInOptions(path: string, files: readonly CodeFacts[]): boolean {
  for (const { file, call } of callsNamed(files, /^route$/)) {
    const [first] = call.arguments;
    const options = typeof first === 'number' ? file.expressions[first] : undefined;
    if (options?.is !== 'object') continue;
    const entry = options.entries.find((one) => 'key' in one && /^(?:url|path)$/.test(one.key));
    const url = entry !== undefined && 'key' in entry ? file.expressions[entry.value] : undefined;
    if (url?.is !== 'value' || typeof url.value !== 'string') return true;
    if (path.toLowerCase().endsWith(url.value.toLowerCase())) return true;
  }
  return false;
}

/** Calls whose text arguments say where routes are. */
const PLACES_ROUTES = /^(?:setGlobalPrefix|use|register|route|basePath|prefix|mount)$/;

/** A variable in the path of a router or a prefix that does not have the default of the code; the model knows only that. */
function routingVariable({ files, variable }: Serving): string | undefined {
  for (const { file, call } of callsNamed(files, PLACES_ROUTES))
    for (const argument of call.arguments) {
      if (typeof argument !== 'number') continue;
      for (const name of variablesIn(file, argument))
        if (variable(name).state !== 'absent') return name;
    }
  return undefined;
}

const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');
/** `*`, `:rest*`, `(.*)`, `{*rest}`: from here on anything, or something that is not read. */
const OPEN_SEGMENT = /[*?+(){}[\]|\\]/;

function answers({ path }: Route, probed: string): boolean {
  if (path.state !== 'known') return true;
  const wanted = segmentsOf(probed.toLowerCase());
  const own = segmentsOf(path.value.toLowerCase());
  for (const [index, segment] of own.entries()) {
    if (OPEN_SEGMENT.test(segment)) return true;
    const actual = wanted[index];
    if (actual === undefined) return false;
    if (!segment.startsWith(':') && !segment.includes(':') && segment !== actual) return false;
  }
  return own.length === wanted.length;
}

/** A version that Nest puts in front of the path of a controller. */
const VERSION = /^v[\w.-]+$/i;

/** Prefixes, versions and modules of Nest that the routes do not show. */
function whyNestMayServe(
  path: string,
  routes: readonly Route[],
  { files, prefixedElsewhere, foreign }: Serving,
): string | undefined {
  if (!callsNamed(files, /^(?:getHttpAdapter|getInstance|forRoutes)$/).next().done)
    return 'routes may be added below the framework';
  // The prefix is for what decorators declare; `app.use` and its like stand beside it.
  if (routes.some((route) => endsWith(route, path) && !isDecorated(route, files)))
    return 'it may be served without the prefix';
  const prefixes = [...callsNamed(files, /^setGlobalPrefix$/)];
  if (prefixes.length !== 1 && prefixedElsewhere)
    return 'the prefix may be that of another program';
  for (const { file, call } of prefixes) {
    const [, options] = call.arguments;
    if (options === undefined) continue;
    const excluded =
      typeof options === 'number' ? exclusionsIn(file, file.expressions[options]) : undefined;
    if (excluded === undefined) return 'paths without the global prefix are not known';
    const first = segmentsOf(path)[0] ?? '';
    const mayHold = excluded.some((one) => {
      const [segment = ''] = segmentsOf(one);
      return (
        OPEN_SEGMENT.test(one) ||
        segment.startsWith(':') ||
        segment.toLowerCase() === first.toLowerCase()
      );
    });
    if (mayHold) return 'it may be excluded from the global prefix';
  }
  if (!callsNamed(files, /^enableVersioning$/).next().done) {
    const wanted = segmentsOf(path).filter((segment) => !VERSION.test(segment));
    if (routes.some((route) => answers(route, `/${wanted.join('/')}`)))
      return 'a version may stand in the path';
  }
  for (const file of files)
    for (const [index, { names, typeOnly }] of file.imports.entries()) {
      if (typeOnly) continue;
      if (names.some(({ imported }) => imported === 'RouterModule'))
        return 'RouterModule may put a prefix before it';
      if (!names.some(({ imported }) => /Module$/.test(imported))) continue;
      const name = foreign(file, index);
      if (name !== undefined && !HARMLESS.test(name)) return `a module of ${name} may serve it`;
    }
  return undefined;
}

function endsWith({ path }: Route, wanted: string): boolean {
  return path.state === 'known' && path.value.toLowerCase().endsWith(wanted.toLowerCase());
}

/** A route that a decorator declares. */
function isDecorated({ at }: Route, files: readonly CodeFacts[]): boolean {
  const around = files
    .find(({ path }) => path === at.path)
    ?.calls.filter(({ range }) => range[0] <= at.start && at.end <= range[1])
    .sort((a, b) => a.range[1] - a.range[0] - (b.range[1] - b.range[0]))[0];
  return around?.form === 'decorator' || around?.form === 'bare-decorator';
}

/** Paths of `exclude`; undefined when they cannot all be read. */
function exclusionsIn(
  file: CodeFacts,
  options: Expression | undefined,
): readonly string[] | undefined {
  if (options?.is !== 'object') return undefined;
  const entry = options.entries.find((one) => 'key' in one && one.key === 'exclude');
  if (options.entries.some((one) => !('key' in one))) return undefined;
  if (entry === undefined || !('key' in entry)) return [];
  const list = file.expressions[entry.value];
  if (list?.is !== 'array') return undefined;
  const paths: string[] = [];
  for (const item of list.items) {
    const one = typeof item === 'number' ? file.expressions[item] : undefined;
    const path =
      one?.is === 'object'
        ? one.entries.find((part) => 'key' in part && part.key === 'path')
        : undefined;
    const value = path !== undefined && 'key' in path ? file.expressions[path.value] : one;
    if (value?.is !== 'value' || typeof value.value !== 'string') return undefined;
    paths.push(value.value);
  }
  return paths;
}

/** A route that ends with the probed path: it is served under a prefix. */
function nearRoute(
  path: string,
  { servers, files }: Serving,
): { readonly path: string; readonly at: Location; readonly prefixAt?: Location } | undefined {
  const wanted = path.toLowerCase();
  const own = new Set(files.map((file) => file.path));
  const paths = servers.items
    .flatMap(({ routes }) => routes.items)
    .flatMap((route) =>
      own.has(route.at.path) && route.path.state === 'known'
        ? [{ path: route.path.value, at: route.at }]
        : [],
    )
    .sort((a, b) => a.path.length - b.path.length);
  // `/api/health`, else `/api/health/live`.
  const near =
    wanted === '/'
      ? undefined
      : (paths.find((route) => route.path.toLowerCase().endsWith(wanted)) ??
        paths.find((route) => `${route.path.toLowerCase()}/`.includes(`${wanted}/`)));
  if (near === undefined) return undefined;
  const [prefix] = callsNamed(files, /^setGlobalPrefix$/);
  return {
    ...near,
    ...(prefix === undefined ? {} : { prefixAt: locate(prefix.file, prefix.call.range) }),
  };
}
