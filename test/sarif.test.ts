/** SARIF: what GitHub code scanning needs, from reports made by hand. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Result, Run } from 'sarif';
import type { Finding, Report } from '../src/finding.ts';
import { lineHashes } from '../src/report/linehash.ts';
import { sarifReport } from '../src/report/sarif.ts';
import { hostileText } from './hostile.ts';
import {
  finding,
  marked,
  notification,
  nowhere,
  place,
  report,
  reportOf,
  shop,
  tooFewReplicas,
} from './reports.ts';
import { assertValidSarif, linksIn } from './sarif-validation.ts';

function runOf(of: Report): Run {
  const [run] = assertValidSarif(sarifReport(of)).runs;
  assert.ok(run);
  return run;
}

function resultOf(of: Report): Result {
  const [result] = runOf(of).results ?? [];
  assert.ok(result);
  return result;
}

function uriOf(path: string, renderedFrom?: string): string | undefined {
  const of = reportOf(
    path,
    'replicas: «1»\n',
    (places) => [finding({ at: place(places) })],
    renderedFrom,
  );
  return resultOf(of).locations?.[0]?.physicalLocation?.artifactLocation?.uri;
}

test('a log names the tool, its version and the rules that ran', () => {
  const run = runOf(shop());
  const { driver } = run.tool;
  assert.equal(driver.name, 'chaoslint');
  assert.equal(driver.version, '0.1.0');
  assert.equal(driver.semanticVersion, '0.1.0');
  assert.ok(driver.informationUri);
  assert.deepEqual(
    driver.rules?.map(({ id }) => id),
    ['missing-pod-disruption-budget', 'mutable-image-tag', 'too-few-replicas'],
  );
  assert.equal(run.automationDetails?.id, 'chaoslint/');
  assert.equal(run.columnKind, 'utf16CodeUnits');
  assert.equal(run.originalUriBaseIds?.['%SRCROOT%']?.uri, undefined);
});

test('the way to a call is a code flow, in its order', () => {
  const of = reportOf('src/orders.ts', '«get»(); «load»();\n«fetch»(url);\n', (places) => [
    finding({
      at: place(places, 2),
      flow: [
        { at: place(places, 0), message: 'GET /orders' },
        { at: place(places, 1), message: 'calls' },
        { at: place(places, 2), message: 'fetch' },
      ],
    }),
  ]);
  const [flow] = resultOf(of).codeFlows ?? [];
  const steps = flow?.threadFlows[0]?.locations ?? [];
  assert.deepEqual(
    steps.map(({ location }) => [
      location?.message?.text,
      location?.physicalLocation?.region?.startLine,
      location?.physicalLocation?.region?.startColumn,
    ]),
    [
      ['GET /orders', 1, 1],
      ['calls', 1, 8],
      ['fetch', 2, 1],
    ],
  );
  assert.equal(
    resultOf(reportOf('a.ts', '«a»', (p) => [finding({ at: place(p) })])).codeFlows,
    undefined,
  );
});

test('a rule has a name, descriptions, its documentation and the level of the run', () => {
  const rule = runOf(report({ rules: [tooFewReplicas] })).tool.driver.rules?.[0];
  assert.equal(rule?.name, 'TooFewReplicas');
  assert.equal(rule?.shortDescription?.text, tooFewReplicas.title);
  assert.equal(
    rule?.fullDescription?.text,
    `${tooFewReplicas.title} The replicas that are guaranteed: \`spec.replicas\`, or 1 when nothing is written.`,
  );
  assert.match(rule?.help?.markdown ?? '', /^# too-few-replicas\n[\s\S]*pod-1-replicas/);
  assert.equal(rule?.defaultConfiguration?.level, 'error');
  assert.equal(rule?.properties?.['problem.severity'], 'error');
  assert.equal(rule?.properties?.runbook, 'pod-1-replicas');
  const note = { ...tooFewReplicas, level: 'note' } as const;
  const [quiet] = runOf(report({ rules: [note] })).tool.driver.rules ?? [];
  assert.equal(quiet?.defaultConfiguration?.level, 'note');
  assert.equal(quiet?.properties?.['problem.severity'], 'recommendation');
});

test('a rule that is off in this run, long texts and no documentation fit into a log', () => {
  const [off, long] =
    runOf(
      report({
        rules: [
          { ...tooFewReplicas, level: 'off', documentation: '' },
          { ...tooFewReplicas, id: 'long', title: `${'x'.repeat(2000)}.` },
        ],
      }),
    ).tool.driver.rules ?? [];
  assert.equal(off?.defaultConfiguration?.level, 'none');
  assert.equal(off?.fullDescription?.text, tooFewReplicas.title);
  assert.ok(off?.help?.text.startsWith(tooFewReplicas.title));
  assert.equal(long?.shortDescription?.text.length, 1024);
  assert.equal(long?.fullDescription?.text.length, 1024);
});

test('a result has a small region, its context, links to the other side and fingerprints', () => {
  const of = shop();
  const result = runOf(of).results?.[1];
  assert.equal(result?.kind, 'fail');
  assert.equal(result?.level, 'error');
  assert.equal(result?.ruleIndex, 2);
  assert.equal(
    result?.message.text,
    'Deployment orders runs 1 replica; at least 3 are wanted, so one killed pod takes the whole service down. ' +
      'See [the Service that sends it traffic](1). ' +
      'Fix: Run at least 3 replicas of orders, then give it a PodDisruptionBudget (missing-pod-disruption-budget).',
  );
  const at = result?.locations?.[0]?.physicalLocation;
  assert.deepEqual(at?.region, {
    startLine: 7,
    startColumn: 13,
    endLine: 7,
    endColumn: 14,
    snippet: { text: '1' },
  });
  assert.equal(at?.contextRegion?.snippet?.text, 'spec:\n  replicas: 1\n  template:');
  const [related] = result?.relatedLocations ?? [];
  assert.equal(related?.id, 1);
  assert.equal(related?.physicalLocation?.artifactLocation?.uri, 'deploy/services.yaml');
  assert.deepEqual(result?.partialFingerprints, {
    primaryLocationLineHash: lineHashes(of.sources.get('deploy/orders.yaml') ?? '')[6],
    'chaoslint/v1': '3d1f0c9a5b7e2468',
  });
  assert.match(String(result?.properties?.fix), /\n {2}replicas: 3$/);
});

test('a message is sentences: each ends with one full stop, and none is endless', () => {
  const text = (given: Partial<Finding>) =>
    resultOf(report({ findings: [finding(given)] })).message.text ?? '';
  assert.equal(text({ message: 'It is one', fix: 'Run three.' }), 'It is one. Fix: Run three.');
  assert.ok(text({ message: 'x'.repeat(100_000), fix: 'y'.repeat(100_000) }).length < 5000);
});

test('a region of several lines ends where it ends', () => {
  const of = reportOf('a.yaml', 'x: 1\na: «b:\n    c: 1»\nd: 2\n', ([at]) => [
    finding({ at: at ?? nowhere }),
  ]);
  const { region, contextRegion } = resultOf(of).locations?.[0]?.physicalLocation ?? {};
  assert.deepEqual(
    [region?.startLine, region?.startColumn, region?.endLine, region?.endColumn],
    [2, 4, 3, 9],
  );
  assert.deepEqual([contextRegion?.startLine, contextRegion?.endLine], [1, 4]);
});

test('suppressed findings are left out', () => {
  const of = shop();
  assert.equal(of.suppressed.length, 1);
  assert.equal(runOf(of).results?.length, of.findings.length);
});

test('a finding of a rule that is not described, or without its text, is still a result', () => {
  const result = resultOf(report({ rules: [], findings: [finding()] }));
  assert.equal(result.ruleId, 'too-few-replicas');
  assert.equal(result.ruleIndex, undefined);
  assert.equal(result.partialFingerprints?.primaryLocationLineHash, undefined);
});

test('a region that is a whole file has no context, a huge line no excerpt', () => {
  const whole = reportOf('a.yaml', '«a: 1»', ([at]) => [finding({ at: at ?? nowhere })]);
  assert.equal(resultOf(whole).locations?.[0]?.physicalLocation?.contextRegion, undefined);
  const huge = reportOf('a.json', `{"a": ${'1'.repeat(1e6)}, "b": «2»}`, ([at]) => [
    finding({ at: at ?? nowhere }),
  ]);
  assert.ok(sarifReport(huge).length < 10_000);
});

test('paths are relative, percent-encoded URIs', () => {
  assert.equal(uriOf('deploy/orders.yaml'), 'deploy/orders.yaml');
  assert.equal(uriOf('a b/100%/c#d?.yaml'), 'a%20b/100%25/c%23d%3F.yaml');
  assert.equal(uriOf('a:b/c.yaml'), 'a%3Ab/c.yaml');
  assert.equal(uriOf('köln/日本.yaml'), 'k%C3%B6ln/%E6%97%A5%E6%9C%AC.yaml');
  assert.equal(uriOf('back\\slash.yaml'), 'back%5Cslash.yaml');
  assert.equal(uriOf('lone\ud800.yaml'), 'lone%EF%BF%BD.yaml');
  assert.equal(uriOf('a[b]\n.yaml'), 'a%5Bb%5D%0A.yaml');
});

test('rendered text of standard input belongs to its template, at no line of it', () => {
  assert.equal(uriOf('<stdin>'), 'stdin');
  assert.equal(uriOf('<stdin>', 'orders/templates/deploy.yaml'), 'orders/templates/deploy.yaml');
  // A hostile comment cannot point out of the root, or at another host.
  for (const template of ['/etc/passwd', '../../x.yaml', 'a/../../b', '//host/x', ''])
    assert.equal(uriOf('<stdin>', template), 'stdin', template);
  assert.equal(uriOf('<stdin>', 'https:evil'), 'https%3Aevil');
  // A rendered file of the repository is a file.
  assert.equal(uriOf('out/all.yaml', 'orders/templates/deploy.yaml'), 'out/all.yaml');

  const text = 'kind: Deployment\nspec:\n  replicas: «1»\n';
  const of = reportOf(
    '<stdin>',
    text,
    (places) => [finding({ at: place(places) })],
    'orders/templates/deploy.yaml',
  );
  const result = resultOf(of);
  assert.deepEqual(result.locations?.[0]?.physicalLocation?.region, {
    startLine: 1,
    startColumn: 1,
    endLine: 1,
    endColumn: 1,
  });
  assert.match(result.message.text ?? '', /\. Line 3 of the rendered text\. /);
  assert.ok(result.partialFingerprints?.primaryLocationLineHash);
});

test('text of the repository cannot form a link, markdown or a second line', () => {
  const evil = 'orders](https://evil.example) [click](1) \\[x](2)\n\u001b]8;;https://evil\u0007';
  const at = { ...nowhere };
  const of = report({ findings: [finding({ message: evil, related: [{ at, message: evil }] })] });
  const { message } = resultOf(of);
  const text = message.text ?? '';
  assert.deepEqual(linksIn(text), [1], 'our own link to the related location is the only one');
  assert.doesNotMatch(text, /[\u0000-\u001f]/);
  assert.doesNotMatch(text.replace(/\\./g, ''), /\[click\]|\]\(https/);
});

test('notifications are told, with the place or the file that they are about', () => {
  const { places, text } = marked('deploy/broken.yaml', 'a: «[»\n');
  const run = runOf(
    report({
      complete: false,
      notifications: [
        notification({ at: place(places) }),
        notification({ path: 'deploy/too large.yaml', id: 'file-too-large', level: 'note' }),
        { level: 'error', id: 'rule-crashed', message: 'too-few-replicas failed' },
      ],
      sources: new Map([['deploy/broken.yaml', text]]),
    }),
  );
  const [invocation] = run.invocations ?? [];
  assert.equal(invocation?.executionSuccessful, false);
  const told = invocation?.toolExecutionNotifications ?? [];
  assert.deepEqual(
    told.map(({ descriptor, level, message, locations }) => [
      descriptor?.id,
      level,
      message.text,
      locations?.[0]?.physicalLocation?.artifactLocation?.uri,
      locations?.[0]?.physicalLocation?.region?.startColumn,
    ]),
    [
      [
        'broken-yaml',
        'warning',
        'This document is not YAML: check the indentation.',
        'deploy/broken.yaml',
        4,
      ],
      [
        'file-too-large',
        'note',
        'This document is not YAML: check the indentation.',
        'deploy/too%20large.yaml',
        undefined,
      ],
      ['rule-crashed', 'error', 'too-few-replicas failed.', undefined, undefined],
    ],
  );
  assert.equal(runOf(shop()).invocations?.[0]?.executionSuccessful, true);
});

test('more findings than GitHub takes: the most severe ones, and a notification', () => {
  const levels = ['note', 'warning', 'error'] as const;
  const findings = Array.from({ length: 30_000 }, (_, i) =>
    finding({ level: levels[i % 3] ?? 'error', fingerprint: i.toString(16) }),
  );
  const log = JSON.parse(sarifReport(report({ findings })));
  const results: Result[] = log.runs[0].results;
  assert.equal(results.length, 25_000);
  const count = (level: string) => results.filter((result) => result.level === level).length;
  assert.deepEqual([count('error'), count('warning'), count('note')], [10_000, 10_000, 5_000]);
  const numbers = results.map((r) =>
    Number.parseInt(r.partialFingerprints?.['chaoslint/v1'] ?? '', 16),
  );
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
    'the order of the report is kept',
  );
  const [told] = log.runs[0].invocations[0].toolExecutionNotifications;
  assert.equal(told.descriptor.id, 'too-many-findings');
  assert.match(told.message.text, /25000 .*30000/);
});

test('more related locations than GitHub takes: the first ones, few links, and a notification', () => {
  const related = Array.from({ length: 1500 }, (_, i) => ({
    at: nowhere,
    message: `Service ${i}`,
  }));
  const run = runOf(report({ findings: [finding({ related })] }));
  const [result] = run.results ?? [];
  assert.equal(result?.relatedLocations?.length, 1000);
  assert.equal(linksIn(result?.message.text ?? '').length, 10);
  const [told] = run.invocations?.[0]?.toolExecutionNotifications ?? [];
  assert.equal(told?.descriptor?.id, 'too-many-related-locations');
});

test('hostile text of any kind gives a valid log without control characters', () => {
  fc.assert(
    fc.property(
      fc.array(hostileText, { minLength: 9, maxLength: 9 }),
      fc.array(hostileText, { maxLength: 4 }),
      ([path = '', name = '', before = '', region = '', after = '', ...rest], contexts) => {
        const file = `d/${path}`;
        const text = before + region + after;
        const end = before.length + region.length;
        const at = { ...nowhere, path: file, start: before.length, end };
        const of = report({
          findings: [
            finding({
              message: name,
              at,
              related: [{ at, message: rest[0] ?? '' }],
              fix: rest[1] ?? '',
              identity: rest[2] ?? '',
              contexts,
            }),
          ],
          notifications: [notification({ message: rest[3] ?? '', path: file, at })],
          sources: new Map([[file, text]]),
        });
        const log = sarifReport(of);
        assert.doesNotMatch(
          log,
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
        assert.ok(!/\p{Surrogate}|\\ud[89a-f]/iu.test(log.replace(/\\\\/g, '')));
        assertValidSarif(log);
      },
    ),
    { numRuns: 100 },
  );
});

// The values for these texts are facts of GitHub's own implementation.
test('line hashes are those that GitHub computes', () => {
  const greeting = [
    'e9496ae3ebfced30:1',
    'fb7c023a8b9ccb3f:1',
    'ce8ba1a563dcdaca:1',
    'e20e36e16fcb0cc8:1',
    'b3edc88f2938467e:1',
    'c8e28b0b4002a3a0:1',
    'c129715d7a2bc9a3:1',
  ];
  assert.deepEqual(lineHashes(''), ['c129715d7a2bc9a3:1']);
  assert.deepEqual(lineHashes(' a\nb\n  \t\tc\n d'), [
    '271789c17abda88f:1',
    '54703d4cd895b18:1',
    '180aee12dab6264:1',
    'a23a3dc5e078b07b:1',
  ]);
  assert.deepEqual(lineHashes(' hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End'), [
    '8b7cf3e952e7aeb2:1',
    'b1ae1287ec4718d9:1',
    'bff680108adb0fcc:1',
    'c6805c5e1288b612:1',
    'b86d3392aea1be30:1',
    'e6ceba753e1a442:1',
  ]);
  for (const lineEnd of ['\n', '\r', '\r\n'])
    assert.deepEqual(
      lineHashes(' hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n'.replaceAll('\n', lineEnd)),
      greeting,
    );
  assert.deepEqual(
    lineHashes(' hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n'),
    greeting,
    'mixed line ends',
  );
  assert.deepEqual(lineHashes('Lorem ipsum dolor sit amet.\n'.repeat(10)), [
    'a7f2ff13bc495cf2:1',
    'a7f2ff13bc495cf2:2',
    'a7f2ff13bc495cf2:3',
    'a7f2ff13bc495cf2:4',
    'a7f2ff13bc495cf2:5',
    'a7f2ff13bc495cf2:6',
    'a7f2ff1481e87703:1',
    'a9cf91f7bbf1862b:1',
    '55ec222b86bcae53:1',
    'cc97dc7b1d7d8f7b:1',
    'c129715d7a2bc9a3:1',
  ]);
});

test('line hashes are the polynomial hash, computed again with big integers', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', ' ', '\t', '\n', '\r', '\r\n', '\uffff', '日', 'kind: Pod'), {
        maxLength: 300,
      }),
      (parts) => {
        const text = parts.join('');
        const lines = text.split(/\r\n|\r|\n/);
        const units = lines.map((line) => [...line.replace(/[ \t]/g, '').split(''), '\n']);
        units.at(-1)?.splice(-1, 1, '\uffff');
        const seen = new Map<string, number>();
        const expected = units.map((_, index) => {
          const window = units.slice(index).flat().slice(0, 100);
          const hash = Array.from({ length: 100 }, (_, i) => window[i]?.charCodeAt(0) ?? 0)
            .reduce((sum, unit) => BigInt.asUintN(64, sum * 37n + BigInt(unit)), 0n)
            .toString(16);
          seen.set(hash, (seen.get(hash) ?? 0) + 1);
          return `${hash}:${seen.get(hash)}`;
        });
        // A line feed after a return and blanks ends a line of its own.
        assert.deepEqual(lineHashes(text), expected);
      },
    ),
  );
});

const multitool = process.env.CHAOSLINT_SARIF_MULTITOOL;

test("Microsoft's multitool finds nothing, its rules for GitHub included", {
  skip: multitool === undefined && 'CHAOSLINT_SARIF_MULTITOOL does not name its binary',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaoslint-sarif-'));
  try {
    // Off by default. GH1004 is left out: its limits are older than those that GitHub documents.
    const rules = [
      'GH1001.ProvideRequiredLocationProperties',
      'GH1002.InlineThreadFlowLocations',
      'GH1003.ProvideRequiredRegionProperties',
      'GH1005.LocationsMustBeRelativeUrisOrFilePaths',
      'GH1006.ProvideCheckoutPath',
      'GH1007.ProvideFullyFormattedMessageStrings',
    ].map(
      (rule) =>
        `<Properties Key="${rule}.Options"><Property Key="RuleEnabled" Value="Error" Type="Driver.RuleEnabledState" /></Properties>`,
    );
    const configuration = join(folder, 'rules.xml');
    writeFileSync(configuration, `<Properties>${rules.join('')}</Properties>`);
    const rendered = (line: number): Finding[] => {
      const text = `${'#\n'.repeat(line)}replicas: «1»\n`;
      const { places } = marked('<stdin>', text, 'orders/templates/deploy.yaml');
      return [finding({ at: place(places) })];
    };
    const check = (log: string): string[] => {
      const [input, output] = [join(folder, 'log.sarif'), join(folder, 'result.sarif')];
      writeFileSync(input, log);
      const { status, stderr } = spawnSync(
        multitool ?? '',
        [
          ...['validate', input, '--rule-kind', 'Sarif;Ghas', '-c', configuration],
          ...['--output', output, '--log', 'ForceOverwrite', '--level', 'Error;Warning'],
        ],
        { encoding: 'utf8' },
      );
      assert.equal(status, 0, stderr);
      const [run] = JSON.parse(readFileSync(output, 'utf8')).runs;
      const results: Result[] = run.results;
      return results.map(({ ruleId, message }) => `${ruleId} ${message.arguments?.join(' ')}`);
    };
    assert.deepEqual(check(sarifReport(shop())), []);
    assert.deepEqual(check(sarifReport(report())), []);
    assert.deepEqual(check(sarifReport(report({ findings: rendered(11) }))), []);
    const broken = sarifReport(shop()).replace('"startLine": 7', '"startLine": 9');
    assert.notDeepEqual(check(broken), [], 'it would find something');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
