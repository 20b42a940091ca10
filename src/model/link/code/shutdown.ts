/** What happens on SIGTERM: handlers of the program and of libraries, what they close, and whether they exit too early. */
import type { CallFact, CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import { compareLocations, locate } from '../../../location.ts';
import type { Close, CodeValue, CrashHandler, SignalHandler, Why } from '../../code.ts';
import { type Abstract, each, type FunctionValue, functionsIn, placeOf } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import { functionKey } from './graph.ts';
import { libraryRef } from './library-refs.ts';
import type { Options } from './options.ts';
import { textsOf } from './platform.ts';
import type { Program } from './program.ts';
import { within } from './signals.ts';
import type { Use, Uses } from './uses.ts';

export interface HandlerIn {
  readonly file: CodeFacts;
  readonly handler: SignalHandler;
}

export interface Handlers {
  readonly all: readonly HandlerIn[];
  /** Files in which the process, a server or an application is given to something that is not known. */
  readonly lost: readonly { readonly file: CodeFacts; readonly why: Why }[];
  /** Files in which a server or an application is given to code that is not known, which may add routes. */
  readonly givenAway: readonly { readonly file: CodeFacts; readonly why: Why }[];
  /** Functions that run on a signal. */
  readonly functions: readonly {
    readonly file: CodeFacts;
    readonly fn: FunctionIndex;
    readonly signals: readonly string[];
  }[];
  readonly crashes: readonly { readonly file: CodeFacts; readonly handler: CrashHandler }[];
}

/** Calls of a handler are followed this deep. */
const MAX_DEPTH = 6;

export function handlersOf(
  program: Program,
  evaluator: Evaluator,
  options: Options,
  uses: Uses,
): Handlers {
  const closing = closingFunctions(uses);
  const all: HandlerIn[] = [];
  const lost: { file: CodeFacts; why: Why }[] = [];
  const givenAway: { file: CodeFacts; why: Why }[] = [];
  const functions: { file: CodeFacts; fn: FunctionIndex; signals: readonly string[] }[] = [];
  const crashes: { file: CodeFacts; handler: CrashHandler }[] = [];

  for (const { facts: file } of program.files.values())
    for (const [call, fact] of file.calls.entries()) {
      const values = each(evaluator.callee({ file, call }));
      for (const value of values)
        if (
          value.is === 'global' &&
          /^process\.(?:on|once|addListener|prependListener)$/.test(value.name)
        )
          listener(file, call, fact);
        else if (
          value.is === 'external' &&
          /^(?:node:)?events$/.test(value.package) &&
          value.path.at(-1) === 'once'
        )
          awaitedSignal(file, call, fact);
      const use = uses
        .at(file, call)
        .find(({ effects }) => effects.some(({ is }) => is === 'shutdown-hooks'));
      if (use !== undefined) hooks(file, use);
      else if (values.some(isForeign) && givesClosing(file, call))
        lost.push({ file, why: 'package-unknown' });
      else if (values.some(isUnseen) && givesServer(file, call)) {
        givenAway.push({ file, why: 'package-unknown' });
        if (values.some(mayHandle)) lost.push({ file, why: 'package-unknown' });
      }
    }

  function listener(file: CodeFacts, call: number, fact: CallFact): void {
    const args = evaluator.argumentValues({ file, call });
    if (args === 'unknown') return;
    const [event, action] = args;
    if (event === undefined) return;
    const signals = textsOf(event);
    if (signals === undefined) {
      // Which signals it is for cannot be told; SIGTERM may be one.
      if (action !== undefined) lost.push({ file, why: 'dynamic' });
      return;
    }
    const wanted = signals.filter((signal) => /^SIG(?:TERM|INT)$/.test(signal));
    const found = action === undefined ? [] : functionsIn(action);
    for (const event of signals)
      if (event === 'uncaughtException' || event === 'unhandledRejection')
        crashes.push({ file, handler: crash(file, fact, event, found) });
    if (wanted.length === 0) return;
    for (const one of found) functions.push({ file: one.file, fn: one.fn, signals: wanted });
    const walk = new Walk(evaluator, options, uses);
    for (const one of found) walk.body(one.file, one.fn, 0);
    if (found.length === 0) walk.complete = false;
    add(file, fact, wanted, walk);
  }

  function crash(
    file: CodeFacts,
    fact: CallFact,
    event: CrashHandler['event'],
    actions: readonly FunctionValue[],
  ): CrashHandler {
    const at = locate(file, [fact.range[0], fact.nameRange[1]]);
    const walk = new Walk(evaluator, options, uses);
    for (const one of actions) walk.body(one.file, one.fn, 0);
    const ends =
      walk.exitsSometime() || actions.some(({ file: own, fn }) => endsOtherwise(own, fn));
    if (!ends && (actions.length === 0 || !walk.complete))
      return { event, at, ends: { state: 'unknown', why: 'dynamic', at } };
    return { event, at, ends: { state: 'known', value: ends, at } };
  }

  function add(file: CodeFacts, fact: CallFact, signals: readonly string[], walk: Walk): void {
    const at = locate(file, [fact.range[0], fact.nameRange[1]]);
    all.push({ file, handler: { signals, by: 'process', at, ...walk.result() } });
  }

  /** `await once(process, 'SIGTERM')`: what stands behind it is the handler. */
  function awaitedSignal(file: CodeFacts, call: number, fact: CallFact): void {
    const args = evaluator.argumentValues({ file, call });
    const [emitter, event] = args === 'unknown' ? [] : args;
    if (emitter?.is !== 'global' || emitter.name !== 'process' || event === undefined) return;
    const signals = textsOf(event);
    const wanted = signals?.filter((signal) => /^SIG(?:TERM|INT)$/.test(signal)) ?? [];
    if (signals === undefined) lost.push({ file, why: 'dynamic' });
    if (wanted.length === 0) return;
    const walk = new Walk(evaluator, options, uses);
    walk.body(file, fact.function, 0, 'now', fact.order);
    if (fact.use !== 'awaited') walk.complete = false;
    add(file, fact, wanted, walk);
  }

  function hooks(file: CodeFacts, use: Use): void {
    for (const effect of use.effects) {
      if (effect.is !== 'shutdown-hooks') continue;
      const listed =
        use.args === 'unknown' ? undefined : use.args.find((one) => one.is === 'array');
      const texts =
        listed?.is === 'array' && listed.items.length > 0
          ? listed.items.flatMap((one) => textsOf(one) ?? [])
          : [];
      const at = placeOf(use.at);
      const close: Close = {
        what: 'server',
        library: libraryRef(use.value.library),
        at,
        drains: effect.drains,
        awaited: true,
      };
      const before = closedBefore(file, effect.before ?? []);
      all.push({
        file,
        handler: {
          signals: texts.length > 0 ? texts : effect.signals,
          by: libraryRef(use.value.library),
          at,
          closes: effect.drains ? [...before, close] : before,
          exits: 'after-close',
          complete: true,
        },
      });
    }
  }

  /** What methods with these names close, in classes of the same package. */
  function closedBefore(file: CodeFacts, names: readonly string[]): Close[] {
    const owner = program.packages.ownerOf(file.path);
    return [...program.files.values()].flatMap(({ facts }) => {
      if (program.packages.ownerOf(facts.path) !== owner) return [];
      const hooks = facts.classes.flatMap(({ methods }) =>
        methods.flatMap((method) =>
          names.includes(method.name) && method.function !== undefined ? [method.function] : [],
        ),
      );
      return hooks.flatMap((fn) => {
        const walk = new Walk(evaluator, options, uses);
        walk.body(facts, fn, 0);
        return walk.result().closes.filter(({ what }) => what === 'client');
      });
    });
  }

  /** A function that closes a server is an argument: who gets it may call it on a signal. */
  function givesClosing(file: CodeFacts, call: number): boolean {
    if (closing.size === 0) return false;
    const args = evaluator.argumentValues({ file, call });
    return (
      args !== 'unknown' &&
      args
        .flatMap((arg) => functionsIn(arg))
        .some((one) => closing.has(functionKey(one.file, one.fn)))
    );
  }

  /** A server or an application is an argument of a call that is not known. */
  function givesServer(file: CodeFacts, call: number): boolean {
    const args = evaluator.argumentValues({ file, call });
    if (args === 'unknown') return false;
    const isServer = (one: Abstract) =>
      one.is === 'library' && one.client === undefined && hasServerShape(one);
    return args.some((arg) =>
      each(arg).some(
        (one) =>
          isServer(one) ||
          // `apollo.applyMiddleware({ app })`
          (one.is === 'object' &&
            [...one.entries.values()].some(({ value }) => each(value).some(isServer))),
      ),
    );
  }

  return { all, lost, givenAway, functions, crashes };
}

/** It throws, sends itself a signal, or calls something that is named like an end. */
function endsOtherwise(file: CodeFacts, fn: FunctionIndex): boolean {
  return (
    file.functions.some(
      ({ leaves }, inner) => within(file, inner, fn) && leaves.some(({ how }) => how === 'throw'),
    ) ||
    file.calls.some((call) => {
      const callee = file.expressions[call.callee];
      return (
        within(file, call.function, fn) &&
        callee?.is === 'member' &&
        /^(?:kill|emit|abort|end)$|exit|shut|terminat|clos|quit|stop/i.test(callee.name)
      );
    })
  );
}

/** Words of packages and functions that take over the end of a process. */
const LIFECYCLE =
  /grace|shut|terminat|terminus|lightship|stoppable|exit|signal|clos|drain|death|lifecycle|boot|cleanup/i;

/** Functions in which a server is closed, and those around them. */
function closingFunctions(uses: Uses): ReadonlySet<string> {
  const result = new Set<string>();
  for (const { effects, site } of uses.all) {
    if (!effects.some((effect) => effect.is === 'close' && effect.what !== 'client')) continue;
    const { file } = site;
    for (let fn = file.calls[site.call]?.function; fn; fn = file.functions[fn]?.parent)
      result.add(functionKey(file, fn));
  }
  return result;
}

/** Something of a package that no description covers; what Node.js brings does not look after signals. */
function isForeign(callee: Abstract): boolean {
  const from = callee.is === 'external' || callee.is === 'unknown' ? callee.package : undefined;
  return (
    from !== undefined &&
    !/^(?:node:|(?:fs|events|stream|util|path|timers|http2?|https|net|tls|cluster|worker_threads|async_hooks|child_process|readline)(?:\/|$))/.test(
      from,
    )
  );
}

/** Nobody can see what a call does. */
function isUnseen({ is }: Abstract): boolean {
  return is === 'external' || is === 'unknown' || is === 'parameter';
}

/** A call that may register handlers: nobody knows what it is, or its name speaks of the end of a process. */
function mayHandle(callee: Abstract): boolean {
  if (callee.is === 'external') return LIFECYCLE.test(`${callee.package} ${callee.path.join(' ')}`);
  if (callee.is !== 'unknown') return callee.is === 'parameter';
  return callee.package === undefined || LIFECYCLE.test(callee.package);
}

/** It can be closed or listen: a server. */
function hasServerShape(value: Extract<Abstract, { is: 'library' }>): boolean {
  return Object.entries(value.shape.members ?? {}).some(
    ([, member]) =>
      typeof member !== 'string' &&
      member.call?.does?.some(
        (effect) => effect.is === 'listen' || (effect.is === 'close' && effect.what === 'server'),
      ) === true,
  );
}

/** Follows a handler through its calls, in their order. */
class Walk {
  readonly #evaluator: Evaluator;
  readonly #options: Options;
  readonly #uses: Uses;
  readonly #seen = new Set<string>();
  readonly #closes: { close: Close; order: number }[] = [];
  readonly #exits: {
    file: CodeFacts;
    fact: CallFact;
    order: number;
    when: 'now' | 'after-close' | 'timer' | 'maybe';
  }[] = [];
  #deadline: CodeValue<number> | undefined;
  #order = 0;
  complete = true;

  constructor(evaluator: Evaluator, options: Options, uses: Uses) {
    this.#evaluator = evaluator;
    this.#options = options;
    this.#uses = uses;
  }

  body(
    file: CodeFacts,
    fn: FunctionIndex,
    depth: number,
    mode: 'now' | 'after-close' | 'timer' | 'maybe' = 'now',
    /** Only what comes after this. */
    after = -1,
  ): void {
    const key = `${functionKey(file, fn)} ${mode}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (depth > MAX_DEPTH) {
      this.complete = false;
      return;
    }
    const calls = [...file.calls.entries()]
      .filter(([, fact]) => fact.function === fn && fact.order > after)
      .sort(([, a], [, b]) => a.order - b.order);
    for (const [call, fact] of calls) this.#call(file, call, fact, depth, mode);
  }

  #call(
    file: CodeFacts,
    call: number,
    fact: CallFact,
    depth: number,
    mode: 'now' | 'after-close' | 'timer' | 'maybe',
  ): void {
    const order = this.#order++;
    const closing = this.#uses
      .at(file, call)
      .flatMap((use) =>
        use.effects.flatMap((effect) => (effect.is === 'close' ? [{ use, effect }] : [])),
      );
    for (const { use, effect } of closing) {
      const awaited =
        fact.use === 'awaited' ||
        fact.use === 'returned' ||
        fact.use === 'element' ||
        fact.use === 'chained' ||
        effect.completes === 'at-once' ||
        (effect.completes !== 'promise' && this.#hasCallback(file, call));
      this.#closes.push({
        order,
        close: {
          what: effect.what,
          library: libraryRef(use.value.library),
          at: placeOf(use.at),
          drains: effect.drains,
          awaited,
          ...(effect.reopens === undefined ? {} : { reopens: true as const }),
        },
      });
    }
    const callbackMode = closing.length > 0 ? 'after-close' : mode;
    for (const arg of this.#functionArguments(file, call)) {
      const isTimer = this.#isGlobal(file, call, /^setTimeout$/);
      const isNow = this.#isGlobal(
        file,
        call,
        /^(?:setImmediate|queueMicrotask|process\.nextTick)$/,
      );
      if (isTimer) {
        const [, delay] = fact.arguments;
        if (this.#exitsIn(arg.file, arg.fn)) {
          if (typeof delay === 'number') {
            const amount = this.#options.numberOf(this.#evaluator.value(file, delay), 'ms');
            this.#deadline ??= amount.ms;
          }
          this.body(arg.file, arg.fn, depth + 1, 'timer');
        }
        continue;
      }
      // `new Promise(resolve => server.close(resolve))`, `.then(() => process.exit())`.
      const chained = this.#chain(file, call);
      this.body(arg.file, arg.fn, depth + 1, chained ? 'after-close' : isNow ? mode : callbackMode);
    }
    const values = each(this.#evaluator.callee({ file, call }));
    for (const value of values) {
      if (value.is === 'global' && /^process\.(?:exit|abort|reallyExit)$/.test(value.name)) {
        this.#exits.push({ file, fact, order, when: mode });
        continue;
      }
      if (value.is === 'function') {
        this.body(value.file, value.fn, depth + 1, mode);
        continue;
      }
      if (value.is === 'unknown' && value.package === undefined && !this.#isPromise(file, call))
        this.complete = false;
      if (value.is === 'parameter') this.complete = false;
    }
  }

  /** `.then(...)`, `.finally(...)` of something that closes. */
  #chain(file: CodeFacts, call: number): boolean {
    const callee = file.expressions[file.calls[call]?.callee ?? -1];
    if (callee?.is !== 'member' || !/^(?:then|finally|catch)$/.test(callee.name)) return false;
    const of = file.expressions[callee.of];
    if (of?.is !== 'call') return false;
    if (this.#chain(file, of.call)) return true;
    if (
      this.#uses.at(file, of.call).some(({ effects }) => effects.some(({ is }) => is === 'close'))
    )
      return true;
    const before = this.#closes.length;
    const target = each(this.#evaluator.callee({ file, call: of.call }));
    // Inside of it a close was awaited.
    return before > 0 && target.some(({ is }) => is === 'function' || is === 'global');
  }

  /** `.then()` and its kin do nothing but call what they get. */
  #isPromise(file: CodeFacts, call: number): boolean {
    const callee = file.expressions[file.calls[call]?.callee ?? -1];
    return callee?.is === 'member' && /^(?:then|finally|catch)$/.test(callee.name);
  }

  #hasCallback(file: CodeFacts, call: number): boolean {
    const fact = file.calls[call];
    return (fact?.arguments.length ?? 0) > 0;
  }

  #functionArguments(file: CodeFacts, call: number) {
    const args = this.#evaluator.argumentValues({ file, call });
    return args === 'unknown'
      ? []
      : args.flatMap((one) =>
          one.is === 'function' ? [one] : one.is === 'array' ? functionsIn(one) : [],
        );
  }

  #isGlobal(file: CodeFacts, call: number, name: RegExp): boolean {
    return each(this.#evaluator.callee({ file, call })).some(
      (one) => one.is === 'global' && name.test(one.name),
    );
  }

  #exitsIn(file: CodeFacts, fn: FunctionIndex): boolean {
    return file.calls.some(
      (fact, call) =>
        within(file, fact.function, fn) &&
        this.#isGlobal(file, call, /^process\.(?:exit|abort|kill)$/),
    );
  }

  /** Somewhere it ends the process, at once or later. */
  exitsSometime(): boolean {
    return this.#exits.length > 0;
  }

  result(): Pick<SignalHandler, 'closes' | 'exits' | 'exitAt' | 'deadline' | 'complete'> {
    const closes = this.#closes.sort((a, b) => a.order - b.order).map(({ close }) => close);
    const serving = this.#closes.filter(({ close }) => close.what !== 'client');
    const real = this.#exits.filter(({ when }) => when !== 'timer');
    const deadline = this.#deadline === undefined ? {} : { deadline: this.#deadline };
    const early = real.find(({ when, order }) => {
      if (when === 'after-close') return false;
      const before = serving.filter((one) => one.order < order);
      return before.length < serving.length ? false : before.some(({ close }) => !close.awaited);
    });
    const first = real[0];
    let exits: SignalHandler['exits'];
    if (first === undefined) exits = 'no';
    else if (serving.length === 0) exits = this.complete ? 'without-close' : 'maybe';
    else if (early !== undefined) exits = 'before-close';
    else if (
      real.some(
        ({ when, order }) => when === 'after-close' || serving.some((one) => one.order < order),
      )
    )
      exits = 'after-close';
    else exits = this.complete ? 'before-close' : 'maybe';
    const at = early ?? first;
    return {
      closes,
      exits,
      ...(at === undefined ? {} : { exitAt: locate(at.file, at.fact.range) }),
      ...deadline,
      complete: this.complete,
    };
  }
}

export function sortedHandlers(found: readonly HandlerIn[]): SignalHandler[] {
  return found.map(({ handler }) => handler).sort((a, b) => compareLocations(a.at, b.at));
}
