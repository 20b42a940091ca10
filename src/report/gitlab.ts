/** The report as GitLab's Code Quality artifact: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
import type { Level, Report } from '../finding.ts';
import { printable, serialise } from './escape.ts';
import { fileOf } from './place.ts';

const SEVERITIES: Readonly<Record<Level, string>> = {
  error: 'critical',
  warning: 'major',
  note: 'info',
};

/** An array of issues. GitLab shows one issue for each fingerprint: ours are different for different findings. */
export function gitlabReport({ findings }: Report): string {
  return serialise(
    findings.map(({ rule, level, message, at, fingerprint }) => ({
      description: printable(message),
      check_name: rule,
      fingerprint,
      severity: SEVERITIES[level],
      location: {
        path: fileOf(at),
        positions: {
          begin: { line: at.line, column: at.column },
          end: { line: at.endLine, column: at.endColumn },
        },
      },
    })),
  );
}
