/** The formats of a report by name, each loaded when it is wanted. */
import type { Report } from '../finding.ts';
import type { TextOptions } from './text.ts';

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
      return (await import('./text.ts')).textReport(report, options);
    case 'compact':
      return (await import('./compact.ts')).compactReport(report, options);
    case 'json':
      return (await import('./json.ts')).jsonReport(report);
    case 'sarif':
      return (await import('./sarif.ts')).sarifReport(report);
    case 'github':
      return (await import('./github.ts')).githubReport(report);
    case 'gitlab':
      return (await import('./gitlab.ts')).gitlabReport(report);
    case 'junit':
      return (await import('./junit.ts')).junitReport(report);
    case 'rdjson':
      return (await import('./rdjson.ts')).rdjsonReport(report);
    case 'markdown':
      return (await import('./markdown.ts')).markdownReport(report);
  }
}
