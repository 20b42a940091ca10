/** Paths that a handler without a router answers: it compares the path of the request with them. */
import type { CodeFacts, ExpressionIndex, FunctionIndex } from '../../../code-facts.ts';
import { type Location, locate } from '../../../location.ts';
import type { CodeValue } from '../../code.ts';
import { each, type FunctionValue } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import { within } from './signals.ts';

/** What the path of a request is called. */
const PATH = /^(?:path|pathname|url|originalUrl|baseUrl|route|endpoint|uri)$/i;
const TESTS = /^(?:startsWith|endsWith|includes|match|matchAll|test|exec|search|has|indexOf)$/;
/** Handlers call others that look at the path. */
const MAX_DEPTH = 3;

export interface ComparedPath {
  readonly path: CodeValue<string>;
  readonly at: Location;
}

/** Each path that the handler, or a function that it calls, compares the request's with; unknown where it is no plain text. */
export function comparedPaths(handler: FunctionValue, evaluator: Evaluator): ComparedPath[] {
  const found: ComparedPath[] = [];
  const seen = new Set<string>();
  const visit = (file: CodeFacts, fn: FunctionIndex, depth: number) => {
    const key = `${file.path}#${fn}`;
    if (seen.has(key)) return;
    seen.add(key);
    found.push(...comparedIn(file, fn, evaluator));
    if (depth === MAX_DEPTH) return;
    for (const [call, fact] of file.calls.entries()) {
      if (!within(file, fact.function, fn)) continue;
      for (const callee of each(evaluator.callee({ file, call })))
        if (callee.is === 'function') visit(callee.file, callee.fn, depth + 1);
    }
  };
  visit(handler.file, handler.fn, 0);
  return found;
}

function comparedIn(file: CodeFacts, fn: FunctionIndex, evaluator: Evaluator): ComparedPath[] {
  const range = file.functions[fn]?.range;
  if (range === undefined) return [];
  const found: ComparedPath[] = [];
  const compared = (expression: ExpressionIndex, at: readonly [number, number]) => {
    const place = locate(file, at);
    for (const text of textsOf(file, expression, evaluator))
      found.push({
        path:
          text === undefined
            ? { state: 'unknown', why: 'computed', at: place }
            : { state: 'known', value: text, at: place },
        at: place,
      });
  };
  for (const fact of file.expressions) {
    if (fact.range[0] < range[0] || fact.range[1] > range[1]) continue;
    if (fact.is === 'operator' && /^[!=]==?$/.test(fact.operator)) {
      const [left, right] = fact.of;
      if (left === undefined || right === undefined) continue;
      if (isPath(file, left)) compared(right, fact.range);
      else if (isPath(file, right)) compared(left, fact.range);
    }
    if (fact.is !== 'call') continue;
    const call = file.calls[fact.call];
    const callee = call && file.expressions[call.callee];
    if (call === undefined || callee?.is !== 'member' || !TESTS.test(callee.name)) continue;
    const [first] = call.arguments;
    if (typeof first !== 'number') continue;
    if (isPath(file, callee.of)) compared(first, fact.range);
    // `/^\/health/.test(request.url)`, `OPEN.includes(request.path)`
    else if (isPath(file, first)) compared(callee.of, fact.range);
  }
  for (const one of file.functions)
    for (const { kind, subject, test } of one.regions)
      if (kind === 'case' && subject !== undefined && test !== undefined && isPath(file, subject)) {
        const at = file.expressions[test]?.range;
        if (at !== undefined && at[0] >= range[0] && at[1] <= range[1]) compared(test, at);
      }
  return found;
}

/** The texts that something is compared with; undefined where they are not known. Of an expression its plain part. */
function textsOf(
  file: CodeFacts,
  expression: ExpressionIndex,
  evaluator: Evaluator,
): readonly (string | undefined)[] {
  const fact = file.expressions[expression];
  if (fact?.is === 'regexp') return [fact.source.replaceAll('\\/', '/').replace(/[$^]/g, '')];
  const value = evaluator.value(file, expression);
  const items = value.is === 'array' && value.open === undefined ? value.items : each(value);
  return items.flatMap((one) => {
    if (one.is !== 'literal') return [undefined];
    return typeof one.value === 'string' ? [one.value] : [];
  });
}

function isPath(file: CodeFacts, expression: ExpressionIndex): boolean {
  const fact = file.expressions[expression];
  if (fact?.is === 'cast') return isPath(file, fact.of);
  if (fact?.is === 'member') return PATH.test(fact.name);
  if (fact?.is === 'binding') return PATH.test(file.bindings[fact.binding]?.name ?? '');
  // `url.split('?')[0]`
  if (fact?.is === 'index') return isPath(file, fact.of);
  if (fact?.is !== 'call') return false;
  const callee = file.expressions[file.calls[fact.call]?.callee ?? -1];
  return callee?.is === 'member' && isPath(file, callee.of);
}
