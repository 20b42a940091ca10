/** Formats for other tools: each as its reader takes it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { FORMATS, type Format, formatted } from '../src/commands/formats.ts';
import { ownersOf } from '../src/files/owners.ts';
import type { Finding, Report } from '../src/finding.ts';
import { finding, marked, report as reportOf } from './reports.ts';

const OPTIONS = { colour: false, width: 100, show: 'default', quiet: false, debug: false } as const;

const { text, places } = marked(
  'deploy/größe.yaml',
  'kind: Deployment\n# 日本: «replicas: 1»\nimage: «orders:latest»\n',
);
const [replicas, image] = places;
assert.ok(replicas && image);
const findings: readonly Finding[] = [
  finding({ at: replicas, message: 'orders runs 1 replica, not 3', fingerprint: '1' }),
  finding({
    rule: 'mutable-image-tag',
    at: image,
    level: 'warning',
    message: 'orders:latest may be another image tomorrow',
    related: [{ at: replicas, message: 'the workload' }],
    fingerprint: '2',
  }),
  finding({ at: replicas, level: 'note', message: 'a note', fingerprint: '3' }),
];
const report = reportOf({ findings, sources: new Map([['deploy/größe.yaml', text]]) });
const hostile = reportOf({
  findings: [
    finding({
      at: { ...replicas, path: 'a,b:c%\n::error::x|`<b>.yaml' },
      message: '::error::x\u001b[31m\r\n]]> & <script> | `x` ##[error]\ud800 \uffff',
    }),
  ],
});

const as = (format: Format, of: Report = report) => formatted(of, format, OPTIONS);

test('compact: one line for each finding that is shown', async () => {
  const lines = (await as('compact')).trimEnd().split('\n');
  assert.deepEqual(lines.slice(0, 2), [
    'deploy/größe.yaml:2:7: error: orders runs 1 replica, not 3 [too-few-replicas]',
    'deploy/größe.yaml:3:8: warning: orders:latest may be another image tomorrow [mutable-image-tag]',
  ]);
  assert.equal(lines.length, 3);
});

test('github: commands with escaped values, ten of a level, and how many are left', async () => {
  const lines = (await as('github')).trimEnd().split('\n');
  assert.equal(
    lines[0],
    '::error file=deploy/größe.yaml,line=2,endLine=2,col=7,endColumn=18,title=chaoslint too-few-replicas::orders runs 1 replica, not 3%0AFix: Run at least 3 replicas of orders:%0Aspec:%0A  replicas: 3',
  );
  assert.match(lines[1] ?? '', /^::warning .*%0Adeploy\/größe\.yaml:2: the workload%0AFix: /);
  assert.match(lines[2] ?? '', /^::notice /);

  const many = Array.from({ length: 25 }, () => findings[0] as Finding);
  const cut = await as('github', reportOf({ findings: many }));
  assert.equal(cut.match(/^::error /gm)?.length, 10);
  assert.match(cut, /^15 findings more than GitHub shows as annotations\.$/m);
});

test('github: nothing of the repository ends a command or begins one', async () => {
  const output = await as('github', hostile);
  assert.equal(output.match(/^::/gm)?.length, 1);
  const [, properties = ''] = /^::error (.*?)::/.exec(output) ?? [];
  assert.match(properties, /^file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax\|`<b>\.yaml,line=2,/);
});

test('gitlab: an array of issues with their own fingerprints', async () => {
  const issues = JSON.parse(await as('gitlab'));
  assert.deepEqual(
    issues.map(({ severity }: { severity: string }) => severity),
    ['critical', 'major', 'info'],
  );
  assert.equal(new Set(issues.map((one: { fingerprint: string }) => one.fingerprint)).size, 3);
  assert.deepEqual(issues[0].location, {
    path: 'deploy/größe.yaml',
    positions: { begin: { line: 2, column: 7 }, end: { line: 2, column: 18 } },
  });
});

test('junit: a case for each finding, notes pass, a clean run passes, a broken one is an error', async () => {
  const xml = await as('junit');
  assert.match(xml, /<testsuites name="chaoslint" tests="3" failures="2" errors="0">/);
  assert.equal(xml.match(/<failure /g)?.length, 2);
  assert.match(await as('junit', reportOf({})), /failures="0"[\s\S]*nothing to fix/);
  assert.match(await as('junit', reportOf({ complete: false })), /errors="1"/);
  const broken = await as('junit', hostile);
  assert.doesNotMatch(broken, /<script|\u001b|\uffff|(?<!&gt;)]]>/);
  assert.match(broken, /&amp; &lt;script&gt;/);
});

test('rdjson: columns are bytes of UTF-8', async () => {
  const result = JSON.parse(await as('rdjson'));
  // `# 日本: ` is 6 UTF-16 code units and 10 bytes.
  assert.deepEqual(result.diagnostics[0].location.range, {
    start: { line: 2, column: 11 },
    end: { line: 2, column: 22 },
  });
  assert.equal(result.diagnostics[0].severity, 'ERROR');
  assert.equal(result.diagnostics[1].related_locations[0].message, 'the workload');
});

const schemaFile = process.env.CHAOSLINT_RDF_SCHEMA;
test('rdjson: the schema of reviewdog takes it', {
  skip: schemaFile === undefined && 'CHAOSLINT_RDF_SCHEMA names no DiagnosticResult.json',
}, async () => {
  const schema = JSON.parse(readFileSync(schemaFile ?? '', 'utf8'));
  const { $schema: _, ...draft } = schema;
  const accepts = new Ajv({ strict: false, validateSchema: false }).compile(draft);
  assert.equal(accepts({ diagnostics: [{ severity: 'bad' }] }), false);
  for (const one of [report, hostile])
    assert.ok(accepts(JSON.parse(await as('rdjson', one))), JSON.stringify(accepts.errors));
});

test('markdown: totals, a table, and owners when there are some', async () => {
  const plain = await as('markdown');
  assert.match(
    plain,
    /\| \*\*error\*\* \| `deploy\/größe\.yaml:2` \| orders runs 1 replica, not 3 \| `too-few-replicas` \|/,
  );
  assert.match(plain, /### Findings/);
  const owners = new Map([['deploy/größe.yaml', ['@shop/platform']]]);
  assert.match(await as('markdown', { ...report, owners }), /### \\@shop\/platform/);
  const output = await as('markdown', hostile);
  assert.doesNotMatch(output.replace(/`[^`]*`/g, ''), /<\w|\u001b/);
  for (const line of output.split('\n').filter((one) => one.startsWith('| **error** | `')))
    assert.equal(line.replace(/\\\|/g, '').split('|').length, 6, line);
});

test('every format takes every report', async () => {
  for (const format of FORMATS)
    for (const one of [report, hostile, reportOf({}), reportOf({ complete: false })]) {
      const output = await as(format, one);
      assert.ok(output.endsWith('\n'), format);
      if (/json|sarif|gitlab/.test(format)) JSON.parse(output);
    }
});

test('CODEOWNERS: the last pattern that matches decides', () => {
  const owners = ownersOf(
    '* @shop/all\n/deploy/ @shop/platform @ada # people\n*.md\n[Section]\n!x @nobody\ndeploy/*.ts @bob\n',
  );
  assert.deepEqual(owners('src/main.ts'), ['@shop/all']);
  assert.deepEqual(owners('deploy/orders.yaml'), ['@shop/platform', '@ada']);
  assert.deepEqual(owners('deploy/a.ts'), ['@bob']);
  assert.deepEqual(owners('README.md'), []);
});
