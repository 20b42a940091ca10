/** Every place where the code uses something that a library describes, and what is given there. */
import type { CallIndex, CodeFacts } from '../../../code-facts.ts';
import type { Callable, Effect, Parameter, Signature } from '../../../library.ts';
import type { SetBy } from '../../code.ts';
import {
  type Abstract,
  type CallSite,
  each,
  type FunctionValue,
  functionsIn,
  type LibraryInUse,
  type LibraryValue,
  literal,
  type Property,
  type Site,
  unknown,
} from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import type { Layer } from './options.ts';
import type { Program } from './program.ts';
import type { ServerSide } from './server-side.ts';
import { exists, signatureOf } from './surface.ts';

/** One call, construction or decorator of a library. */
export interface Use {
  readonly site: CallSite;
  readonly at: Site;
  readonly value: Abstract & LibraryValue;
  readonly callable: Callable;
  readonly form: CodeFacts['calls'][number]['form'];
  readonly args: readonly Abstract[] | 'unknown';
  readonly signature: Signature | 'unsure';
  readonly effects: readonly Effect[];
  /** What the member is read of: the client, the response, the request. */
  readonly receiver?: Abstract;
}

export interface Uses {
  readonly all: readonly Use[];
  /** By the call that gave the value that they are calls on. */
  on(site: CallSite): readonly Use[];
  at(file: CodeFacts, call: CallIndex): readonly Use[];
}

function callKey(file: CodeFacts, call: CallIndex): string {
  return `${file.path}#${call}`;
}

export function usesOf(program: Program, evaluator: Evaluator, serverSide: ServerSide): Uses {
  const all: Use[] = [];
  const byReceiver = new Map<string, Use[]>();
  const bySite = new Map<string, Use[]>();
  for (const { facts: file } of program.files.values())
    for (const call of file.calls.keys()) {
      if (!serverSide.runs(file, call)) continue;
      for (const use of usesAt({ file, call }, evaluator)) {
        all.push(use);
        add(bySite, callKey(file, call), use);
        for (const one of use.receiver === undefined ? [] : each(use.receiver)) {
          const from = one.is === 'library' ? one.from : undefined;
          if (from !== undefined) add(byReceiver, callKey(from.file, from.call), use);
        }
      }
    }
  return {
    all,
    on: ({ file, call }) => byReceiver.get(callKey(file, call)) ?? [],
    at: (file, call) => bySite.get(callKey(file, call)) ?? [],
  };
}

function add(map: Map<string, Use[]>, key: string, use: Use): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [use]);
  else known.push(use);
}

/** What a call uses, evaluated for one way into its function. */
export function usesAt(site: CallSite, evaluator: Evaluator): Use[] {
  const fact = site.file.calls[site.call];
  if (fact === undefined) return [];
  const result: Use[] = [];
  for (const value of each(evaluator.callee(site))) {
    if (value.is !== 'library') continue;
    const callable =
      fact.form === 'new'
        ? value.shape.construct
        : fact.form === 'tag'
          ? value.shape.tag
          : fact.form === 'call'
            ? value.shape.call
            : value.shape.decorate;
    if (callable === undefined || !exists(callable, value.library.versions)) continue;
    const args = evaluator.argumentValues(site);
    const signature = signatureOf(callable, args);
    if (signature === 'none') continue;
    const receiver = evaluator.receiver(site);
    result.push({
      site,
      at: { file: site.file, range: fact.range },
      value,
      callable,
      form: fact.form,
      args,
      signature,
      effects: callable.does ?? [],
      ...(receiver === undefined ? {} : { receiver }),
    });
  }
  return result;
}

/** The argument of a role, with its parameter; undefined when it is not given or cannot be told. */
export function given(use: Use, role: Parameter['role']): Abstract | undefined {
  if (use.signature === 'unsure' || use.args === 'unknown') return undefined;
  const index = use.signature.findIndex((parameter) => parameter.role === role);
  return index < 0 ? undefined : use.args[index];
}

/** All arguments of a role: handlers of a route. */
export function allGiven(use: Use, role: Parameter['role']): readonly Abstract[] {
  if (use.signature === 'unsure' || use.args === 'unknown') return [];
  const { args } = use;
  return use.signature.flatMap((parameter, index) =>
    parameter.role === role
      ? parameter.rest
        ? args.slice(index)
        : args.slice(index, index + 1)
      : [],
  );
}

/** Functions in the options of a route: `{ preHandler, handler }`. */
export function optionHandlers(use: Use): readonly FunctionValue[] {
  const { args, signature } = use;
  if (signature === 'unsure' || args === 'unknown') return [];
  const names = use.effects.flatMap((effect) =>
    effect.is === 'route' ? (effect.handlers ?? []) : [],
  );
  return signature.flatMap(({ role }, index) => {
    const bag = role === 'options' ? args[index] : undefined;
    return bag?.is !== 'object'
      ? []
      : names.flatMap((name) => {
          const entry = bag.entries.get(name);
          return entry === undefined ? [] : functionsIn(entry.value);
        });
  });
}

/** The library keeps the handlers that it gets and calls them later, with requests, messages or signals. */
export function keepsHandlers({ effects, value }: Use): boolean {
  return (
    value.library.description.roles.includes('server') ||
    effects.some(({ is }) => /^(?:route|mount|consume|listener|shutdown-hooks)$/.test(is))
  );
}

/** The options that a call gives, as layers. */
export function layersOf(use: Use, by: SetBy, evaluator: Evaluator): Layer[] {
  const { at, value } = use;
  const layer = (library: LibraryInUse | undefined, set: string, bag: Abstract): Layer[] =>
    library === undefined ? [] : [{ library, set, bag, by, at }];
  const named = (set: string): [LibraryInUse | undefined, string] => {
    const colon = set.indexOf(':');
    return colon < 0
      ? [value.library, set]
      : [evaluator.surface.other(value.library, set.slice(0, colon)), set.slice(colon + 1)];
  };
  if (use.signature === 'unsure' || use.args === 'unknown') {
    const sets = new Set((use.callable.takes ?? []).flat().flatMap(({ set }) => set ?? []));
    const lost = use.args === 'unknown' ? undefined : use.args.find((one) => one.is !== 'literal');
    const why =
      lost?.is === 'unknown' ? lost.why : use.args === 'unknown' ? 'spread' : 'alternatives';
    return [...sets].flatMap((set) =>
      layer(...named(set), unknown(lost?.is === 'parameter' ? 'parameter' : why, at)),
    );
  }
  const { args, signature } = use;
  return signature.flatMap((parameter, index): Layer[] => {
    // An option bag that is left out is an empty one.
    const arg = args[index] ?? (parameter.role === 'options' ? literal(undefined, at) : undefined);
    if (arg === undefined) return [];
    if (parameter.role === 'connection') return layer(value.library, 'url', arg);
    if (parameter.set === undefined) return [];
    const [library, set] = named(parameter.set);
    if (parameter.role === 'option')
      return layer(library, set, wrapped(parameter.path ?? '', arg, at));
    if (parameter.role !== 'options') return [];
    if (args[index] === undefined) return layer(library, set, arg);
    if (parameter.path === '()') return layer(library, set, rewritten(arg, evaluator));
    const bag = parameter.path === undefined ? arg : down(arg, parameter.path, evaluator);
    return layer(library, set, bag);
  });
}

function down(value: Abstract, path: string, evaluator: Evaluator): Abstract {
  return path.split('.').reduce((of, step) => {
    // `useFactory()`: what the function there returns.
    const isCall = step.endsWith('()');
    const member = evaluator.member(of, isCall ? step.slice(0, -2) : step, of.at);
    if (!isCall) return member;
    return member.is === 'function'
      ? evaluator.returned(member, [], member.at)
      : unknown('injected', of.at);
  }, value);
}

/** A value as the option at a path. */
export function wrapped(path: string, value: Abstract, at: Site): Abstract {
  return path
    .split('.')
    .reverse()
    .reduce<Abstract>((inner, name) => {
      const entries: ReadonlyMap<string, Property> = new Map([
        [name, { value: inner, key: value.at }],
      ]);
      return { is: 'object', entries, at };
    }, value);
}

/** Options that a function changes: `use(config => { config.timeout = 5; return config })`. */
function rewritten(value: Abstract, evaluator: Evaluator): Abstract {
  if (value.is !== 'function')
    return unknown(value.is === 'unknown' ? value.why : 'computed', value.at);
  const { file, fn } = value;
  const entries = new Map<string, Property>();
  const names = new Set(file.functions[fn]?.parameters[0]?.bindings ?? []);
  for (const write of file.writes) {
    const target = file.expressions[write.target];
    const of = target?.is === 'member' ? file.expressions[target.of] : undefined;
    if (target?.is !== 'member' || of?.is !== 'binding' || !names.has(of.binding)) continue;
    const key: Site = { file, range: target.range };
    // `??=` finds the library's default already there.
    if (write.operator === '??=' || write.value === undefined) continue;
    const set = evaluator.value(file, write.value);
    const always = write.function === fn && write.region === 0;
    entries.set(target.name, { key, value: always ? set : unknown('alternatives', key) });
  }
  for (const leaf of file.functions[fn]?.leaves ?? []) {
    if (leaf.how !== 'return' || leaf.value === undefined) continue;
    const given = evaluator.value(file, leaf.value);
    if (given.is === 'object')
      for (const [name, property] of given.entries) {
        const { unsure: _, ...sure } = property;
        entries.set(name, sure);
      }
  }
  return { is: 'object', entries, at: value.at };
}

/** The router or application that a member is called on. */
export function routerKeyOf(use: Use, uses: Uses): string | undefined {
  const receiver =
    use.receiver === undefined ? undefined : each(use.receiver).find(({ is }) => is === 'library');
  return receiver === undefined ? undefined : keyOfRouter(receiver, uses);
}

/** Names a router by the call that made it; what a method of it gives of the same kind is the router itself. */
export function keyOfRouter(value: Abstract, uses: Uses): string | undefined {
  if (value.is !== 'library') return undefined;
  if (value.scope !== undefined) return value.scope;
  if (value.from === undefined) return undefined;
  for (const use of uses.at(value.from.file, value.from.call)) {
    // `app.basePath('/api')`: what is added to it has a prefix of its own.
    if (use.effects.some(({ is }) => is === 'prefix')) break;
    const receiver = use.receiver === undefined ? undefined : each(use.receiver)[0];
    if (receiver?.is === 'library' && receiver.shape === value.shape && receiver !== value)
      return keyOfRouter(receiver, uses);
  }
  return callKey(value.from.file, value.from.call);
}
