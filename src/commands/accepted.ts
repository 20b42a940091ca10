/** The baseline of a run: where it lies, what it takes out, and how it is written. */
import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  accept,
  BASELINE_FILE,
  type Baseline,
  baselineOf,
  baselineText,
  emptyBaseline,
  parseBaseline,
} from '../baseline.ts';
import { UsageError } from '../config/errors.ts';
import { readText } from '../files/read.ts';
import type { Report, ReportNotification } from '../finding.ts';
import type { Outcome } from '../run.ts';
import { save } from './terminal.ts';

/** Bytes of a baseline that are read. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface BaselineFlags {
  /** Another place of the file. */
  readonly baseline?: string;
  readonly suppressAll?: true;
  readonly suppressRule: readonly string[];
  readonly pruneSuppressions?: true;
}

/** The absolute path of the baseline: beside the repository's top, else at the root of the analysis. */
function placeOf({ base, top }: Outcome, flags: BaselineFlags): string {
  return flags.baseline === undefined
    ? join(top ?? base, BASELINE_FILE)
    : resolve(process.cwd(), flags.baseline);
}

function shown(path: string): string {
  return relative(process.cwd(), path) || path;
}

/** @throws UsageError when the file is there and cannot be understood, or was named and is not there */
function read(path: string, named: boolean): Baseline {
  const reading = readText(path, MAX_BYTES);
  if (!('text' in reading)) {
    if (reading.skip === 'missing' && !named) return emptyBaseline;
    throw new UsageError(`The baseline ${shown(path)} cannot be read (${reading.skip})`);
  }
  try {
    return parseBaseline(reading.text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The baseline ${shown(path)} is wrong: ${why}; delete it and write it anew with --suppress-all`,
    );
  }
}

/** A report whose paths count from the folder of the baseline, and back. */
function between({ base }: Outcome, folder: string) {
  const rebased = (from: string, to: string) => (path: string) =>
    relative(to, join(from, path)).replaceAll(sep, '/');
  return { toBaseline: rebased(base, folder), toBase: rebased(folder, base) };
}

/** What the baseline makes of an outcome. */
export interface Judged {
  readonly outcome: Outcome;
  /** The baseline was written: the exit code says whether that worked. */
  readonly written?: number;
}

/**
 * Takes accepted findings out of an outcome, or writes the baseline anew.
 * @param whole the report is about everything: only then can be told which accepted findings are gone
 * @throws UsageError when the baseline cannot be read
 */
export async function judged(
  outcome: Outcome,
  flags: BaselineFlags,
  whole: boolean,
): Promise<Judged> {
  const path = placeOf(outcome, flags);
  const writes = flags.suppressAll === true || flags.suppressRule.length > 0;
  const baseline = read(path, flags.baseline !== undefined && !writes);
  const { toBaseline, toBase } = between(outcome, dirname(path));
  const { relocate } = await import('../report/relocate.ts');
  const { report, gone } = accept(relocate(outcome.report, toBaseline), baseline);
  const back = (other: Report) => ({ ...outcome, report: relocate(other, toBase) });
  if (writes) {
    const wanted = new Set(flags.suppressRule);
    const taken = report.findings.filter(
      ({ rule }) => flags.suppressAll === true || wanted.has(rule),
    );
    const kept = report.suppressed.filter(({ suppression }) => suppression?.kind === 'baseline');
    const written = await save(path, baselineText(baselineOf([...kept, ...taken])));
    const added = accept(report, baselineOf(taken)).report;
    return { outcome: back(told(added, taken.length, path)), written };
  }
  if (flags.pruneSuppressions === true) {
    if (!whole)
      throw new UsageError(
        '--prune-suppressions needs a run over everything: no paths, no --only, no --staged, no --changed-since',
      );
    const kept = report.suppressed.filter(({ suppression }) => suppression?.kind === 'baseline');
    const written = await save(path, baselineText(baselineOf(kept)));
    return { outcome: back(report), written };
  }
  if (gone.length === 0 || !whole) return { outcome: back(report) };
  const message = `${gone.length} accepted ${gone.length === 1 ? 'finding is' : 'findings are'} gone: take ${gone.length === 1 ? 'it' : 'them'} out of ${shown(path)} with --prune-suppressions`;
  const notification: ReportNotification = { level: 'note', id: 'unused-suppressions', message };
  return {
    outcome: back({ ...report, notifications: [...report.notifications, notification] }),
  };
}

function told(report: Report, count: number, path: string): Report {
  const message = `${count} ${count === 1 ? 'finding is' : 'findings are'} accepted now, in ${shown(path)}`;
  const notification: ReportNotification = { level: 'note', id: 'baseline-written', message };
  return { ...report, notifications: [...report.notifications, notification] };
}
