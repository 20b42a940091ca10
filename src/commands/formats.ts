/** The formats of a report by name, each loaded when it is wanted. */
import type { Report } from '../finding.ts';
import type { TextOptions } from '../report/text.ts';

export const FORMATS = [
  'text',
  'compact',
  'json',
  'sarif',
  'github',
  'gitlab',
  'junit',
  'rdjson',
  'markdown',
] as const;

export type Format = (typeof FORMATS)[number];

/** What paths of a format are relative to: the current folder, the top of the repository, the root of the analysis. */
export function placesOf(format: Format): 'current' | 'top' | 'root' {
  if (format === 'text' || format === 'compact') return 'current';
  return format === 'json' ? 'root' : 'top';
}

/** The report as text of a format. */
export async function formatted(
  report: Report,
  format: Format,
  options: TextOptions,
): Promise<string> {
  switch (format) {
    case 'text':
      return (await import('../report/text.ts')).textReport(report, options);
    case 'compact':
      return (await import('../report/compact.ts')).compactReport(report, options);
    case 'json':
      return (await import('../report/json.ts')).jsonReport(report);
    case 'sarif':
      return (await import('../report/sarif.ts')).sarifReport(report);
    case 'github':
      return (await import('../report/github.ts')).githubReport(report);
    case 'gitlab':
      return (await import('../report/gitlab.ts')).gitlabReport(report);
    case 'junit':
      return (await import('../report/junit.ts')).junitReport(report);
    case 'rdjson':
      return (await import('../report/rdjson.ts')).rdjsonReport(report);
    case 'markdown':
      return (await import('../report/markdown.ts')).markdownReport(report);
  }
}
