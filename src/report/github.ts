/**
 * Annotations of GitHub Actions: commands in the log that GitHub shows beside the lines of a change.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
 */
import type { Finding, Level, Report } from '../finding.ts';
import { printable, shorten, withoutLogCommands } from './escape.ts';
import { fileOf } from './place.ts';
import { countOf, summary } from './totals.ts';

/** GitHub shows so many annotations of each level of one step. */
const MOST_OF_A_LEVEL = 10;
/** UTF-16 code units of one message; GitHub cuts at 64 KiB. */
const LONGEST_MESSAGE = 2000;

const COMMANDS: Readonly<Record<Level, string>> = {
  error: 'error',
  warning: 'warning',
  note: 'notice',
};

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function annotation({ level, rule, message, at, fix, related }: Finding): string {
  const columns = at.line === at.endLine ? [`col=${at.column}`, `endColumn=${at.endColumn}`] : [];
  const properties = [
    `file=${property(fileOf(at))}`,
    `line=${at.line}`,
    `endLine=${at.endLine}`,
    ...columns,
    `title=${property(`chaoslint ${rule}`)}`,
  ];
  const others = related
    .slice(0, 3)
    .map((other) => `${fileOf(other.at)}:${other.at.line}: ${other.message}`);
  const text = [message, ...others, `Fix: ${fix}`].map(clean).join('\n');
  return `::${COMMANDS[level]} ${properties.join(',')}::${data(shorten(text, LONGEST_MESSAGE))}`;
}

/** Text of the repository, line by line: it cannot be a control of the log. */
function clean(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** The most severe findings as annotations; one line says how many there are more. */
export function githubReport(report: Report): string {
  const lines: string[] = [];
  let left = 0;
  for (const level of ['error', 'warning', 'note'] as const) {
    const found = report.findings.filter((finding) => finding.level === level);
    left += Math.max(0, found.length - MOST_OF_A_LEVEL);
    lines.push(...found.slice(0, MOST_OF_A_LEVEL).map(annotation));
  }
  const { last } = summary(report, { show: 'notes', quiet: false, debug: false });
  const more =
    left === 0 ? [] : [`${countOf(left, 'finding')} more than GitHub shows as annotations.`];
  return `${[...lines, withoutLogCommands([...more, last].join('\n'))].join('\n')}\n`;
}
