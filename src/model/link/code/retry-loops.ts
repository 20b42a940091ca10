/**
 * Retries that are written by hand: a loop that leaves when its call has worked and goes on when it has failed, or a function that
 * calls itself when it has failed.
 */
import type {
  CallFact,
  CallIndex,
  CodeFacts,
  ExpressionIndex,
  FunctionIndex,
  Region,
  RegionIndex,
} from '../../../code-facts.ts';
import { locate } from '../../../location.ts';
import type { Attempts, CodeValue, Guard } from '../../code.ts';
import { type CallSite, each } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import { allIn, argumentsOf, calledName, mentions } from './expressions.ts';
import type { Options } from './options.ts';
import { within } from './signals.ts';

const ALL: Attempts['on'] = ['connect', 'reset', 'timeout', '5xx', '429'];

export class RetryLoops {
  readonly #evaluator: Evaluator;
  readonly #options: Options;
  readonly #known = new Map<string, Guard | undefined>();

  constructor(evaluator: Evaluator, options: Options) {
    this.#evaluator = evaluator;
    this.#options = options;
  }

  /** The retry around a call in its function; undefined when there is none. */
  around({ file, call }: CallSite): Guard | undefined {
    const fact = file.calls[call];
    if (fact === undefined) return undefined;
    const { function: fn } = fact;
    const regions = file.functions[fn]?.regions ?? [];
    const attempt = enclosing(regions, fact.region, 'try');
    if (attempt === undefined) return undefined;
    const key = `${file.path}#${fn}#${attempt}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const loop = enclosing(regions, attempt, 'loop');
    const found =
      (loop === undefined ? undefined : this.#loop(file, fn, loop, attempt)) ??
      this.#recursion(file, fn, attempt);
    this.#known.set(key, found);
    return found;
  }

  #loop(
    file: CodeFacts,
    fn: FunctionIndex,
    loop: RegionIndex,
    attempt: RegionIndex,
  ): Guard | undefined {
    const regions = file.functions[fn]?.regions ?? [];
    const region = regions[loop];
    const form = region?.loop?.form;
    if (region === undefined || form === undefined || /of|in/.test(form)) return undefined;
    const leaves = file.functions[fn]?.leaves ?? [];
    const handler = catchOf(regions, attempt);
    const isIn = (at: RegionIndex, outer: RegionIndex) => encloses(regions, outer, at);
    // It leaves when it has worked: inside of the `try`, or behind it in the loop.
    const successes = leaves.filter(
      ({ how, region: at }) =>
        (how === 'return' || how === 'break') &&
        isIn(at, loop) &&
        (handler === undefined || !isIn(at, handler)),
    );
    const isPlain = successes.some(({ region: where }) => where === attempt || where === loop);
    // An exit that depends on something may be the end of a search, of pages, of steps.
    if (successes.length === 0 || !(isPlain || countsAttempts(file, fn, loop, successes)))
      return undefined;
    // It goes on when it has failed: the handler is not left in any case.
    if (
      handler !== undefined &&
      leaves.some(
        ({ how, region: at }) =>
          at === handler && (how === 'throw' || how === 'return' || how === 'break'),
      ) &&
      !leaves.some(({ how, region: at }) => how === 'continue' && isIn(at, handler))
    )
      return undefined;
    const at = locate(file, headOf(file, region));
    const max = this.#maxOf(file, fn, loop, attempt);
    return {
      kind: 'retry',
      library: 'hand-written',
      attempts: this.#attempts(file, fn, loop, attempt, max),
      at,
    };
  }

  /** `catch { if (left > 0) return again(left - 1); throw error; }` */
  #recursion(file: CodeFacts, fn: FunctionIndex, attempt: RegionIndex): Guard | undefined {
    const regions = file.functions[fn]?.regions ?? [];
    const handler = catchOf(regions, attempt);
    if (handler === undefined) return undefined;
    for (const [call, fact] of file.calls.entries()) {
      if (fact.function !== fn || !encloses(regions, handler, fact.region)) continue;
      const isItself = each(this.#evaluator.callee({ file, call })).some(
        (one) => one.is === 'function' && one.file === file && one.fn === fn,
      );
      if (!isItself) continue;
      const counts = argumentsOf(file, call).some((argument) => {
        const expression = file.expressions[argument];
        return expression?.is === 'operator' && /^[-+]$/.test(expression.operator);
      });
      const at = locate(file, fact.nameRange);
      const max: CodeValue<number> = counts
        ? { state: 'unknown', why: 'parameter', at }
        : { state: 'known', value: Number.POSITIVE_INFINITY, at };
      // Without a number, another condition may end it.
      if (!counts && fact.region !== handler) return undefined;
      return {
        kind: 'retry',
        library: 'hand-written',
        attempts: {
          ...this.#attempts(file, fn, handler, attempt, max),
          // Only when the peer says that there were too many requests: it has not done this one.
          ...(statusesIn(file, regions[fact.region]?.test).join() === '429'
            ? { on: ['429'] as const }
            : {}),
        },
        at,
      };
    }
    return undefined;
  }

  #attempts(
    file: CodeFacts,
    fn: FunctionIndex,
    region: RegionIndex,
    attempt: RegionIndex,
    max: CodeValue<number>,
  ): Attempts {
    const pause = this.#pauseIn(file, fn, region, attempt);
    const at = max.at;
    return {
      max,
      delay:
        pause.is === 'unknown' ? { state: 'unknown', why: 'dynamic', at } : known(pause.is, at),
      jitter:
        pause.is === 'unknown' ? { state: 'unknown', why: 'dynamic', at } : known(pause.jitter, at),
      on: ALL,
      methods: ['*'],
      by: 'guard',
    };
  }

  /** What the loop waits for between two attempts. */
  #pauseIn(
    file: CodeFacts,
    fn: FunctionIndex,
    region: RegionIndex,
    attempt: RegionIndex,
  ):
    | ({ is: 'none' | 'unknown' } & { jitter: false })
    | { is: 'fixed' | 'exponential'; jitter: boolean } {
    const regions = file.functions[fn]?.regions ?? [];
    const counters = this.#changing(file, fn);
    let unknown = false;
    for (const [call, fact] of file.calls.entries()) {
      if (fact.function !== fn || !encloses(regions, region, fact.region)) continue;
      const isAttempt = encloses(regions, attempt, fact.region);
      const delay = isAttempt ? undefined : this.#delayOf(file, call, fact);
      if (delay === undefined) {
        // Something else that is waited for in the handler may be the pause.
        if (!isAttempt && fact.use === 'awaited') unknown = true;
        continue;
      }
      const jitter = delay.some((one) => callsRandom(file, one));
      const grows = delay.some((one) => mentions(file, one, counters));
      return { is: grows ? 'exponential' : 'fixed', jitter };
    }
    return { is: unknown ? 'unknown' : 'none', jitter: false };
  }

  /** The arguments of a call that only waits: `sleep(ms)`, `new Promise((done) => setTimeout(done, ms))`. */
  #delayOf(
    file: CodeFacts,
    call: CallIndex,
    fact: CallFact,
  ): readonly ExpressionIndex[] | undefined {
    const callee = file.expressions[fact.callee];
    if (fact.form === 'new' && callee?.is === 'global' && callee.name === 'Promise') {
      const [from, to] = fact.range;
      const timer = file.calls.find(
        (other) => from <= other.range[0] && other.range[1] <= to && isTimer(file, other),
      );
      return timer === undefined ? undefined : argumentsOf(file, file.calls.indexOf(timer));
    }
    const name = calledName(file, fact);
    const sleeps = each(this.#evaluator.callee({ file, call })).some(
      (one) =>
        (one.is === 'external' && /timers\/promises$|^delay$|^p-sleep$/.test(one.package)) ||
        (one.is === 'function' &&
          one.file.calls.some(
            (other) => isTimer(one.file, other) && within(one.file, other.function, one.fn),
          )),
    );
    if (sleeps || /^(?:sleep|delay|wait|pause|backoff|setTimeout)$/i.test(name ?? ''))
      return argumentsOf(file, call);
    return undefined;
  }

  /** Names that change from one attempt to the next: counters, delays that grow. */
  #changing(file: CodeFacts, fn: FunctionIndex): ReadonlySet<number> {
    const found = new Set<number>();
    for (const write of file.writes) {
      const target = file.expressions[write.target];
      if (write.function === fn && target?.is === 'binding') found.add(target.binding);
    }
    for (const parameter of file.functions[fn]?.parameters ?? [])
      for (const binding of parameter.bindings) found.add(binding);
    return found;
  }

  /** All tries together. */
  #maxOf(
    file: CodeFacts,
    fn: FunctionIndex,
    loop: RegionIndex,
    attempt: RegionIndex,
  ): CodeValue<number> {
    const regions = file.functions[fn]?.regions ?? [];
    const region = regions[loop];
    const at = locate(file, region === undefined ? [0, 0] : headOf(file, region));
    const unknown: CodeValue<number> = { state: 'unknown', why: 'computed', at };
    const test = region?.test === undefined ? undefined : file.expressions[region.test];
    const counted = test === undefined ? undefined : this.#limitOf(file, region?.test);
    if (counted !== undefined) return { ...counted, at };
    // `while (true)`, `for (;;)`: what the handler says.
    const isEndless = test === undefined || (test.is === 'value' && test.value === true);
    if (!isEndless) return unknown;
    const ends = (file.functions[fn]?.leaves ?? []).filter(
      ({ how, region: where }) =>
        /^(?:throw|break|return)$/.test(how) &&
        encloses(regions, loop, where) &&
        !encloses(regions, attempt, where),
    );
    if (ends.length === 0) return { state: 'known', value: Number.POSITIVE_INFINITY, at };
    for (const { region: where } of ends) {
      const limit = this.#limitOf(file, regions[where]?.test);
      if (limit !== undefined) return { ...limit, at };
    }
    return unknown;
  }

  /** The number that a counter is compared with: `attempt < 3`. */
  #limitOf(
    file: CodeFacts,
    test: ExpressionIndex | undefined,
  ): { state: 'known'; value: number } | undefined {
    if (test === undefined) return undefined;
    for (const part of allIn(file, test)) {
      const fact = file.expressions[part];
      if (fact?.is !== 'operator' || !/^[<>]=?$|^===?$/.test(fact.operator)) continue;
      for (const side of fact.of) {
        const amount = this.#options.numberOf(this.#evaluator.value(file, side), 'ms').ms;
        const counter = fact.of.find((other) => other !== side);
        const isCounter = counter !== undefined && this.#isCounter(file, counter);
        if (
          amount.state === 'known' &&
          isCounter &&
          Number.isFinite(amount.value) &&
          amount.value > 0
        )
          return { state: 'known', value: amount.value };
      }
    }
    return undefined;
  }

  #isCounter(file: CodeFacts, expression: ExpressionIndex): boolean {
    for (const part of allIn(file, expression)) {
      const fact = file.expressions[part];
      if (fact?.is === 'binding' && (file.bindings[fact.binding]?.writes ?? 0) > 0) return true;
      if (fact?.is === 'write') return true;
    }
    return false;
  }
}

function known<T>(value: T, at: CodeValue<T>['at']): CodeValue<T> {
  return { state: 'known', value, at };
}

/** The innermost region of a kind around one, itself included. */
function enclosing(
  regions: readonly Region[],
  from: RegionIndex,
  kind: Region['kind'],
): RegionIndex | undefined {
  for (let at: RegionIndex | undefined = from; at !== undefined; at = regions[at]?.parent)
    if (regions[at]?.kind === kind) return at;
  return undefined;
}

function encloses(regions: readonly Region[], outer: RegionIndex, inner: RegionIndex): boolean {
  for (let at: RegionIndex | undefined = inner; at !== undefined; at = regions[at]?.parent)
    if (at === outer) return true;
  return false;
}

/** The `catch` of a `try`; undefined when nothing happens in it. */
function catchOf(regions: readonly Region[], attempt: RegionIndex): RegionIndex | undefined {
  const of = regions[attempt]?.of;
  const found = regions.findIndex(
    (region) => region.kind === 'catch' && region.of?.[0] === of?.[0] && region.of?.[1] === of?.[1],
  );
  return found < 0 ? undefined : found;
}

/** The first line of a loop. */
function headOf(file: CodeFacts, region: Region): readonly [number, number] {
  const [from] = region.of ?? region.range;
  const test = region.test === undefined ? undefined : file.expressions[region.test]?.range;
  return test ?? [from, from + 3];
}

/** Names that people give to the number of an attempt. */
const ATTEMPT = /attempt|retr(?:y|ies)|\btr(?:y|ies)\b|tries/i;

/** The loop counts attempts by the names in its head, or leaves when the answer says that all is well. */
function countsAttempts(
  file: CodeFacts,
  fn: FunctionIndex,
  loop: RegionIndex,
  successes: readonly { readonly region: RegionIndex }[],
): boolean {
  const regions = file.functions[fn]?.regions ?? [];
  const names = (test: ExpressionIndex | undefined, pattern: RegExp): boolean =>
    test !== undefined &&
    [...allIn(file, test)].some((part) => {
      const fact = file.expressions[part];
      return (
        (fact?.is === 'binding' && pattern.test(file.bindings[fact.binding]?.name ?? '')) ||
        (fact?.is === 'member' && pattern.test(fact.name))
      );
    });
  return (
    names(regions[loop]?.test, ATTEMPT) ||
    successes.some(({ region }) => names(regions[region]?.test, /^(?:ok|status|statusCode)$/))
  );
}

/** The status codes that a condition names, when it names nothing else that could be an error. */
function statusesIn(file: CodeFacts, test: ExpressionIndex | undefined): readonly number[] {
  if (test === undefined) return [];
  return [...allIn(file, test)].flatMap((part) => {
    const fact = file.expressions[part];
    return fact?.is === 'value' &&
      typeof fact.value === 'number' &&
      fact.value >= 400 &&
      fact.value < 600
      ? [fact.value]
      : [];
  });
}

function isTimer(file: CodeFacts, call: CallFact): boolean {
  const callee = file.expressions[call.callee];
  return callee?.is === 'global' && callee.name === 'setTimeout';
}

function callsRandom(file: CodeFacts, expression: ExpressionIndex): boolean {
  const queue = [expression];
  const seen = new Set<number>();
  for (const one of queue)
    for (const part of allIn(file, one)) {
      const fact = file.expressions[part];
      if (fact?.is === 'member' && fact.name === 'random') return true;
      if (fact?.is === 'binding' && !seen.has(fact.binding)) {
        seen.add(fact.binding);
        const { value } = file.bindings[fact.binding] ?? {};
        if (value !== undefined) queue.push(value);
        for (const write of file.writes) {
          const target = file.expressions[write.target];
          if (
            target?.is === 'binding' &&
            target.binding === fact.binding &&
            write.value !== undefined
          )
            queue.push(write.value);
        }
      }
      if (fact?.is === 'call') {
        // A function of the file that computes the delay.
        const call = file.calls[fact.call];
        const name = call && calledName(file, call);
        if (/jitter|random|backoff/i.test(name ?? '')) return true;
      }
    }
  return false;
}
