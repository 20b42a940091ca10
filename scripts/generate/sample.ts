/** The sample of the output in README.md: what a run on the fixture really prints. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPolicy } from '../../src/config/policy.ts';
import { textReport } from '../../src/report/text.ts';
import { analyse } from '../../src/run.ts';

/** What the sample reports: few files, so that it stays short. */
const SHOWN = ['chaos/payments-down.yaml', 'deploy/mailer.yaml'];

/** The command and its output, as a code block. How long the run took is left out: it differs each time. */
export function sampleOf(fixture: string): string {
  const paths = readdirSync(fixture, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.yaml'));
  const files = paths.map((path) => ({ path, text: readFileSync(join(fixture, path), 'utf8') }));
  const report = analyse(files, defaultPolicy, { selects: (path) => SHOWN.includes(path) });
  const text = textReport(report, {
    colour: false,
    width: 100,
    show: 'default',
    quiet: false,
    debug: false,
  });
  const timeless = text.trimEnd().replace(/, [\d.]+ m?s\.$/, '.');
  return `\`\`\`console\n$ npx chaoslint ${SHOWN.join(' ')}\n${timeless}\n\`\`\``;
}
