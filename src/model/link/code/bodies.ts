/** When the body of an answer is read, and whether what bounds a call ends before that. */
import type { CallFact, CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import { compareLocations, type Location } from '../../../location.ts';
import type { Bounds, EndsEarly } from '../../code.ts';
import { type CallSite, each, type LibraryInUse, placeOf } from './abstract.ts';
import type { Evaluator } from './evaluate.ts';
import type { Judged } from './judge.ts';
import { within } from './signals.ts';
import type { Uses } from './uses.ts';
import { holds } from './versions.ts';
import { isWaitedFor } from './waiting.ts';

/** So deep is looked for what reads a body. */
const MAX_CALLEES = 4;

/** A member of these names is called on the promise itself: `ky(url).json()`. */
export function isChained(file: CodeFacts, call: number, members: readonly string[]): boolean {
  const own = new Set<number>();
  for (const [index, fact] of file.expressions.entries())
    if (fact.is === 'call' && fact.call === call) own.add(index);
  return file.calls.some((other) => {
    const callee = file.expressions[other.callee];
    return callee?.is === 'member' && own.has(callee.of) && members.includes(callee.name);
  });
}

export function bodyReads(uses: Uses, site: CallSite): Location[] {
  return uses
    .on(site)
    .filter(({ effects }) => effects.some(({ is }) => is === 'read-body'))
    .map(({ at }) => placeOf(at))
    .sort(compareLocations);
}

/** The timer behind a signal is cleared before the body has been read. */
export function endsEarly(
  judged: Judged,
  file: CodeFacts,
  call: CallFact,
  reads: readonly Location[],
  evaluator: Evaluator,
): { at: Location; how: EndsEarly } | undefined {
  for (const { timer } of judged.deadlines) {
    if (timer === undefined || timer.file !== file) continue;
    for (const clear of file.calls) {
      const callee = file.expressions[clear.callee];
      if (callee?.is !== 'global' || callee.name !== 'clearTimeout') continue;
      const [cleared] = clear.arguments;
      if (typeof cleared !== 'number' || !isTimer(file, cleared, timer.call)) continue;
      const fn = file.functions[clear.function];
      if (fn === undefined || !within(file, clear.function, file.calls[timer.call]?.function ?? 0))
        continue;
      const region = fn.regions[clear.region];
      if (region?.kind === 'catch' || clear.range[0] < call.range[1]) continue;
      for (const read of reads) {
        const elsewhere =
          (read.path !== file.path || !inside(read, fn.range)) &&
          !(
            call.function !== clear.function &&
            !within(file, call.function, clear.function) &&
            readsBefore(read, file, call.function, evaluator)
          );
        const later = !elsewhere && clear.range[0] < read.start;
        // `return response.json()` leaves the try before the body is there.
        const unawaited =
          region?.kind === 'finally' &&
          region.of !== undefined &&
          inside(read, region.of) &&
          file.calls.some(
            (one) =>
              one.range[0] === read.start && one.range[1] === read.end && one.use === 'returned',
          );
        if (elsewhere || later || unawaited)
          return { at: placeOf({ file, range: clear.range }), how: 'timer-cleared' };
      }
    }
  }
  return undefined;
}

/** A body is read before a function returns: by itself, or by what it calls. */
function readsBefore(
  read: Location,
  file: CodeFacts,
  fn: FunctionIndex,
  evaluator: Evaluator,
  depth = 0,
): boolean {
  const range = file.functions[fn]?.range;
  if (range === undefined || depth > MAX_CALLEES) return false;
  if (read.path === file.path && inside(read, range)) return true;
  return file.calls.some(
    (call, index) =>
      call.function === fn &&
      isWaitedFor(file, index) &&
      each(evaluator.callee({ file, call: index })).some(
        (callee) =>
          callee.is === 'function' &&
          readsBefore(read, callee.file, callee.fn, evaluator, depth + 1),
      ),
  );
}

/** An option that somebody wrote ends the wait for the headers, and nothing but the library's default that for the body. */
export function stopsAtHeaders(
  { headers, idle }: Bounds,
  { description, versions }: LibraryInUse,
  reads: readonly Location[],
): { at: Location; how: EndsEarly } | undefined {
  if (reads.length === 0 || !('ms' in headers) || !('ms' in idle)) return undefined;
  if (headers.by === 'library' || headers.by === 'guard' || headers.ms.state !== 'known')
    return undefined;
  if (idle.by !== 'library' || idle.ms.state !== 'known') return undefined;
  // Reading the body may start the time anew.
  const continues = description.options.some(
    (option) =>
      option.path === headers.option &&
      'bounds' in option.meaning &&
      option.meaning.chained !== undefined &&
      holds(versions, option.versions) !== false,
  );
  if (continues) return undefined;
  return headers.ms.value < idle.ms.value ? { at: headers.ms.at, how: 'option' } : undefined;
}

export function inside(at: Location, range: readonly [number, number]): boolean {
  return range[0] <= at.start && at.end <= range[1];
}

/** An expression names the variable that holds this timer. */
function isTimer(file: CodeFacts, expression: number, timer: number): boolean {
  const fact = file.expressions[expression];
  if (fact?.is !== 'binding') return false;
  const holds = (value: number | undefined) => {
    const held = value === undefined ? undefined : file.expressions[value];
    return held?.is === 'call' && held.call === timer;
  };
  if (holds(file.bindings[fact.binding]?.value)) return true;
  return file.writes.some((write) => {
    const target = file.expressions[write.target];
    return target?.is === 'binding' && target.binding === fact.binding && holds(write.value);
  });
}
