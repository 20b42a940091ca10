/** Deadlines that are made once for many calls, and timeouts that only emit an event. */
import type { CodeFacts, FunctionIndex } from '../../../code-facts.ts';
import type { Location } from '../../../location.ts';
import { type CallSite, placeOf } from './abstract.ts';
import type { Judged } from './judge.ts';
import { given, type Uses } from './uses.ts';

/** A deadline that is made once, while the call that uses it runs more than once. */
export function sharedDeadline(
  judged: Judged,
  file: CodeFacts,
  fn: FunctionIndex,
): Location | undefined {
  for (const { made } of judged.deadlines) {
    const fact = made.file.calls[made.call];
    if (fact === undefined) continue;
    if (!runsOnce(made.file, fact.function) || (made.file === file && fact.function === fn))
      continue;
    if (runsOnce(file, fn)) continue;
    return placeOf({ file: made.file, range: fact.range });
  }
  return undefined;
}

/** The body of a module, a constructor, what initialises a field. */
function runsOnce(file: CodeFacts, fn: FunctionIndex): boolean {
  const fact = file.functions[fn];
  return (
    fn === 0 ||
    fact?.form === 'field' ||
    fact?.form === 'static-block' ||
    fact?.of?.kind === 'constructor'
  );
}

/** The result of a call has a listener for an event; undefined when it may have one elsewhere. */
export function listens(uses: Uses, site: CallSite, event: string): boolean | undefined {
  let unsure = false;
  for (const use of uses.on(site)) {
    if (!use.effects.some(({ is }) => is === 'listener' || is === 'configure')) continue;
    const name = given(use, 'name');
    if (
      use.effects.some(({ is }) => is === 'configure') &&
      use.args !== 'unknown' &&
      use.args.length > 1
    )
      return true;
    if (name?.is === 'literal' && name.value === event) return true;
    if (name !== undefined && name.is !== 'literal') unsure = true;
  }
  if (unsure) return undefined;
  const fact = site.file.calls[site.call];
  // Given away, it may get one anywhere.
  return fact?.use === 'returned' || fact?.use === 'argument' ? undefined : false;
}
