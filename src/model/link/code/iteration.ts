/** Calls that are made once for each item of a collection: which loop, over what, and whether it has a reason. */
import type {
  BindingIndex,
  CallFact,
  CodeFacts,
  ExpressionIndex,
  FunctionIndex,
} from '../../../code-facts.ts';
import { locate, type Range } from '../../../location.ts';
import type { Iteration } from '../../code.ts';
import { type CallSite, each } from './abstract.ts';
import type { Entries } from './entries.ts';
import type { Evaluator } from './evaluate.ts';
import { allIn, argumentsOf, calledName, mentions, rootOf } from './expressions.ts';
import type { Graph } from './graph.ts';
import { within } from './signals.ts';
import type { Uses } from './uses.ts';

/** Functions are followed so far back to where a collection comes from. */
const MAX_DEPTH = 4;

const EACH = /^(?:map|forEach|flatMap)$/;
/** Methods of collections whose result has items of the same collection. */
const SAME_ITEMS =
  /^(?:map|filter|flatMap|flat|sort|toSorted|reverse|toReversed|concat|values|entries|keys|then)$/;
const TRANSACTION = /^(?:tx|trx|transaction|session|queryRunner|manager|em)$/i;
const READS =
  /^(?:find|get|select|count|aggregate|exist|exec|execute|first|load|one|many|any|all|raw|query|run)/i;
const WRITES =
  /^(?:create|insert|update|upsert|delete|remove|save|set|put|add|increment|decrement|destroy|replace|push|bulk)/i;

interface Loop {
  readonly range: Range;
  readonly head: Range;
  readonly over: ExpressionIndex;
  readonly items: ReadonlySet<BindingIndex>;
  readonly how: Iteration['how'];
}

export class Iterations {
  readonly #evaluator: Evaluator;
  readonly #uses: Uses;
  readonly #graph: Graph;
  readonly #entries: Entries;

  constructor(evaluator: Evaluator, uses: Uses, graph: Graph, entries: Entries) {
    this.#evaluator = evaluator;
    this.#uses = uses;
    this.#graph = graph;
    this.#entries = entries;
  }

  /** The loop in which a call leaves the process once for each item; undefined when it stands in none. */
  of({ file, call }: CallSite): Iteration | undefined {
    const fact = file.calls[call];
    const loop = fact && (regionLoop(file, fact) ?? callbackLoop(file, fact));
    if (fact === undefined || loop === undefined) return undefined;
    const { over, limited } = this.#sourceOf(file, loop.over, 0);
    const because = limited ? 'it is limited' : this.#reasonFor(file, call, loop);
    return {
      at: locate(file, loop.head),
      how: loop.how,
      over,
      keyed: [fact.callee, ...argumentsOf(file, call)].some((one) =>
        mentions(file, one, loop.items),
      ),
      ...(because === undefined ? {} : { because }),
    };
  }

  #reasonFor(file: CodeFacts, call: number, loop: Loop): Iteration['because'] {
    const inside = ([from, to]: Range) => loop.range[0] <= from && to <= loop.range[1];
    for (const [index, other] of file.calls.entries()) {
      if (!inside(other.range)) continue;
      if (/^(?:sleep|delay|wait|setTimeout|pause)$/i.test(calledName(file, other) ?? ''))
        return 'it pauses';
      const writes = this.#uses
        .at(file, index)
        .some(
          ({ value, effects }) =>
            value.library.description.roles.includes('data') &&
            effects.some(({ is }) => is === 'call') &&
            !this.#isRead(file, index),
        );
      if (writes) return 'it writes';
    }
    const leaves = file.functions.flatMap((fn) => fn.leaves);
    if (
      leaves.some(
        ({ how, range }) =>
          /^(?:return|break)$/.test(how) && inside(range) && loop.how === 'one-after-another',
      )
    )
      return 'it may end early';
    const fact = file.calls[call];
    const root = fact && rootOf(file, fact.callee);
    const receiver = root === undefined ? undefined : file.bindings[root];
    if (receiver !== undefined && TRANSACTION.test(receiver.name)) return 'transaction';
    if (inTransaction(file, fact?.function ?? 0)) return 'transaction';
    if (inChunks(file, loop)) return 'chunks';
    return undefined;
  }

  /** By its name; a statement says it itself. */
  #isRead(file: CodeFacts, call: number): boolean {
    const fact = file.calls[call];
    const name = (fact && calledName(file, fact)) ?? '';
    if (WRITES.test(name)) return false;
    const [first] = argumentsOf(file, call);
    const statement = first === undefined ? undefined : textOf(file, first);
    if (
      statement !== undefined &&
      /^\s*(?:insert|update|delete|merge|create|alter|truncate|call|begin|commit)\b/i.test(
        statement,
      )
    )
      return false;
    return READS.test(name);
  }

  #sourceOf(
    file: CodeFacts,
    expression: ExpressionIndex,
    depth: number,
  ): { over: Iteration['over']; limited?: true } {
    const fact = file.expressions[expression];
    if (fact === undefined || depth > 24) return { over: 'unknown' };
    const next = (one: ExpressionIndex) => this.#sourceOf(file, one, depth + 1);
    switch (fact.is) {
      case 'await':
      case 'cast':
        return next(fact.of);
      case 'choice':
        return next(fact.operator === '&&' ? fact.of[1] : fact.of[0]);
      case 'array': {
        const spread = fact.items.find((item) => item !== null && typeof item !== 'number');
        return spread === undefined || spread === null || typeof spread === 'number'
          ? { over: 'written' }
          : next(spread.spread);
      }
      case 'object':
        return { over: 'written' };
      case 'member':
      case 'index':
        return next(fact.of);
      case 'call':
        return this.#sourceOfCall(file, fact.call, depth);
      case 'binding':
        return this.#sourceOfName(file, fact.binding, depth);
      default:
        return { over: 'unknown' };
    }
  }

  #sourceOfCall(
    file: CodeFacts,
    call: number,
    depth: number,
  ): { over: Iteration['over']; limited?: true } {
    const fact = file.calls[call];
    const callee = fact && file.expressions[fact.callee];
    if (fact === undefined || callee === undefined) return { over: 'unknown' };
    const uses = this.#uses.at(file, call);
    const isData = uses.some(
      ({ value, effects }) =>
        value.library.description.roles.includes('data') && effects.some(({ is }) => is === 'call'),
    );
    if (isData) return { over: 'query', ...(isLimited(file, call) ? { limited: true } : {}) };
    const [first] = argumentsOf(file, call);
    if (callee.is === 'member') {
      const of = file.expressions[callee.of];
      if (of?.is === 'global' && /^(?:Object|Array|Promise)$/.test(of.name) && first !== undefined)
        return this.#sourceOf(file, first, depth + 1);
      if (SAME_ITEMS.test(callee.name)) return this.#sourceOf(file, callee.of, depth + 1);
      if (callee.name === 'slice' || callee.name === 'splice')
        return { over: 'unknown', limited: true };
    }
    if (callee.is === 'global' && callee.name === 'Set' && first !== undefined)
      return this.#sourceOf(file, first, depth + 1);
    // What a function of the repository returns, when that is one thing.
    const [target, ...others] = each(this.#evaluator.callee({ file, call }));
    if (target?.is !== 'function' || others.length > 0 || depth > MAX_DEPTH * 4)
      return { over: 'unknown' };
    const returned = target.file.functions[target.fn]?.leaves.flatMap(({ how, value }) =>
      how === 'return' && value !== undefined ? [value] : [],
    );
    const found = (returned ?? []).map((one) => this.#sourceOf(target.file, one, depth + 4));
    const rest = found.filter(({ over }) => over !== 'written');
    const [source] = rest;
    return source !== undefined && rest.every(({ over }) => over === source.over)
      ? { over: source.over, ...(rest.some(({ limited }) => limited) ? { limited: true } : {}) }
      : { over: 'unknown' };
  }

  #sourceOfName(
    file: CodeFacts,
    binding: BindingIndex,
    depth: number,
  ): { over: Iteration['over']; limited?: true } {
    const fact = file.bindings[binding];
    if (fact === undefined) return { over: 'unknown' };
    if (fact.kind === 'parameter')
      return this.#sourceOfParameter(file, fact.function, binding, depth);
    if (fact.kind === 'import') {
      const at = file.expressions.findIndex(
        (one) => one.is === 'binding' && one.binding === binding,
      );
      return { over: this.#evaluator.value(file, at).is === 'array' ? 'written' : 'unknown' };
    }
    if (fact.value === undefined || fact.writes > 1) return { over: 'unknown' };
    if (fact.writes === 0) return this.#sourceOf(file, fact.value, depth + 1);
    return { over: 'unknown' };
  }

  #sourceOfParameter(
    file: CodeFacts,
    fn: FunctionIndex,
    binding: BindingIndex,
    depth: number,
  ): { over: Iteration['over']; limited?: true } {
    const index =
      file.functions[fn]?.parameters.findIndex(({ bindings }) => bindings.includes(binding)) ?? -1;
    if (index < 0) return { over: 'unknown' };
    if (this.#entries.of(file, fn).some(({ kind }) => /^(?:route|resolver|message)$/.test(kind)))
      return { over: 'request' };
    if (depth > MAX_DEPTH * 4) return { over: 'unknown' };
    const edges = this.#graph.into(file, fn).filter(({ how }) => how === 'call');
    const found = edges.map(({ file: caller, site }) => {
      const item = caller.calls[site.call]?.arguments[index];
      return typeof item === 'number'
        ? this.#sourceOf(caller, item, depth + 4)
        : { over: 'unknown' as const };
    });
    const [source] = found;
    return source !== undefined && found.every(({ over }) => over === source.over)
      ? source
      : { over: 'unknown' };
  }
}

/** The loop statement around a call in its function. */
function regionLoop(file: CodeFacts, fact: CallFact): Loop | undefined {
  const regions = file.functions[fact.function]?.regions ?? [];
  for (let at: number | undefined = fact.region; at !== undefined; at = regions[at]?.parent) {
    const region = regions[at];
    if (region?.kind !== 'loop' || region.loop === undefined) continue;
    const { form, bindings } = region.loop;
    const over = form === 'of' || form === 'in' ? region.loop.over : lengthOf(file, region.test);
    if (over === undefined || form === 'await-of') return undefined;
    const isCollected = fact.use === 'argument';
    if (fact.use !== 'awaited' && fact.use !== 'chained' && !isCollected) return undefined;
    const head: Range = file.expressions[over]?.range ?? region.range;
    return {
      range: region.of ?? region.range,
      head,
      over,
      items: new Set(bindings),
      how: isCollected ? 'all-at-once' : 'one-after-another',
    };
  }
  return undefined;
}

/** `xs.map(async (x) => call(x))`: the function around a call is called with each item. */
function callbackLoop(file: CodeFacts, fact: CallFact): Loop | undefined {
  const fn = file.functions[fact.function];
  const { argumentOf } = fn ?? {};
  if (argumentOf === undefined || argumentOf.index !== 0 || argumentOf.path.length > 0)
    return undefined;
  const outer = file.calls[argumentOf.call];
  const callee = outer && file.expressions[outer.callee];
  if (outer === undefined || callee?.is !== 'member' || !EACH.test(callee.name)) return undefined;
  // A call that nobody waits for here, and no promise that is handed on: something else happens with it.
  if (fn?.async !== true && fact.use !== 'returned') return undefined;
  return {
    range: outer.range,
    head: outer.nameRange,
    over: callee.of,
    items: new Set(fn?.parameters[0]?.bindings ?? []),
    how: 'all-at-once',
  };
}

/** `xs` of `i < xs.length`. */
function lengthOf(file: CodeFacts, test: ExpressionIndex | undefined): ExpressionIndex | undefined {
  if (test === undefined) return undefined;
  for (const part of allIn(file, test)) {
    const fact = file.expressions[part];
    if (fact?.is === 'member' && fact.name === 'length') return fact.of;
  }
  return undefined;
}

function textOf(file: CodeFacts, expression: ExpressionIndex): string | undefined {
  const fact = file.expressions[expression];
  if (fact?.is === 'value') return String(fact.value);
  if (fact?.is === 'template')
    return fact.parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  return undefined;
}

/** The function is (in) an argument of something that is called a transaction. */
function inTransaction(file: CodeFacts, fn: FunctionIndex): boolean {
  return file.functions.some(
    ({ argumentOf }, index) =>
      argumentOf !== undefined &&
      /transaction/i.test(calledName(file, file.calls[argumentOf.call] as CallFact) ?? '') &&
      within(file, fn, index),
  );
}

/** The items are groups of items already, or the loop takes steps of more than one. */
function inChunks(file: CodeFacts, { over, items, range }: Loop): boolean {
  for (const item of items)
    if (/chunk|batch|group|page|slice/i.test(file.bindings[item]?.name ?? '')) return true;
  for (const part of allIn(file, over)) {
    const fact = file.expressions[part];
    const call = fact?.is === 'call' ? file.calls[fact.call] : undefined;
    if (call !== undefined && /chunk|batch|partition/i.test(calledName(file, call) ?? ''))
      return true;
  }
  return file.writes.some(
    ({ operator, range: at, target }) =>
      operator === '+=' &&
      range[0] <= at[0] &&
      at[1] <= range[1] &&
      [...allIn(file, target)].some((one) => {
        const fact = file.expressions[one];
        return fact?.is === 'binding' && items.has(fact.binding);
      }),
  );
}

/** The query says itself how many rows it gives at most. */
function isLimited(file: CodeFacts, call: number): boolean {
  const fact = file.calls[call];
  if (fact === undefined) return false;
  for (const one of [fact.callee, ...argumentsOf(file, call)])
    for (const part of allIn(file, one)) {
      const expression = file.expressions[part];
      if (expression?.is === 'member' && /^(?:limit|take|top|first)$/.test(expression.name))
        return true;
      if (
        expression?.is === 'object' &&
        expression.entries.some(
          (entry) => 'key' in entry && /^(?:limit|take|first|pageSize|perPage)$/.test(entry.key),
        )
      )
        return true;
      if (/\blimit\b/i.test(textOf(file, part) ?? '')) return true;
    }
  return false;
}
