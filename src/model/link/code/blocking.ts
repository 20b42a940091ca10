/** Synchronous work: calls that stop the event loop where they stand. */
import type { CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import { locate } from '../../../location.ts';
import { blockingFunction } from '../../catalog/blocking-calls.ts';
import type { BlockingWork } from '../../code.ts';
import { each } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import { allIn, calledName, rootOf } from './expressions.ts';
import type { Program } from './program.ts';
import type { ServerSide } from './server-side.ts';

/** The blocking calls of one function; its ways come later. */
export interface BlockingDraft {
  readonly file: CodeFacts;
  readonly fn: FunctionIndex;
  readonly calls: BlockingWork['calls'];
  readonly instead: string;
}

/** Functions with synchronous work that is done more than once. */
export function blockingIn(
  program: Program,
  evaluator: Evaluator,
  serverSide: ServerSide,
): BlockingDraft[] {
  const found: BlockingDraft[] = [];
  for (const { facts: file } of program.files.values()) {
    const byFunction = new Map<FunctionIndex, { name: string; instead: string; call: number }[]>();
    for (const [call, fact] of file.calls.entries()) {
      const name = calledName(file, fact);
      // Names keep their ending when they are imported as they are: a look at the text spares the evaluation.
      if (fact.form !== 'call' || fact.function === 0 || name?.endsWith('Sync') !== true) continue;
      if (!serverSide.runs(file, call)) continue;
      for (const value of each(evaluator.callee({ file, call }))) {
        const path = value.is === 'external' ? value.path.filter((one) => one !== 'default') : [];
        const [exported] = path;
        if (value.is !== 'external' || exported === undefined || path.length > 1) continue;
        const blocking = blockingFunction(value.package, exported);
        if (blocking === undefined || isKept(file, call) || onlyWhileDeveloping(file, call))
          continue;
        const known = byFunction.get(fact.function) ?? [];
        byFunction.set(fact.function, [...known, { ...blocking, call }]);
        break;
      }
    }
    for (const [fn, calls] of byFunction) {
      const [first] = calls;
      if (first === undefined) continue;
      found.push({
        file,
        fn,
        instead: first.instead,
        calls: calls.map(({ name, call }) => ({
          name,
          at: locate(file, file.calls[call]?.nameRange ?? [0, 0]),
        })),
      });
    }
  }
  return found;
}

/** The function keeps what it reads in something that outlives it: a variable of the module, a field, a map. */
function isKept(file: CodeFacts, call: number): boolean {
  const fn = file.calls[call]?.function;
  const outlives = (expression: number): boolean => {
    for (const part of allIn(file, expression))
      if (file.expressions[part]?.is === 'this') return true;
    const root = rootOf(file, expression);
    return root !== undefined && file.bindings[root]?.function !== fn;
  };
  return (
    file.writes.some(
      (write) => write.function === fn && write.value !== undefined && outlives(write.target),
    ) ||
    file.calls.some((other) => {
      const callee = file.expressions[other.callee];
      return (
        other.function === fn &&
        callee?.is === 'member' &&
        /^(?:set|push|add)$/.test(callee.name) &&
        outlives(callee.of)
      );
    })
  );
}

/** It stands behind a question for the environment of developers: templates are read again and again only there. */
function onlyWhileDeveloping(file: CodeFacts, call: number): boolean {
  const fact = file.calls[call];
  const regions = file.functions[fact?.function ?? -1]?.regions ?? [];
  for (let at = fact?.region; at !== undefined; at = regions[at]?.parent) {
    const { test } = regions[at] ?? {};
    if (test === undefined) continue;
    const queue = [test];
    const seen = new Set<number>();
    for (const one of queue)
      for (const part of allIn(file, one)) {
        const expression = file.expressions[part];
        if (expression?.is === 'member' && expression.name === 'NODE_ENV') return true;
        if (expression?.is !== 'binding' || seen.has(expression.binding)) continue;
        seen.add(expression.binding);
        const { value, name } = file.bindings[expression.binding] ?? {};
        if (/prod|dev/i.test(name ?? '')) return true;
        if (value !== undefined) queue.push(value);
      }
  }
  return false;
}
