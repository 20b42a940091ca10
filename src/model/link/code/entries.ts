/** Step 6: functions that something outside of the program starts, and the routes of its servers. */
import type { CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import type { Effect } from '../../../library.ts';
import { type Location, locate } from '../../../location.ts';
import type { CodeValue, Entry, EntryKind } from '../../code.ts';
import { type Abstract, each, type FunctionValue, placeOf } from './abstract.ts';
import { comparedPaths } from './compared-paths.ts';
import type { Evaluator } from './evaluate.ts';
import { functionKey, functionsIn } from './graph.ts';
import { type Options, plainValue } from './options.ts';
import type { Package } from './packages.ts';
import type { Program } from './program.ts';
import type { Runtimes } from './runtimes.ts';
import { allGiven, given, keepsHandlers, routerKeyOf, type Use, type Uses } from './uses.ts';

/** A function that is an entry. */
export interface EntryFunction {
  readonly entry: Entry;
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
}

/** A route before the prefixes of its routers are known. */
export interface RouteDraft {
  readonly verb: string;
  readonly path: CodeValue<string>;
  readonly at: Location;
  readonly handler?: Location;
  readonly health?: true;
  /** The router or application that it belongs to; absent for those that a decorator or a convention makes. */
  readonly router?: string;
  readonly file: CodeFacts;
}

export interface Entries {
  readonly functions: readonly EntryFunction[];
  readonly routes: readonly RouteDraft[];
  of(file: CodeFacts, fn: FunctionIndex): readonly Entry[];
}

/** Methods that containers and frameworks call by their names, on classes with decorators. */
const HOOKS: ReadonlyMap<string, EntryKind> = new Map<string, EntryKind>([
  ['onModuleInit', 'startup'],
  ['onApplicationBootstrap', 'startup'],
  ['onModuleDestroy', 'shutdown'],
  ['beforeApplicationShutdown', 'shutdown'],
  ['onApplicationShutdown', 'shutdown'],
  ['canActivate', 'handler'],
  ['intercept', 'handler'],
  ['use', 'handler'],
  ['catch', 'handler'],
  ['validate', 'handler'],
  ['transform', 'handler'],
  ['handle', 'message'],
  ['execute', 'handler'],
]);

const SERVER_EXPORTS =
  /^(?:getServerSideProps|getStaticProps|getStaticPaths|generateStaticParams|generateMetadata|loader|action|load|actions|handle|register|middleware|proxy)$/;
const VERBS = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

export function entriesOf(
  program: Program,
  evaluator: Evaluator,
  options: Options,
  uses: Uses,
  runtimes: Runtimes,
): Entries {
  const functions: EntryFunction[] = [];
  const routes: RouteDraft[] = [];
  const byFunction = new Map<string, Entry[]>();

  function put(
    kind: EntryKind,
    label: string,
    value: { readonly file: CodeFacts; readonly fn: FunctionIndex },
  ): void {
    const fact = value.file.functions[value.fn];
    if (fact === undefined) return;
    const entry: Entry = { kind, label, at: locate(value.file, fact.range) };
    functions.push({ entry, file: value.file, fn: value.fn });
    const key = functionKey(value.file, value.fn);
    byFunction.set(key, [...(byFunction.get(key) ?? []), entry]);
  }

  for (const use of uses.all)
    for (const effect of use.effects) {
      if (use.form === 'decorator' || use.form === 'bare-decorator') continue;
      if (effect.is === 'route') addRoute(use, effect);
      if (effect.is === 'health')
        routes.push({
          verb: 'GET',
          path:
            effect.path === undefined
              ? { state: 'unknown', why: 'not-described', at: placeOf(use.at) }
              : { state: 'known', value: effect.path, at: placeOf(use.at), byDefault: true },
          at: placeOf(use.at),
          health: true,
          file: use.site.file,
        });
      if (effect.is === 'consume')
        for (const handler of handlersOf(use))
          put('message', `message of ${use.value.name}`, handler);
      if (effect.is === 'listener') {
        const name = given(use, 'name');
        const event = name?.is === 'literal' ? String(name.value) : '';
        for (const handler of allGiven(use, 'handler').flatMap((one) => functionsIn(one)))
          put('route', `event ${event}`, handler);
      }
    }
  // Handlers without a route: `createServer(handler)`, `app.use(middleware)`.
  for (const use of uses.all) {
    if (!keepsHandlers(use)) continue;
    if (
      use.effects.some(
        ({ is }) =>
          is === 'route' || is === 'consume' || is === 'listener' || is === 'shutdown-hooks',
      )
    )
      continue;
    const mount = use.effects.find((effect) => effect.is === 'mount');
    const given = [
      ...allGiven(use, 'handler'),
      ...(mount === undefined ? [] : allGiven(use, 'value')),
    ];
    const prefix = mount === undefined ? undefined : pathGiven(use);
    for (const handler of given.flatMap((one) => functionsIn(one))) {
      if (mount?.plugins) {
        put('startup', `plugin of ${use.value.name}`, handler);
        continue;
      }
      put('route', prefix?.state === 'known' ? `* ${prefix.value}` : 'every request', handler);
      answersOf(use, handler, prefix);
    }
  }

  function pathGiven(use: Use): CodeValue<string> | undefined {
    const value = given(use, 'path');
    return value === undefined ? undefined : pathsOf(value)[0];
  }

  /** Paths that a handler answers by itself: the one that it is mounted at, and those that it compares with. */
  function answersOf(
    use: Use,
    handler: FunctionValue,
    prefix: CodeValue<string> | undefined,
  ): void {
    const router = routerKeyOf(use, uses);
    const put = (path: CodeValue<string>, at: Location) =>
      routes.push({
        verb: '*',
        path,
        at,
        handler: locate(handler.file, handler.file.functions[handler.fn]?.range ?? [0, 0]),
        ...(router === undefined ? {} : { router }),
        file: use.site.file,
      });
    if (prefix !== undefined) put(prefix, placeOf(use.at));
    for (const { path, at } of comparedPaths(handler, evaluator)) put(path, at);
  }

  function handlersOf(use: Use): readonly FunctionValue[] {
    if (use.signature === 'unsure' || use.args === 'unknown') return [];
    const { args } = use;
    return use.signature.flatMap((parameter, index) => {
      if (parameter.role !== 'handler') return [];
      const values = parameter.rest ? args.slice(index) : args.slice(index, index + 1);
      return values.flatMap((value) => {
        if (parameter.path === undefined) return functionsIn(value);
        const inner = parameter.path
          .split('.')
          .reduce((of, name) => evaluator.member(of, name, of.at), value);
        return functionsIn(inner);
      });
    });
  }

  function addRoute(use: Use, effect: Extract<Effect, { is: 'route' }>): void {
    const handlers = handlersOf(use);
    const pathValue = given(use, 'path');
    const place = placeOf(use.at);
    const own = pathValue === undefined ? undefined : pathsOf(pathValue);
    const verb = verbOf(use, effect);
    const before = use.receiver === undefined ? undefined : each(use.receiver)[0];
    const route = before?.is === 'library' ? before : undefined;
    // `router.route('/orders').get(handler)`: the path was given before.
    const prefix =
      own === undefined && route?.from !== undefined
        ? uses
            .at(route.from.file, route.from.call)
            .map((one) => given(one, 'path'))
            .find((one) => one !== undefined)
        : undefined;
    const paths =
      own ?? (prefix === undefined ? undefined : pathsOf(prefix)) ?? pathFromOptions(use);
    const handler = handlers.at(-1);
    const router = routerKeyOf(use, uses);
    for (const path of paths ?? [
      { state: 'known', value: '', at: place, byDefault: true } as CodeValue<string>,
    ]) {
      routes.push({
        verb,
        path,
        at: place,
        ...(handler === undefined
          ? {}
          : { handler: locate(handler.file, handler.file.functions[handler.fn]?.range ?? [0, 0]) }),
        ...(router === undefined ? {} : { router }),
        file: use.site.file,
      });
      const label = `${verb} ${path.state === 'known' ? path.value : '*'}`;
      for (const one of handlers) put('route', label, one);
    }
  }

  function pathFromOptions(use: Use): CodeValue<string>[] | undefined {
    if (use.signature === 'unsure' || use.args === 'unknown') return undefined;
    for (const [index, parameter] of use.signature.entries()) {
      const arg = use.args[index];
      if (parameter.role !== 'path' || parameter.path === undefined || arg === undefined) continue;
      return pathsOf(evaluator.member(arg, parameter.path, arg.at));
    }
    return undefined;
  }

  function pathsOf(value: Abstract): CodeValue<string>[] {
    const list = value.is === 'array' ? value.items : each(value);
    return list.map((one) => {
      const plain = plainValue(options, one);
      if (plain.state === 'known') return { ...plain, value: String(plain.value) };
      return plain;
    });
  }

  function verbOf(use: Use, effect: Extract<Effect, { is: 'route' }>): string {
    if (typeof effect.verb === 'string')
      return effect.verb === 'member'
        ? (use.value.name.split('.').at(-1) ?? '*').toUpperCase()
        : effect.verb;
    if (use.args === 'unknown') return '*';
    for (const arg of use.args) {
      if (arg.is !== 'object') continue;
      const value = arg.entries.get(effect.verb.option)?.value;
      if (value?.is === 'literal') return String(value.value).toUpperCase();
      if (value?.is === 'array')
        return value.items.map((one) => (one.is === 'literal' ? String(one.value) : '*')).join('|');
    }
    return effect.verb.otherwise;
  }

  for (const { facts: file } of program.files.values()) {
    byDecorators(file);
    if (runtimes.judged(file.path)) {
      put('startup', `start-up of ${file.path}`, { file, fn: 0 });
      byExports(file, program.packages.ownerOf(file.path));
    }
    byTimers(file);
  }

  function byDecorators(file: CodeFacts): void {
    for (const cls of file.classes) {
      if (cls.decorators.length === 0) continue;
      const classUses = cls.decorators.flatMap((call) => uses.at(file, call));
      const prefixes = classUses
        .filter(({ effects }) => effects.some(({ is }) => is === 'prefix'))
        .flatMap((use) => {
          const value =
            given(use, 'path') ??
            (use.args !== 'unknown' && use.args[0]?.is === 'object'
              ? use.args[0].entries.get('path')?.value
              : undefined);
          return value === undefined ? [] : pathsOf(value);
        });
      const consumes = classUses.some(({ effects }) => effects.some(({ is }) => is === 'consume'));
      for (const method of cls.methods) {
        const fn = method.function;
        if (fn === undefined) continue;
        // The container makes it.
        if (method.kind === 'constructor') {
          put('startup', `${cls.name ?? 'class'} is made`, { file, fn });
          continue;
        }
        const name = `${cls.name ?? 'class'}.${method.name}`;
        let known = false;
        for (const call of method.decorators)
          for (const use of uses.at(file, call))
            for (const effect of use.effects) {
              if (effect.is === 'route') {
                known = true;
                const verb = typeof effect.verb === 'string' ? effect.verb : effect.verb.otherwise;
                const value = given(use, 'path');
                const own = value === undefined ? [] : pathsOf(value);
                const at = placeOf(use.at);
                for (const prefix of prefixes.length > 0 ? prefixes : [undefined])
                  for (const path of own.length > 0 ? own : [undefined]) {
                    const whole = joined(prefix, path, at);
                    routes.push({
                      verb,
                      path: whole,
                      at,
                      handler: locate(file, file.functions[fn]?.range ?? [0, 0]),
                      file,
                    });
                    put(
                      verb === 'GRAPHQL' ? 'resolver' : 'route',
                      verb === 'GRAPHQL'
                        ? name
                        : `${verb} ${whole.state === 'known' ? whole.value : '*'}`,
                      { file, fn },
                    );
                  }
              }
              if (effect.is === 'consume') {
                known = true;
                put('message', `message of ${name}`, { file, fn });
              }
            }
        if (known) continue;
        const hook = HOOKS.get(method.name);
        if (consumes && method.kind === 'method' && !method.static)
          put('job', `job of ${name}`, { file, fn });
        else if (hook !== undefined) put(hook, name, { file, fn });
        // A decorator of a package without a description registers it somewhere.
        else if (method.decorators.some((call) => isRegistering(file, call)))
          put('handler', name, { file, fn });
      }
    }
  }

  /** A decorator that comes from a package: `@Cron()`, `@OnEvent()`. */
  function isRegistering(file: CodeFacts, call: number): boolean {
    return each(evaluator.callee({ file, call })).some(({ is }) => is === 'external');
  }

  function byExports(file: CodeFacts, owner: Package): void {
    const inner = owner.folder === '' ? file.path : file.path.slice(owner.folder.length + 1);
    const place = inner.replace(/^src\//, '');
    const isNext = owner.facts?.dependencies.some(({ name }) => name === 'next') === true;
    const isEntry = runtimes.entryPoints.some(
      (one) => one.path === file.path && /convention/.test(one.because),
    );
    const isLambda = runtimes.entryPoints.some(
      (one) => one.path === file.path && one.runtime === 'lambda',
    );
    const isAction = file.functions[0]?.prologue?.includes('use server') === true;
    for (const { name, range } of file.exports) {
      if (name === '' || !(isEntry || isLambda || isAction)) continue;
      const at = { file, range };
      const value = evaluator.exported(file, name, at);
      const found = functionsIn(value);
      if (isNext && VERBS.test(name) && /(?:^|\/)route\.[jt]s$/.test(place)) {
        const path = nextPath(place);
        routes.push({
          verb: name,
          path: { state: 'known', value: path, at: placeOf(at) },
          at: placeOf(at),
          file,
        });
        for (const one of found) put('route', `${name} ${path}`, one);
      } else if (isNext && name === 'default' && /^pages\/api\//.test(place)) {
        const path = nextPath(place);
        routes.push({
          verb: '*',
          path: { state: 'known', value: path, at: placeOf(at) },
          at: placeOf(at),
          file,
        });
        for (const one of found) put('route', path, one);
      } else if (
        name === 'default' ||
        SERVER_EXPORTS.test(name) ||
        VERBS.test(name) ||
        isLambda ||
        isAction
      )
        for (const one of found) put('handler', `${name} of ${file.path}`, one);
    }
    for (const [fn, fact] of file.functions.entries())
      if (fn > 0 && fact.prologue?.includes('use server'))
        put('handler', `${fact.name ?? 'action'} of ${file.path}`, { file, fn });
  }

  function byTimers(file: CodeFacts): void {
    for (const [call, fact] of file.calls.entries()) {
      const callee = file.expressions[fact.callee];
      if (callee?.is !== 'global' || callee.name !== 'setInterval') continue;
      const args = evaluator.argumentValues({ file, call });
      const [action] = args === 'unknown' ? [] : args;
      for (const one of action === undefined ? [] : functionsIn(action))
        put('schedule', `timer of ${file.path}`, one);
    }
  }

  return {
    functions,
    routes,
    of: (file, fn) => byFunction.get(functionKey(file, fn)) ?? [],
  };
}

export function joined(
  prefix: CodeValue<string> | undefined,
  path: CodeValue<string> | undefined,
  at: Location,
): CodeValue<string> {
  if (prefix?.state === 'unknown') return prefix;
  if (path?.state === 'unknown') return path;
  const parts = [prefix, path].flatMap((one) =>
    one?.state === 'known' ? one.value.split('/') : [],
  );
  return { state: 'known', value: `/${parts.filter((part) => part !== '').join('/')}`, at };
}

/** `app/(shop)/orders/[id]/route.ts` is `/orders/:id`. */
function nextPath(place: string): string {
  const parts = place
    .replace(/^(?:app|pages)\//, '')
    .replace(/\.[jt]sx?$/, '')
    .split('/')
    .filter((part) => !/^\(.*\)$/.test(part) && part !== 'route' && part !== 'index');
  return `/${parts.map((part) => part.replace(/^\[\.{3}(.+)\]$/, '*').replace(/^\[(.+)\]$/, ':$1')).join('/')}`;
}
