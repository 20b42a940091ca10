/** What `--staged` and `--changed-since` ask for, and whether it can matter at all. */
import { UsageError } from '../config/errors.ts';
import { canMatter } from '../files/candidates.ts';
import { type Change, gitTopAbove, touchedBy } from '../files/git.ts';

export const NOTHING_CHANGED = 'Nothing that chaoslint looks at has changed.\n';

export interface ChangeFlags {
  readonly staged?: true;
  readonly changedSince?: string;
}

/**
 * What the flags mean; undefined: everything. pre-commit tells a hook of a push, and of `--from-ref`, which states it compares.
 * @throws UsageError when both are given
 */
export function changeOf({ staged, changedSince }: ChangeFlags): Change | undefined {
  if (staged === true && changedSince !== undefined)
    throw new UsageError(
      '--staged and --changed-since ask for different changes: give one of them',
    );
  if (changedSince !== undefined) return { is: 'since', ref: changedSince };
  if (staged !== true) return undefined;
  const { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: to } = process.env;
  return from && to ? { is: 'between', from, to } : { is: 'staged' };
}

/** A change of pictures and prose: told by names alone, so that a hook ends before anything else is loaded. */
export async function changesNothing(change: Change | undefined): Promise<boolean> {
  const top = gitTopAbove(process.cwd());
  if (change === undefined || top === undefined) return false;
  const touched = await touchedBy(top, change);
  if (touched === undefined || 'unknown' in touched) return false;
  // pre-commit run --all-files: nothing is staged, and everything is meant.
  if (touched.paths.length === 0 && process.env.PRE_COMMIT === '1') return false;
  return !touched.paths.some(canMatter);
}
