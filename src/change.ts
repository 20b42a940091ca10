/** What a run reports of a change: findings in the files that it touches, and those elsewhere that it causes. */
import type { Policy } from './config/policy.ts';
import type { SourceFile } from './facts.ts';
import { isManifestCandidate } from './files/candidates.ts';
import type { Discovery } from './files/discover.ts';
import type { Finding, Report } from './finding.ts';

/** Files that a change touches, by the paths of the report, and the texts that they had before. */
export interface TouchedFiles {
  readonly paths: ReadonlySet<string>;
  /** Of those that existed. */
  readonly before: ReadonlyMap<string, string>;
}

/** The manifests as they were before a change. */
export function filesBefore(
  files: readonly SourceFile[],
  { paths, before }: TouchedFiles,
): readonly SourceFile[] {
  const old = [...before].flatMap(([path, text]) =>
    isManifestCandidate(path) ? [{ path, text }] : [],
  );
  return [...files.filter(({ path }) => !paths.has(path)), ...old].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

/**
 * The part of a report that a change answers for. A manifest that is deleted or changed also answers for what is missing elsewhere
 * now: such findings are those that the manifests before the change did not have.
 * @param analyseBefore the report of the manifests before; asked for only when it matters
 */
export function changedPart(
  report: Report,
  touched: TouchedFiles,
  discovery: Pick<Discovery, 'files'>,
  policy: Policy,
  analyseBefore: (files: readonly SourceFile[], policy: Policy) => Report,
): Report {
  const { paths } = touched;
  const isNear = ({ at, related }: Finding) =>
    paths.has(at.path) || related.some((other) => paths.has(other.at.path));
  const touchesManifests = [...paths].some((path) => isManifestCandidate(path));
  const sides = new Map(report.rules.map(({ id, side }) => [id, side]));
  const isOfManifests = ({ rule }: Finding) => sides.get(rule) === 'kubernetes';
  const elsewhere = report.findings.filter((one) => !isNear(one) && isOfManifests(one));
  const known =
    touchesManifests && elsewhere.length > 0
      ? new Set(
          analyseBefore(filesBefore(discovery.files, touched), policy).findings.map(
            ({ fingerprint }) => fingerprint,
          ),
        )
      : undefined;
  const isCaused = (one: Finding) =>
    known !== undefined && isOfManifests(one) && !known.has(one.fingerprint);
  return {
    ...report,
    findings: report.findings.filter((one) => isNear(one) || isCaused(one)),
    suppressed: report.suppressed.filter(isNear),
    notifications: report.notifications.filter(
      ({ path, level }) => path === undefined || paths.has(path) || level === 'error',
    ),
    undecided: report.undecided.filter(({ at }) => paths.has(at.path)),
  };
}
