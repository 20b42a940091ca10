/** Whether the code that makes a call waits for it, or starts it and goes on. */
import type {
  BindingIndex,
  CallFact,
  CallIndex,
  CodeFacts,
  ExpressionIndex,
  FunctionIndex,
} from '../../../code-facts.ts';
import type { Range } from '../../../location.ts';

/** The call that gets the result of another one, or reads a member of it and calls that. */
interface Outer {
  readonly call: CallIndex;
  /** `then` of `f().then(...)`; absent when the result is an argument, or an element of one. */
  readonly member?: string;
}

/** Members of promises and observables whose result stands for the same work. */
const SAME_WORK = /^(?:then|catch|finally|pipe|subscribe)$/;
/** They give a promise that is done when those that they get are. */
const JOINS = /^(?:all|allSettled|race|any|resolve)$/;
const DEFERS = /^(?:setTimeout|setImmediate|setInterval|queueMicrotask)$/;
/** Names of parameters by which a function answers whoever called it. */
const ANSWERS =
  /^(?:res|resp|response|reply|rep|next|done|cb|callback|resolve|reject|ctx|context|c|ack|socket|respond|h|stream)$/i;
/** Chains that are followed from a call to what becomes of them. */
const MAX_CHAIN = 12;

/**
 * The function around the call is not done before the call is: it awaits it or gives its promise on, or a callback of it answers
 * whoever waits. False only when the result is seen to be dropped.
 */
export function isWaitedFor(file: CodeFacts, call: CallIndex, depth = 0): boolean {
  const fact = file.calls[call];
  if (fact === undefined || depth > MAX_CHAIN || fact.form === 'new') return true;
  if (answers(file, fact)) return true;
  switch (fact.use) {
    case 'dropped':
    case 'voided':
      return false;
    case 'chained':
    case 'argument':
    case 'element': {
      const outer = indexOf(file).outer.get(call);
      if (outer === undefined) return true;
      const follows =
        outer.member === undefined ? joins(file, outer.call) : SAME_WORK.test(outer.member);
      return !follows || isWaitedFor(file, outer.call, depth + 1);
    }
    default:
      return true;
  }
}

/** A function that a call gets runs while somebody waits for the call, as far as can be told. */
export function isCallbackWaitedFor(file: CodeFacts, call: CallIndex): boolean {
  const fact = file.calls[call];
  if (fact === undefined) return true;
  const callee = file.expressions[fact.callee];
  const deferred =
    (callee?.is === 'global' && DEFERS.test(callee.name)) ||
    (callee?.is === 'member' && (callee.name === 'nextTick' || callee.name === 'forEach'));
  return deferred ? answers(file, fact) : isWaitedFor(file, call);
}

/** Nothing becomes of what a call gives: it guards nobody who waits. */
export function isDropped({ use }: CallFact): boolean {
  return use === 'dropped' || use === 'voided';
}

/** `Promise.all([...])` and its kin. */
function joins(file: CodeFacts, call: CallIndex): boolean {
  const callee = file.expressions[file.calls[call]?.callee ?? -1];
  if (callee?.is !== 'member' || !JOINS.test(callee.name)) return false;
  const of = file.expressions[callee.of];
  return of?.is === 'global' && of.name === 'Promise';
}

/** A call gets something by which the caller of its function is answered: `res`, `next`, a callback that uses them. */
function answers(file: CodeFacts, fact: CallFact): boolean {
  const callee = file.expressions[fact.callee];
  const isChain = callee?.is === 'member' && SAME_WORK.test(callee.name);
  let forwarded = 0;
  for (const item of fact.arguments) {
    if (typeof item !== 'number') continue;
    const expression = file.expressions[item];
    if (expression?.is === 'function') {
      if (callbackAnswers(file, expression.function)) return true;
    } else if (expression?.is === 'binding') {
      const fn = functionOf(file, expression.binding);
      if (fn !== undefined && callbackAnswers(file, fn)) return true;
      const binding = file.bindings[expression.binding];
      if (binding?.parameter === undefined) continue;
      if (isChain || ANSWERS.test(binding.name) || settles(file, binding.function)) return true;
      // `handler(request, response)`: a function gets what its caller got.
      if (binding.parameter === forwarded && binding.path === undefined) forwarded++;
      if (forwarded > 1) return true;
    }
  }
  return false;
}

/** Within a callback, something of the functions around it is called or given on that answers their caller. */
function callbackAnswers(file: CodeFacts, fn: FunctionIndex): boolean {
  const range = file.functions[fn]?.range;
  if (range === undefined) return false;
  const isOuter = (binding: BindingIndex): boolean => {
    const fact = file.bindings[binding];
    if (fact?.parameter === undefined) return false;
    const owner = file.functions[fact.function]?.range;
    return (
      owner !== undefined &&
      !within(owner, range) &&
      (ANSWERS.test(fact.name) || settles(file, fact.function))
    );
  };
  for (const call of file.calls) {
    if (!within(call.range, range)) continue;
    const root = rootOf(file, call.callee);
    if (root !== undefined && isOuter(root)) return true;
    for (const item of call.arguments) {
      const expression = typeof item === 'number' ? file.expressions[item] : undefined;
      if (expression?.is === 'binding' && isOuter(expression.binding)) return true;
    }
  }
  return false;
}

/** The function that a promise is made of: `new Promise((settle) => ...)`. */
function settles(file: CodeFacts, fn: FunctionIndex): boolean {
  const given = file.functions[fn]?.argumentOf;
  const call = given === undefined ? undefined : file.calls[given.call];
  if (call?.form !== 'new') return false;
  const callee = file.expressions[call.callee];
  return callee?.is === 'global' && callee.name === 'Promise';
}

function functionOf(file: CodeFacts, binding: BindingIndex): FunctionIndex | undefined {
  const fact = file.bindings[binding];
  if (fact?.declares !== undefined && 'function' in fact.declares) return fact.declares.function;
  const value = fact?.value === undefined ? undefined : file.expressions[fact.value];
  return value?.is === 'function' ? value.function : undefined;
}

/** The name that `a.b.c` begins with. */
function rootOf(file: CodeFacts, expression: ExpressionIndex): BindingIndex | undefined {
  let at = file.expressions[expression];
  for (;;) {
    if (at?.is === 'member' || at?.is === 'index') at = file.expressions[at.of];
    else if (at?.is === 'call') at = file.expressions[file.calls[at.call]?.callee ?? -1];
    else return at?.is === 'binding' ? at.binding : undefined;
  }
}

function within(inner: Range, outer: Range): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1];
}

interface WaitingIndex {
  readonly outer: ReadonlyMap<CallIndex, Outer>;
}

const indexes = new WeakMap<CodeFacts, WaitingIndex>();

function indexOf(file: CodeFacts): WaitingIndex {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  const outer = new Map<CallIndex, Outer>();
  const put = (expression: ExpressionIndex, found: Outer, depth = 0): void => {
    const fact = file.expressions[expression];
    if (fact?.is === 'call') outer.set(fact.call, found);
    else if (fact?.is === 'cast') put(fact.of, found, depth);
    else if (fact?.is === 'array' && depth < 2)
      for (const item of fact.items) if (typeof item === 'number') put(item, found, depth + 1);
  };
  for (const [call, fact] of file.calls.entries()) {
    const callee = file.expressions[fact.callee];
    if (callee?.is === 'member') put(callee.of, { call, member: callee.name });
    for (const item of fact.arguments) if (typeof item === 'number') put(item, { call });
  }
  const index = { outer };
  indexes.set(file, index);
  return index;
}
