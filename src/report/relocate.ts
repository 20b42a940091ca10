/** The same report with other paths: relative to the current folder for people, to the repository for GitHub. */
import type { Finding, OfferedChange, Report } from '../finding.ts';
import type { Location } from '../location.ts';

/** Renames every path of a report, those of its texts too. */
export function relocate(report: Report, rename: (path: string) => string): Report {
  const moved = (at: Location): Location => ({ ...at, path: rename(at.path) });
  const finding = (item: Finding): Finding => {
    const { suppression } = item;
    return {
      ...item,
      at: moved(item.at),
      related: item.related.map((related) => ({ ...related, at: moved(related.at) })),
      ...(item.flow === undefined
        ? {}
        : { flow: item.flow.map((step) => ({ ...step, at: moved(step.at) })) }),
      ...(suppression?.at === undefined
        ? {}
        : { suppression: { ...suppression, at: moved(suppression.at) } }),
    };
  };
  const change = (file: OfferedChange): OfferedChange =>
    'created' in file
      ? { ...file, path: rename(file.path) }
      : {
          path: rename(file.path),
          edits: file.edits.map(({ at, text }) => ({ at: moved(at), text })),
        };
  return {
    ...report,
    ...(report.fixes === undefined
      ? {}
      : {
          fixes: new Map(
            [...report.fixes].map(([fingerprint, fix]) => [
              fingerprint,
              { ...fix, files: fix.files.map(change) },
            ]),
          ),
        }),
    findings: report.findings.map(finding),
    suppressed: report.suppressed.map(finding),
    notifications: report.notifications.map(({ path, at, ...rest }) => ({
      ...rest,
      ...(path === undefined ? {} : { path: rename(path) }),
      ...(at === undefined ? {} : { at: moved(at) }),
    })),
    undecided: report.undecided.map((item) => ({ ...item, at: moved(item.at) })),
    ...(report.owners === undefined
      ? {}
      : { owners: new Map([...report.owners].map(([path, owners]) => [rename(path), owners])) }),
    sources: new Map([...report.sources].map(([path, text]) => [rename(path), text])),
  };
}
