/** The report as Markdown: the summary of a job, or a comment. */
import type { Finding, Level, Report } from '../finding.ts';
import { printable, shorten, withoutLogCommands } from './escape.ts';
import { fileOf } from './place.ts';
import { countOf, summary, totals } from './totals.ts';

/** GitHub takes a job summary of 1 MiB; nobody reads that much. */
const MOST_FINDINGS = 200;
/** UTF-16 code units. */
const LONGEST_MESSAGE = 300;

const MARKS: Readonly<Record<Level, string>> = {
  error: '**error**',
  warning: 'warning',
  note: 'note',
};

/** Text in a cell of a table: nothing in it is Markdown or HTML. */
function cell(text: string): string {
  return shorten(printable(text), LONGEST_MESSAGE)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~@$]/g, '\\$&');
}

/** A path in a code span. */
function code(text: string): string {
  return `\`${printable(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

function row({ level, rule, message, at }: Finding): string {
  return `| ${MARKS[level]} | ${code(`${fileOf(at)}:${at.line}`)} | ${cell(message)} | ${code(rule)} |`;
}

/** Totals by cause, then a table of findings, the most severe first; by owner when the report names owners. */
export function markdownReport(report: Report): string {
  const { findings, rules, owners } = report;
  const order: readonly Level[] = ['error', 'warning', 'note'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  const shown = sorted.slice(0, MOST_FINDINGS);
  const { skipped, last } = summary(report, { show: 'notes', quiet: false, debug: false });
  const lines = ['## chaoslint', '', cell(last)];
  if (findings.length > 0) {
    lines.push('', '| level | what | how many |', '|---|---|---|');
    for (const { level, cause, count } of totals(
      findings,
      new Map(rules.map((one) => [one.id, one])),
    ))
      lines.push(`| ${MARKS[level]} | ${cell(cause)} | ${cell(count)} |`);
  }
  const groups = new Map<string, Finding[]>();
  for (const finding of shown) {
    const owner = owners?.get(finding.at.path)?.join(' ') ?? '';
    groups.set(owner, [...(groups.get(owner) ?? []), finding]);
  }
  for (const [owner, own] of groups) {
    const heading = owners === undefined ? 'Findings' : owner === '' ? 'Without owner' : owner;
    lines.push(
      '',
      `### ${cell(heading)}`,
      '',
      '| level | place | finding | rule |',
      '|---|---|---|---|',
    );
    lines.push(...own.map(row));
  }
  const left = sorted.length - shown.length;
  if (left > 0) lines.push('', `${countOf(left, 'finding')} more: see the full report.`);
  if (skipped.length > 0) lines.push('', ...skipped.map((line) => `- ${cell(line)}`));
  return withoutLogCommands(`${lines.join('\n')}\n`);
}
