/** AbortSignals: whether a deadline stands behind one, or only somebody who may cancel. */
import type { CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import type { Why } from '../../code.ts';
import {
  type Abstract,
  type CallSite,
  each,
  type SignalOrigin,
  type Site,
  unknown,
} from './abstract.ts';
import type { Evaluator } from './evaluate.ts';

export type Deadline =
  | {
      readonly is: 'deadline';
      readonly ms: Abstract;
      readonly made: CallSite;
      readonly timer?: CallSite;
    }
  /** Somebody may cancel; nobody does so after a time. */
  | { readonly is: 'cancel'; readonly at: Site }
  | { readonly is: 'none' }
  | { readonly is: 'unknown'; readonly why: Why; readonly at: Site };

/** What stands behind the value of an option that takes a signal. */
export function deadlineOf(value: Abstract, evaluator: Evaluator): Deadline {
  const found = each(value).map((one) => deadlineOfOne(one, evaluator));
  const [first] = found;
  if (first === undefined) return { is: 'none' };
  if (found.every(({ is }) => is === first.is)) return first;
  // A signal on one way and none on the other.
  const uncertain = found.find((one) => one.is === 'unknown');
  return uncertain ?? { is: 'unknown', why: 'alternatives', at: value.at };
}

function deadlineOfOne(value: Abstract, evaluator: Evaluator): Deadline {
  if (value.is === 'literal')
    return value.value === undefined || value.value === null
      ? { is: 'none' }
      : { is: 'unknown', why: 'signal-origin', at: value.at };
  if (value.is !== 'signal')
    return {
      is: 'unknown',
      why:
        value.is === 'unknown'
          ? value.why
          : value.is === 'parameter'
            ? 'parameter'
            : 'signal-origin',
      at: value.at,
    };
  return ofOrigin(value.signal, value.at, evaluator);
}

function ofOrigin(origin: SignalOrigin, at: Site, evaluator: Evaluator): Deadline {
  if (origin.is === 'timeout') return { is: 'deadline', ms: origin.ms, made: origin.site };
  if (origin.is === 'any') {
    const members = origin.of.map((one) => deadlineOf(one, evaluator));
    return (
      members.find(({ is }) => is === 'deadline') ??
      members.find(({ is }) => is === 'unknown') ??
      members.find(({ is }) => is === 'cancel') ?? { is: 'none' }
    );
  }
  return ofController(origin.site, at, evaluator);
}

/** A controller is a deadline when a timer aborts it. */
function ofController(site: CallSite, at: Site, evaluator: Evaluator): Deadline {
  const { file } = site;
  for (const [call, fact] of file.calls.entries()) {
    const callee = file.expressions[fact.callee];
    if (callee?.is !== 'global' || callee.name !== 'setTimeout') continue;
    const [action, delay] = fact.arguments;
    if (typeof action !== 'number' || !aborts(file, action, site, evaluator)) continue;
    const timer: CallSite = { ...site, call };
    const ms =
      typeof delay === 'number'
        ? evaluator.value(file, delay, site.frame)
        : unknown('computed', { file, range: fact.range });
    return { is: 'deadline', ms, made: site, timer };
  }
  return escapes(site) ? { is: 'unknown', why: 'signal-origin', at } : { is: 'cancel', at };
}

/** The callback of a timer aborts this controller: `() => controller.abort()`, `controller.abort.bind(controller)`. */
function aborts(file: CodeFacts, action: number, site: CallSite, evaluator: Evaluator): boolean {
  const fact = file.expressions[action];
  const isController = (expression: number | undefined): boolean => {
    if (expression === undefined) return false;
    const value = evaluator.value(file, expression);
    return each(value).some(
      (one) => one.is === 'controller' && one.site.file === file && one.site.call === site.call,
    );
  };
  if (fact?.is === 'function')
    return file.calls.some((call) => {
      if (!within(file, call.function, fact.function)) return false;
      const callee = file.expressions[call.callee];
      return callee?.is === 'member' && callee.name === 'abort' && isController(callee.of);
    });
  if (fact?.is === 'member') return fact.name === 'abort' && isController(fact.of);
  if (fact?.is === 'call') {
    const callee = file.expressions[file.calls[fact.call]?.callee ?? -1];
    if (callee?.is !== 'member' || callee.name !== 'bind') return false;
    return aborts(file, callee.of, site, evaluator);
  }
  if (fact?.is === 'binding') {
    const value = evaluator.value(file, action);
    return (
      value.is === 'function' &&
      value.file === file &&
      file.calls.some((call) => {
        const callee = file.expressions[call.callee];
        return (
          call.function === value.fn &&
          callee?.is === 'member' &&
          callee.name === 'abort' &&
          isController(callee.of)
        );
      })
    );
  }
  return false;
}

/** A function is another one or stands in it. */
export function within(file: CodeFacts, inner: FunctionIndex, outer: FunctionIndex): boolean {
  for (let at: FunctionIndex | undefined = inner; at !== undefined; at = file.functions[at]?.parent)
    if (at === outer) return true;
  return false;
}

/** The controller itself goes somewhere where it may be aborted after a time. */
function escapes({ file, call }: CallSite): boolean {
  const range = file.calls[call]?.range;
  const binding = file.bindings.findIndex((one) => {
    const value = one.value === undefined ? undefined : file.expressions[one.value];
    return value?.is === 'call' && value.call === call;
  });
  if (binding < 0 || range === undefined) return true;
  const uses = new Set<number>();
  for (const [index, fact] of file.expressions.entries())
    if (fact.is === 'binding' && fact.binding === binding) uses.add(index);
  for (const fact of file.expressions)
    if (fact.is === 'member' && uses.has(fact.of)) uses.delete(fact.of);
  return uses.size > 0;
}
