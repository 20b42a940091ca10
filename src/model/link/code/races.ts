/** Timers that a call races against: its caller goes on, the request does not end. */
import type {
  CallFact,
  CallIndex,
  CodeFacts,
  ExpressionIndex,
  FunctionIndex,
} from '../../../code-facts.ts';
import type { Location, Range } from '../../../location.ts';
import type { Bound, CodeValue } from '../../code.ts';
import { type Abstract, type CallSite, each, type Frame, placeOf } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import { judge } from './judge.ts';
import type { Options } from './options.ts';
import { within } from './signals.ts';
import { layersOf, type Uses } from './uses.ts';

export interface Race extends Bound {
  readonly at: Location;
  /** What it waits for: a body that is read in there is waited for too. */
  readonly covers: Range;
}

/** Functions that hand a promise on are followed this deep. */
const MAX_DEPTH = 3;
/** Words by which a package says that it may end the waiting. */
const PROTECTS =
  /time|race|within|deadline|limit|cancel|abort|guard|protect|resilien|retry|attempt|break|circuit/i;

/** The race that a call takes part in: in its own function, or in one that gets its promise. */
export function raceOf(
  file: CodeFacts,
  call: CallIndex,
  evaluator: Evaluator,
  options: Options,
  uses: Uses,
): Race | undefined {
  const covers = file.calls[call]?.range ?? [0, 0];
  const isOwn = (expression: ExpressionIndex) => promiseIn(file, expression) === call;
  const direct = raceIn(file, undefined, isOwn, undefined, evaluator, options);
  if (direct !== undefined) return { ...direct, covers };
  for (const { call: helper, index } of handedOn(file).get(call) ?? []) {
    const site: CallSite = { file, call: helper };
    const at = placeOf({ file, range: file.calls[helper]?.range ?? covers });
    const guard = guardOf(site, uses, evaluator, options);
    if (guard !== undefined) return { ...bound(guard, at), covers };
    for (const callee of each(evaluator.callee(site))) {
      if (callee.is === 'function') {
        const frame: Frame = {
          file: callee.file,
          fn: callee.fn,
          args: evaluator.argumentsOf(site),
          depth: 1,
          ...(callee.self === undefined ? {} : { self: callee.self }),
          ...(callee.frame === undefined ? {} : { outer: callee.frame }),
        };
        const found = raceOfParameter(frame, index, evaluator, options, 0);
        if (found !== undefined) return { ...found, at, covers };
      }
      if (mayProtect(callee, file, helper))
        return { ...bound({ state: 'unknown', why: 'package-unknown', at }, at), covers };
    }
  }
  return undefined;
}

function bound(ms: CodeValue<number>, at: Location): Omit<Race, 'covers'> {
  return {
    ms,
    by: 'guard',
    per: 'call',
    source: 'https://tc39.es/ecma262/#sec-promise.race',
    proof: 'source-only',
    at,
  };
}

/** A library that guards what it gets. */
function guardOf(
  site: CallSite,
  uses: Uses,
  evaluator: Evaluator,
  options: Options,
): CodeValue<number> | undefined {
  for (const use of uses.at(site.file, site.call))
    for (const effect of use.effects) {
      if (effect.is !== 'guard' || effect.kind !== 'timeout') continue;
      const { release } = judge(
        options,
        use.value.library,
        effect.profile,
        layersOf(use, 'guard', evaluator),
        use.at,
      ).bounds;
      if ('ms' in release) return release.ms;
    }
  return undefined;
}

/** A function that nobody can see and whose name speaks of time. */
function mayProtect(callee: Abstract, file: CodeFacts, call: CallIndex): boolean {
  if (callee.is === 'external') return PROTECTS.test(`${callee.package} ${callee.path.join(' ')}`);
  if (callee.is !== 'unknown') return false;
  const fact = file.expressions[file.calls[call]?.callee ?? -1];
  const name =
    fact?.is === 'member'
      ? fact.name
      : fact?.is === 'binding'
        ? (file.bindings[fact.binding]?.name ?? '')
        : '';
  return PROTECTS.test(`${callee.package ?? ''} ${name}`);
}

/** `Promise.race([own, timer])` in a file or in one of its functions. */
function raceIn(
  file: CodeFacts,
  fn: FunctionIndex | undefined,
  isOwn: (expression: ExpressionIndex) => boolean,
  frame: Frame | undefined,
  evaluator: Evaluator,
  options: Options,
): Omit<Race, 'covers'> | undefined {
  for (const race of racesIn(file)) {
    if (fn !== undefined && !within(file, race.function, fn)) continue;
    const [list] = race.arguments;
    const items = typeof list === 'number' ? file.expressions[list] : undefined;
    if (items?.is !== 'array') continue;
    const all = items.items.filter((item) => typeof item === 'number');
    if (!all.some(isOwn)) continue;
    const at = placeOf({ file, range: race.range });
    const timers = all.flatMap((item) =>
      isOwn(item) ? [] : (delayIn(file, item, evaluator, frame) ?? []),
    );
    const [timer] = timers;
    return timer === undefined
      ? bound({ state: 'unknown', why: 'signal-origin', at }, at)
      : {
          ...bound({ state: 'unknown', why: 'computed', at }, at),
          ...options.numberOf(timer, 'ms'),
        };
  }
  return undefined;
}

/** A function lets a promise that it gets race against a timer. */
function raceOfParameter(
  frame: Frame,
  index: number,
  evaluator: Evaluator,
  options: Options,
  depth: number,
): Omit<Race, 'covers'> | undefined {
  const { file, fn } = frame;
  const names = new Set(file.functions[fn]?.parameters[index]?.bindings ?? []);
  if (names.size === 0) return undefined;
  const isParameter = (expression: ExpressionIndex): boolean => {
    const fact = file.expressions[expression];
    if (fact?.is === 'binding') {
      if (names.has(fact.binding)) return true;
      const { value } = file.bindings[fact.binding] ?? {};
      return value !== undefined && isParameter(value);
    }
    if (fact?.is === 'cast' || fact?.is === 'await') return isParameter(fact.of);
    if (fact?.is !== 'call') return false;
    // `work()`, `promise.then(...)`, `Promise.resolve(promise)`
    const { callee, arguments: args = [] } = file.calls[fact.call] ?? {};
    const of = callee === undefined ? undefined : file.expressions[callee];
    if (of?.is === 'binding') return names.has(of.binding);
    if (of?.is !== 'member') return false;
    if (of.name === 'resolve') return typeof args[0] === 'number' && isParameter(args[0]);
    return isParameter(of.of);
  };
  const race =
    raceIn(file, fn, isParameter, frame, evaluator, options) ??
    byHand(frame, isParameter, evaluator, options);
  if (race !== undefined || depth === MAX_DEPTH) return race;
  for (const [call, fact] of file.calls.entries()) {
    if (!within(file, fact.function, fn)) continue;
    const given = fact.arguments.findIndex((item) => typeof item === 'number' && isParameter(item));
    if (given < 0) continue;
    const site: CallSite = { file, call, frame };
    for (const callee of each(evaluator.callee(site))) {
      if (callee.is !== 'function') continue;
      const next: Frame = {
        file: callee.file,
        fn: callee.fn,
        args: evaluator.argumentsOf(site),
        depth: frame.depth + 1,
        ...(callee.self === undefined ? {} : { self: callee.self }),
      };
      const found = raceOfParameter(next, given, evaluator, options, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** `new Promise((resolve, reject) => { setTimeout(reject, ms); promise.then(resolve, reject); })` */
function byHand(
  { file, fn, ...frame }: Frame,
  isParameter: (expression: ExpressionIndex) => boolean,
  evaluator: Evaluator,
  options: Options,
): Omit<Race, 'covers'> | undefined {
  for (const [executor, fact] of file.functions.entries()) {
    const made = fact.argumentOf === undefined ? undefined : file.calls[fact.argumentOf.call];
    const callee = made && file.expressions[made.callee];
    if (made?.form !== 'new' || callee?.is !== 'global' || callee.name !== 'Promise') continue;
    if (!within(file, executor, fn)) continue;
    const inside = file.calls.filter((call) => within(file, call.function, executor));
    const waits = inside.some((call) => {
      const of = file.expressions[call.callee];
      return of?.is === 'member' && of.name === 'then' && isParameter(of.of);
    });
    const timer = inside.find((call) => isTimer(file, call));
    const delay = timer?.arguments[1];
    if (!waits || timer === undefined || typeof delay !== 'number') continue;
    const at = placeOf({ file, range: made.range });
    const value = evaluator.value(file, delay, { file, fn, ...frame });
    return {
      ...bound({ state: 'unknown', why: 'computed', at }, at),
      ...options.numberOf(value, 'ms'),
    };
  }
  return undefined;
}

const racesByFile = new WeakMap<CodeFacts, readonly CallFact[]>();

/** Calls of `Promise.race`. */
function racesIn(file: CodeFacts): readonly CallFact[] {
  const known = racesByFile.get(file);
  if (known !== undefined) return known;
  const found = file.calls.filter((call) => {
    const callee = file.expressions[call.callee];
    const of = callee?.is === 'member' ? file.expressions[callee.of] : undefined;
    return (
      callee?.is === 'member' &&
      callee.name === 'race' &&
      of?.is === 'global' &&
      of.name === 'Promise'
    );
  });
  racesByFile.set(file, found);
  return found;
}

interface Handed {
  readonly call: CallIndex;
  readonly index: number;
}

const handedByFile = new WeakMap<CodeFacts, ReadonlyMap<CallIndex, readonly Handed[]>>();

/** Calls whose promise is an argument of another call. */
function handedOn(file: CodeFacts): ReadonlyMap<CallIndex, readonly Handed[]> {
  const known = handedByFile.get(file);
  if (known !== undefined) return known;
  const found = new Map<CallIndex, Handed[]>();
  for (const [call, fact] of file.calls.entries())
    for (const [index, item] of fact.arguments.entries()) {
      const from = typeof item === 'number' ? promiseIn(file, item) : undefined;
      if (from === undefined || from === call) continue;
      const others = found.get(from);
      if (others === undefined) found.set(from, [{ call, index }]);
      else others.push({ call, index });
    }
  handedByFile.set(file, found);
  return found;
}

/** The call whose promise an expression is: itself, a variable that holds it, or what is chained to it. */
function promiseIn(file: CodeFacts, expression: ExpressionIndex, depth = 0): CallIndex | undefined {
  const fact = file.expressions[expression];
  if (depth > 8) return undefined;
  if (fact?.is === 'cast') return promiseIn(file, fact.of, depth + 1);
  if (fact?.is === 'binding') {
    const { value, path = [] } = file.bindings[fact.binding] ?? {};
    return value === undefined || path.length > 0 ? undefined : promiseIn(file, value, depth + 1);
  }
  if (fact?.is !== 'call') return undefined;
  const callee = file.expressions[file.calls[fact.call]?.callee ?? -1];
  if (
    callee?.is === 'member' &&
    /^(?:then|catch|finally|json|text|arrayBuffer|blob)$/.test(callee.name)
  )
    return promiseIn(file, callee.of, depth + 1) ?? fact.call;
  return fact.call;
}

function isTimer(file: CodeFacts, call: CallFact): boolean {
  const callee = file.expressions[call.callee];
  return callee?.is === 'global' && callee.name === 'setTimeout';
}

/** The delay of the timer that a promise waits for. */
function delayIn(
  file: CodeFacts,
  expression: ExpressionIndex,
  evaluator: Evaluator,
  frame: Frame | undefined,
): Abstract | undefined {
  const call = promiseIn(file, expression);
  const fact = call === undefined ? undefined : file.calls[call];
  if (call === undefined || fact === undefined) return undefined;
  const site: CallSite = { file, call, ...(frame === undefined ? {} : { frame }) };
  for (const callee of each(evaluator.callee(site))) {
    // `setTimeout` of `node:timers/promises`.
    if (callee.is === 'external' && /timers\/promises$/.test(callee.package)) {
      const [delay] = fact.arguments;
      return typeof delay === 'number' ? evaluator.value(file, delay, frame) : undefined;
    }
    if (callee.is !== 'function') continue;
    const timer = callee.file.calls.find(
      (other) => within(callee.file, other.function, callee.fn) && isTimer(callee.file, other),
    );
    const delay = timer?.arguments[1];
    if (typeof delay === 'number')
      return evaluator.value(callee.file, delay, {
        file: callee.file,
        fn: callee.fn,
        args: evaluator.argumentsOf(site),
        depth: (frame?.depth ?? 0) + 1,
      });
    return delayOfSleep(callee.file, callee.fn, evaluator, site, frame);
  }
  const timer = file.calls.find(
    (other) =>
      isTimer(file, other) && fact.range[0] <= other.range[0] && other.range[1] <= fact.range[1],
  );
  const delay = timer?.arguments[1];
  return typeof delay === 'number' ? evaluator.value(file, delay, frame) : undefined;
}

/** `async function late(ms) { await sleep(ms); throw ... }` */
function delayOfSleep(
  file: CodeFacts,
  fn: FunctionIndex,
  evaluator: Evaluator,
  site: CallSite,
  frame: Frame | undefined,
): Abstract | undefined {
  const inner: Frame = {
    file,
    fn,
    args: evaluator.argumentsOf(site),
    depth: (frame?.depth ?? 0) + 1,
  };
  for (const [call, fact] of file.calls.entries()) {
    if (!within(file, fact.function, fn)) continue;
    const [delay] = fact.arguments;
    if (typeof delay !== 'number') continue;
    for (const callee of each(evaluator.callee({ file, call, frame: inner })))
      if (callee.is === 'external' && /timers\/promises$/.test(callee.package))
        return evaluator.value(file, delay, inner);
  }
  return undefined;
}
