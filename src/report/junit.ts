/** The report as JUnit XML, which most CI systems show: one suite for each file, one case for each finding. */
import type { Finding, Report } from '../finding.ts';
import { printable, withoutLogCommands } from './escape.ts';
import { fileOf, placeOf } from './place.ts';

/** Text in an attribute or an element; what XML 1.0 cannot hold is an escape already. */
function xml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\ufffe\uffff]/g, '\ufffd');
}

function testCase({ rule, level, message, at, fix }: Finding): string {
  const text = [`${placeOf(at)}: ${level}: ${message}`, ...`Fix: ${fix}`.split('\n')].map(xml);
  // Notes are advice, and a test that gives advice has passed.
  const body =
    level === 'note'
      ? `<system-out>${text.join('\n')}</system-out>`
      : `<failure message="${xml(message)}" type="${level}">${text.join('\n')}</failure>`;
  return `    <testcase name="${xml(rule)}" classname="${xml(fileOf(at))}" file="${xml(fileOf(at))}" line="${at.line}">${body}</testcase>`;
}

export function junitReport({ findings, notifications, complete }: Report): string {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const path = fileOf(finding.at);
    const known = files.get(path);
    if (known === undefined) files.set(path, [finding]);
    else known.push(finding);
  }
  const failed = (all: readonly Finding[]) => all.filter(({ level }) => level !== 'note').length;
  const suites = [...files].map(
    ([path, all]) =>
      `  <testsuite name="${xml(path)}" tests="${all.length}" failures="${failed(all)}" errors="0">\n${all.map(testCase).join('\n')}\n  </testsuite>`,
  );
  const defects = complete ? [] : notifications.filter(({ level }) => level === 'error');
  if (!complete)
    suites.push(
      `  <testsuite name="chaoslint" tests="1" failures="0" errors="1">\n    <testcase name="the run completes" classname="chaoslint"><error message="The run did not complete">${defects.map(({ message }) => xml(message)).join('\n')}</error></testcase>\n  </testsuite>`,
    );
  else if (findings.length === 0)
    suites.push(
      '  <testsuite name="chaoslint" tests="1" failures="0" errors="0">\n    <testcase name="nothing to fix" classname="chaoslint"/>\n  </testsuite>',
    );
  const tests = Math.max(1, findings.length + (complete ? 0 : 1));
  return withoutLogCommands(
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="chaoslint" tests="${tests}" failures="${failed(findings)}" errors="${complete ? 0 : 1}">\n${suites.join('\n')}\n</testsuites>\n`,
  );
}
