/** What the code does with the answer of a call, and what it sends along: as far as the text of its function says. */
import type { CallIndex, CodeFacts, ExpressionIndex } from '../../../code-facts.ts';
import { allIn, argumentsOf, calledName } from './expressions.ts';
import type { Graph } from './graph.ts';

const STATUS = /^(?:ok|status|statusCode|statusText)$/;
const CHECKS = /^(?:raiseForStatus|throwForStatus|checkStatus|assertOk)$/i;
/** Callers are asked so far back. */
const MAX_DEPTH = 4;

/** Somebody reads whether the answer is an error: in the function of the call, or where that returns it. */
export function readsStatus(file: CodeFacts, call: CallIndex, graph: Graph, depth = 0): boolean {
  const holders = new Set<ExpressionIndex>();
  for (const [index, fact] of file.expressions.entries())
    if (fact.is === 'call' && fact.call === call) holders.add(index);
  const names = new Set<number>();
  // Through `await`, casts and the names that get it; a fixed number of rounds is enough for what people write.
  for (let round = 0; round < 4; round++) {
    for (const [index, fact] of file.expressions.entries()) {
      if ((fact.is === 'await' || fact.is === 'cast') && holders.has(fact.of)) holders.add(index);
      if (fact.is === 'binding' && names.has(fact.binding)) holders.add(index);
    }
    for (const [index, { value, path }] of file.bindings.entries())
      if (value !== undefined && holders.has(value)) {
        if (path?.some((step) => typeof step === 'string' && STATUS.test(step)) === true)
          return true;
        if (path === undefined) names.add(index);
      }
    for (const { target, value } of file.writes) {
      const fact = file.expressions[target];
      if (value !== undefined && holders.has(value) && fact?.is === 'binding')
        names.add(fact.binding);
    }
  }
  for (const fact of file.expressions)
    if (fact.is === 'member' && holders.has(fact.of) && STATUS.test(fact.name)) return true;
  for (const [other, fact] of file.calls.entries()) {
    const of = file.expressions[fact.callee];
    // `.then((answer) => ...)`, `check(answer)`: it may be read there.
    if (of?.is === 'member' && holders.has(of.of) && of.name === 'then') return true;
    const isGiven = argumentsOf(file, other).some((argument) => holders.has(argument));
    if (isGiven && (CHECKS.test(calledName(file, fact) ?? '') || of?.is !== 'member')) return true;
  }
  const fn = file.calls[call]?.function;
  if (fn === undefined || depth >= MAX_DEPTH) return false;
  const isReturned =
    file.calls[call]?.use === 'returned' ||
    (file.functions[fn]?.leaves.some(
      ({ how, value }) => how === 'return' && value !== undefined && holders.has(value),
    ) ??
      false);
  if (!isReturned) return false;
  const callers = graph.into(file, fn).filter(({ how }) => how === 'call');
  // What gets the function as an argument may do anything with its answer, but a retry only waits for it.
  return callers.some((edge) => readsStatus(edge.file, edge.site.call, graph, depth + 1));
}

/** A header or field that lets the peer tell a repetition from a new request. */
export function hasIdempotencyKey(file: CodeFacts, call: CallIndex): boolean {
  const seen = new Set<number>();
  const queue = [...argumentsOf(file, call)];
  for (const one of queue)
    for (const part of allIn(file, one)) {
      const fact = file.expressions[part];
      if (fact?.is === 'object' && fact.entries.some((entry) => 'key' in entry && isKey(entry.key)))
        return true;
      if (fact?.is === 'value' && typeof fact.value === 'string' && isKey(fact.value)) return true;
      if (fact?.is !== 'binding' || seen.has(fact.binding)) continue;
      seen.add(fact.binding);
      const { value, name } = file.bindings[fact.binding] ?? {};
      if (isKey(name ?? '')) return true;
      if (value !== undefined) queue.push(value);
    }
  return false;
}

function isKey(text: string): boolean {
  return /idempoten|dedup|request[-_]?id|x-request-id|client[-_]?token/i.test(text);
}
