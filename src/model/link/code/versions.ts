/** Whether a statement about a range of versions holds for what is installed. */
import { inRange } from '../../../library.ts';
import type { VersionInterval } from '../../../project-facts.ts';

/** The installed version, or the versions that may be. */
export type Versions =
  | { readonly exact: string }
  | { readonly intervals: readonly VersionInterval[] };

/** Nothing says which version it is. */
export const ANY_VERSION: Versions = { intervals: [{ from: '0.0.0' }] };

/** True, false, or undefined when it holds for some of the possible versions only. */
export function holds(versions: Versions, range: string | undefined): boolean | undefined {
  if (range === undefined || range.trim() === '*') return true;
  if ('exact' in versions) return /^v?\d/.test(versions.exact) && inRange(versions.exact, range);
  const edges = range.match(/\d+(?:\.\d+){0,2}/g) ?? [];
  const answers = new Set<boolean>();
  for (const { from, below } of versions.intervals) {
    answers.add(inRange(from, range));
    for (const edge of edges)
      if (inRange(edge, `>=${plain(from)}${below === undefined ? '' : ` <${plain(below)}`}`))
        answers.add(inRange(edge, range));
  }
  const [only] = answers;
  return answers.size === 1 ? only : undefined;
}

function plain(version: string): string {
  return /\d+(?:\.\d+){0,2}/.exec(version)?.[0] ?? '0';
}
