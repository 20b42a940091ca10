/** The flags `--fix`, `--fix-unsafe` and `--fix-dry-run` of `chaoslint check`. */
import { join, relative, sep } from 'node:path';
import { UsageError } from '../config/errors.ts';
import type { FixResult, Refused } from '../fix/apply.ts';
import type { Outcome } from '../run.ts';
import { COULD_NOT_WRITE, complain, print } from './terminal.ts';

export interface FixFlags {
  readonly fix?: true;
  readonly fixUnsafe?: true;
  readonly fixDryRun?: true;
}

/** What the flags ask for; `isPart`: the run does not look at whole files of the disk. */
export function fixOptionOf(
  { fix, fixUnsafe, fixDryRun }: FixFlags,
  isPart: boolean,
): { readonly unsafe: boolean } | undefined {
  if (fix === undefined && fixUnsafe === undefined && fixDryRun === undefined) return undefined;
  if (isPart)
    throw new UsageError(
      '--fix looks at files as they are: not at a change, nor at standard input',
    );
  return { unsafe: fixUnsafe === true };
}

/** Reasons that stand out on a terminal; `--debug` has all. */
const MOST_REASONS = 10;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

const countOf = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/**
 * Shows the changes, or writes them. Answers an exit code when the run ends with it: after a diff, and when a file could not be
 * written.
 */
export async function finishFixes(
  { fixed, base }: Outcome,
  flags: FixFlags & { readonly debug?: true },
): Promise<number | undefined> {
  if (fixed === undefined) return undefined;
  const shown = (path: string) => relative(process.cwd(), join(base, path)).replaceAll(sep, '/');
  const isDry = flags.fixDryRun === true;
  if (isDry) {
    const { unifiedDiff } = await import('../fix/diff.ts');
    const moved = fixed.files.map((file) => ({ ...file, path: shown(file.path) }));
    const code = await print(unifiedDiff(moved));
    tell(fixed, 'would be made', flags, shown);
    return code;
  }
  const { writeChanges } = await import('../files/change.ts');
  const left = await writeChanges(base, fixed.files);
  for (const { path, why } of left) complain(`${shown(path)} was left as it is: ${why}`);
  tell(fixed, 'made', flags, shown);
  return left.length > 0 ? COULD_NOT_WRITE : undefined;
}

function tell(
  { applied, refused, held, files }: FixResult,
  verb: string,
  { debug }: { readonly debug?: true },
  shown: (path: string) => string,
): void {
  say(
    `${countOf(applied.length, 'fix').replace(/fixs$/, 'fixes')} ${verb} in ${countOf(files.length, 'file')}.`,
  );
  if (held.length > 0) say(`${held.length} more with --fix-unsafe, for a person to look at.`);
  const reasons = refused.map(reasonOf(shown));
  const most = debug ? reasons.length : MOST_REASONS;
  for (const reason of reasons.slice(0, most)) say(reason);
  if (reasons.length > most)
    say(`and ${reasons.length - most} more that were not fixed (--debug lists them)`);
}

const reasonOf =
  (shown: (path: string) => string) =>
  ({ finding: { rule, at }, why }: Refused) =>
    `not fixed: ${shown(at.path)}:${at.line} ${rule}: ${why}`;
