/** Step 6: functions that something outside of the program starts, and the routes of its servers. */
import type { CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import type { Effect } from '../../../library.ts';
import { type Location, locate } from '../../../location.ts';
import type { CodeValue, Entry, EntryKind } from '../../code.ts';
import {
  type Abstract,
  each,
  type Frame,
  type FunctionValue,
  functionsIn,
  placeOf,
} from './abstract.ts';
import { comparedPaths } from './compared-paths.ts';
import { byDecorators } from './decorated.ts';
import type { Evaluator } from './evaluate.ts';
import { functionKey, type Graph } from './graph.ts';
import type { Mounts, RouteDraft } from './mounts.ts';
import type { Options } from './options.ts';
import type { Package } from './packages.ts';
import type { Program } from './program.ts';
import { COMMAND, type Runtimes } from './runtimes.ts';
import { plainValue } from './settings.ts';
import {
  allGiven,
  given,
  keepsHandlers,
  optionHandlers,
  routerKeyOf,
  type Use,
  type Uses,
} from './uses.ts';

/** A function that is an entry. */
export interface EntryFunction {
  readonly entry: Entry;
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
}

export interface Entries {
  readonly functions: readonly EntryFunction[];
  readonly routes: readonly RouteDraft[];
  of(file: CodeFacts, fn: FunctionIndex): readonly Entry[];
  /** The execution in which the function of an entry was made, when that is known. */
  frameOf(entry: Entry): Frame | undefined;
}

const SERVER_EXPORTS =
  /^(?:getServerSideProps|getStaticProps|getStaticPaths|generateStaticParams|generateMetadata|loader|action|load|actions|handle|register|middleware|proxy)$/;
const VERBS = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

export function entriesOf(
  program: Program,
  evaluator: Evaluator,
  options: Options,
  uses: Uses,
  runtimes: Runtimes,
  graph: Graph,
  mounts: Mounts,
): Entries {
  const functions: EntryFunction[] = [];
  const routes: RouteDraft[] = [];
  const byFunction = new Map<string, Entry[]>();
  const frames = new Map<Entry, Frame>();

  function put(
    kind: EntryKind,
    label: string,
    value: Pick<FunctionValue, 'file' | 'fn' | 'frame'>,
  ): void {
    const fact = value.file.functions[value.fn];
    if (fact === undefined) return;
    const entry: Entry = { kind, label, at: locate(value.file, fact.range) };
    functions.push({ entry, file: value.file, fn: value.fn });
    if (value.frame !== undefined) frames.set(entry, value.frame);
    const key = functionKey(value.file, value.fn);
    byFunction.set(key, [...(byFunction.get(key) ?? []), entry]);
  }

  /** A route with the functions that run for it; they are named by its whole path unless there is a label. */
  function addDraft(
    draft: RouteDraft,
    handlers: readonly Pick<FunctionValue, 'file' | 'fn' | 'frame'>[],
    kind: EntryKind = 'route',
    label: string = `${draft.verb} ${spelled(draft)}`,
  ): void {
    routes.push(draft);
    for (const one of handlers) put(kind, label, one);
  }

  /** A path with the prefixes around it; `*` stands for what cannot be told. */
  function spelled(draft: RouteDraft): string {
    const [whole] = mounts.wholePaths(draft);
    if (whole?.state === 'known') return whole.value;
    return draft.path.state === 'known' ? `*/${draft.path.value.replace(/^\//, '')}` : '*';
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
    const draft = (path: CodeValue<string>, at: Location): RouteDraft => ({
      verb: '*',
      path,
      at,
      handler: locate(handler.file, handler.file.functions[handler.fn]?.range ?? [0, 0]),
      ...(router === undefined ? {} : { router }),
      file: use.site.file,
    });
    if (prefix?.state === 'known') addDraft(draft(prefix, placeOf(use.at)), [handler]);
    else put('route', 'every request', handler);
    if (prefix?.state === 'unknown') routes.push(draft(prefix, placeOf(use.at)));
    for (const { path, at } of comparedPaths(handler, evaluator)) routes.push(draft(path, at));
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
    const handlers = [...handlersOf(use), ...optionHandlers(use)];
    const pathValue = given(use, 'path');
    const place = placeOf(use.at);
    const target = pathValue === undefined ? mounts.targetIn(use) : undefined;
    const paths =
      pathValue !== undefined
        ? pathsOf(pathValue)
        : target !== undefined
          ? [target]
          : (pathFromOptions(use) ?? [
              // `router.route('/orders').get(handler)`: the path was given before.
              { state: 'known', value: '', at: place, byDefault: true } as CodeValue<string>,
            ]);
    const handler = handlers.at(-1);
    const router = routerKeyOf(use, uses);
    for (const path of paths)
      addDraft(
        {
          verb: verbOf(use, effect),
          path,
          at: place,
          ...(handler === undefined
            ? {}
            : {
                handler: locate(handler.file, handler.file.functions[handler.fn]?.range ?? [0, 0]),
              }),
          ...(router === undefined ? {} : { router }),
          file: use.site.file,
        },
        handlers,
      );
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

  byDecorators(program, evaluator, uses, graph, pathsOf, {
    route: (draft, kind, label, fn) => addDraft(draft, [{ file: draft.file, fn }], kind, label),
    put: (kind, label, file, fn) => put(kind, label, { file, fn }),
  });
  for (const { facts: file } of program.files.values()) {
    if (runtimes.judged(file.path)) {
      put('startup', `start-up of ${file.path}`, { file, fn: 0 });
      byCommands(file);
      byExports(file, program.packages.ownerOf(file.path));
    }
    byTimers(file);
  }

  /** Commands by files: what their program calls of the class that a file gives. */
  function byCommands(file: CodeFacts): void {
    const isCommand = runtimes.entryPoints.some(
      ({ path, because }) => path === file.path && because.startsWith(COMMAND),
    );
    if (!isCommand) return;
    const at = { file, range: [0, 0] } as const;
    for (const value of each(evaluator.exported(file, 'default', at))) {
      if (value.is !== 'class') continue;
      const made = { is: 'instance', file: value.file, cls: value.cls, at } as const;
      for (const name of ['init', 'run'])
        for (const one of functionsIn(evaluator.member(made, name, at)))
          put('startup', `start-up of ${file.path}`, one);
    }
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
    frameOf: (entry) => frames.get(entry),
  };
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
