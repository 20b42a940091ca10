/** Text and JSON, from reports made by hand. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding, Level, Report } from '../src/finding.ts';
import { jsonReport } from '../src/report/json.ts';
import { sarifReport } from '../src/report/sarif.ts';
import { type TextOptions, textReport } from '../src/report/text.ts';
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

const plain: TextOptions = {
  colour: false,
  width: 100,
  show: 'default',
  quiet: false,
  debug: false,
};

function textOf(of: Report, options: Partial<TextOptions> = {}): string {
  return textReport(of, { ...plain, ...options });
}

/** The lines of the frame below the place of the first finding. */
function frame(of: Report, options: Partial<TextOptions> = {}): string[] {
  return textOf(of, options)
    .split('\n')
    .filter((line) => /^ {4} *(?:\d+)? \|/.test(line))
    .map((line) => line.slice(4));
}

function oneFinding(path: string, markedText: string, given: Partial<Finding> = {}): Report {
  return reportOf(path, markedText, (places) => [finding({ at: place(places), ...given })]);
}

test('a report reads like this', () => {
  assert.equal(
    textOf(shop()),
    `error    no PodDisruptionBudget: 2 workloads
error    too few replicas: 1 workload
warning  mutable image tag: 1 image

deploy/orders.yaml

  error[missing-pod-disruption-budget]: Deployment orders has 2 replicas and no
    PodDisruptionBudget selects them; one is wanted, because a node drain may evict them all at once
    at deploy/orders.yaml:2:7
      2 | kind: Deployment
        |       ^^^^^^^^^^
    see: deploy/services.yaml:4:9: the Service that sends it traffic (name: orders)
    fix: Add a PodDisruptionBudget for orders:
           apiVersion: policy/v1
           kind: PodDisruptionBudget
           metadata:
             name: orders
           spec:
             maxUnavailable: 1
             selector:
               matchLabels:
                 app: orders
    in: overlays/eu, overlays/us

  error[too-few-replicas]: Deployment orders runs 1 replica; at least 3 are wanted, so one killed
    pod takes the whole service down
    at deploy/orders.yaml:7:13
      7 |   replicas: 1
        |             ^
    see: deploy/services.yaml:4:9: the Service that sends it traffic (name: orders)
    fix: Run at least 3 replicas of orders, then give it a PodDisruptionBudget
         (missing-pod-disruption-budget):
           spec:
             replicas: 3

  warning[mutable-image-tag]: ghcr.io/shop/orders:latest can be another image after a restart; a
    version or a digest is wanted
    at deploy/orders.yaml:15:18
      15 |           image: ghcr.io/shop/orders:latest
         |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^
    fix: Name a version: ghcr.io/shop/orders:1.4.2

deploy/payments.yaml

  error[missing-pod-disruption-budget]: Deployment payments has 3 replicas and no
    PodDisruptionBudget selects them; one is wanted, because a node drain may evict them all at once
    at deploy/payments.yaml:2:7
      2 | kind: Deployment
        |       ^^^^^^^^^^
    see: deploy/payments.yaml:11:9: the Service that sends it traffic
    fix: Add a PodDisruptionBudget for payments, as above
    in: overlays/eu, overlays/us

warning[broken-yaml]: deploy/broken.yaml: This document is not YAML: check the indentation

2 questions could not be decided (--debug lists them).
1 finding is suppressed.
7 manifests in example and test folders were left out: name the folder to include them.
3 errors, 1 warning, 0 notes: 12 workloads in 60 resources of 14 files, 340 ms.
`,
  );
});

test('a clean run says in one line what it looked at', () => {
  assert.equal(
    textOf(report()),
    'Nothing to fix: 3 rules looked at 2 workloads in 6 resources of 3 files in 340 ms.\n',
  );
  const counts = {
    files: 1,
    resources: 0,
    workloads: 0,
    codeFiles: 0,
    rules: 3,
    unread: 0,
    leftOut: 0,
  };
  assert.equal(
    textOf(report({ counts, durationMs: 1234 })),
    'No Kubernetes resources and no service code were found, so nothing was checked (1 file, 1.2 s).\n',
  );
  assert.equal(
    textOf(report({ counts: { ...counts, unread: 7 } })),
    'Nothing was checked: what was found could not be read (7 documents, 340 ms).\n',
  );
  assert.equal(
    textOf(report({ counts: { ...counts, codeFiles: 14 } })),
    'Nothing to fix: 3 rules looked at 14 code files in 340 ms.\n',
  );
  assert.match(textOf(report({ durationMs: 0.2 })), / in 1 ms\.\n$/);
});

test('a run that did not complete is never called clean', () => {
  const text = textOf(report({ complete: false }));
  assert.match(text, /The run did not complete: there may be more to find\./);
  assert.doesNotMatch(text, /Nothing to fix/);
});

test('totals: the worst level first, then the largest number', () => {
  const of = (level: Level, cause: string, rule = 'too-few-replicas') =>
    finding({ level, cause, rule });
  const text = textOf(
    report({
      findings: [
        of('warning', 'b'),
        of('warning', 'b'),
        of('warning', 'b'),
        of('error', 'one'),
        of('error', 'a third'),
        of('error', 'two'),
        of('error', 'two'),
        of('note', 'hidden'),
        of('warning', 'image', 'mutable-image-tag'),
        of('warning', 'mixed', 'mutable-image-tag'),
        of('warning', 'mixed'),
      ],
    }),
  );
  assert.deepEqual(text.split('\n').slice(0, 6), [
    'error    two: 2 workloads',
    'error    a third: 1 workload',
    'error    one: 1 workload',
    'warning  b: 3 workloads',
    'warning  mixed: 2 places',
    'warning  image: 1 image',
  ]);
});

test('totals name what they count as Kubernetes writes it', () => {
  const counted = (subject: string) => {
    const rule = { ...tooFewReplicas, subject };
    return textOf(report({ rules: [rule], findings: [finding(), finding()] })).split('\n')[0];
  };
  assert.equal(counted('podDisruptionBudget'), 'error    too few replicas: 2 PodDisruptionBudgets');
  assert.equal(counted('service'), 'error    too few replicas: 2 Services');
  assert.equal(counted('meshRoute'), 'error    too few replicas: 2 mesh routes');
  assert.equal(counted('repository'), 'error    too few replicas: 2 repositories');
});

test('notes are counted, and shown when they are asked for; quiet shows errors only', () => {
  const levels: Level[] = ['error', 'warning', 'note'];
  const findings = levels.map((level) => finding({ level }));
  const notifications = levels.map((level) => notification({ level, id: `told-${level}` }));
  const of = report({ findings, notifications });
  const shown = (options: Partial<TextOptions>) => {
    const text = textOf(of, options);
    return levels.map((level) => [
      text.includes(`${level}[too-few-replicas]`),
      text.includes(`${level}[told-${level}]`),
    ]);
  };
  const [yes, no] = [true, false];
  assert.deepEqual(shown({}), [
    [yes, yes],
    [yes, yes],
    [no, yes],
  ]);
  assert.deepEqual(shown({ show: 'notes' }), [
    [yes, yes],
    [yes, yes],
    [yes, yes],
  ]);
  assert.deepEqual(shown({ quiet: true, show: 'notes' }), [
    [yes, yes],
    [no, no],
    [no, no],
  ]);
  assert.match(textOf(of), /\n1 error, 1 warning, 1 note \(--show notes\): .*\n$/);
  assert.match(textOf(of, { show: 'notes' }), /\n1 error, 1 warning, 1 note: .*\n$/);
  const onlyNotes = report({ findings: [finding({ level: 'note' })] });
  assert.equal(
    textOf(onlyNotes),
    '0 errors, 0 warnings, 1 note (--show notes): 2 workloads in 6 resources of 3 files, 340 ms.\n',
  );
});

test('many notifications are cut, the worst first; debug lists all, and what was not decided', () => {
  const notifications = Array.from({ length: 30 }, (_, i) =>
    notification({ level: i === 29 ? 'error' : 'note', id: 'told', path: `f${i}.yaml` }),
  );
  const undecided = [{ rule: 'too-few-replicas', at: nowhere, why: 'replicas is a placeholder' }];
  const of = report({ notifications, undecided });
  const short = textOf(of);
  assert.equal(short.match(/\[told\]/g)?.length, 10);
  assert.match(short, /^error\[told\]: f29\.yaml/);
  assert.match(short, /\nand 20 more like these \(--debug lists them\)\n/);
  assert.match(short, /\n1 question could not be decided \(--debug lists them\)\.\n/);
  const long = textOf(of, { debug: true });
  assert.equal(long.match(/\[told\]/g)?.length, 30);
  assert.match(
    long,
    /undecided\[too-few-replicas\]: deploy\/orders\.yaml:1:1: replicas is a placeholder\n/,
  );
  assert.doesNotMatch(long, /--debug/);
});

test('rendered text of standard input stands under its template', () => {
  const of = reportOf(
    '<stdin>',
    'spec:\n  replicas: «1»\n',
    (places) => [finding({ at: place(places) })],
    'orders/templates/deploy.yaml',
  );
  const text = textOf(of);
  assert.match(text, /\norders\/templates\/deploy\.yaml\n/);
  assert.match(text, /at orders\/templates\/deploy\.yaml \(rendered, line 2 of <stdin>\)\n/);
  assert.deepEqual(frame(of), ['  2 |   replicas: 1', '    |             ^']);
  const file = reportOf(
    'out/all.yaml',
    'replicas: «1»\n',
    (places) => [finding({ at: place(places) })],
    'orders/templates/deploy.yaml',
  );
  assert.match(
    textOf(file),
    /at out\/all\.yaml:1:11 \(rendered from orders\/templates\/deploy\.yaml\)\n/,
  );
  const nameless = { ...nowhere, renderedFrom: '' };
  assert.match(textOf(report({ findings: [finding({ at: nameless })] })), /:1:1\n/);
});

test('a long snippet is shown once for a rule, a huge one is cut, a short one always stands there', () => {
  const long = ['Add this:', ...Array.from({ length: 30 }, (_, i) => `line${i}: x`)].join('\n');
  const short = 'Set this:\nreplicas: 3';
  const text = textOf(
    report({ findings: [long, long, short, short].map((fix) => finding({ fix })) }),
  );
  assert.equal(text.match(/line0: x/g)?.length, 1);
  assert.match(text, /line15: x\n.*--format json/);
  assert.doesNotMatch(text, /line16: x/);
  assert.equal(text.match(/fix: Add this, as above\n/g)?.length, 1);
  assert.equal(text.match(/ {11}replicas: 3\n/g)?.length, 2);
});

test('many related places and contexts are cut', () => {
  const related = Array.from({ length: 9 }, (_, i) => ({ at: nowhere, message: `Service ${i}` }));
  const contexts = Array.from({ length: 6 }, (_, i) => `overlays/${i}`);
  const text = textOf(report({ findings: [finding({ related, contexts })] }));
  assert.equal(text.match(/Service \d/g)?.length, 4);
  assert.match(text, /see: 5 other places \(--format json lists them\)\n/);
  assert.match(text, /in: overlays\/0, overlays\/1, overlays\/2, overlays\/3 and 2 more\n/);
});

test('frames: exactly the region is underlined', () => {
  const underlined = (markedText: string) => {
    const [code = '', marks = ''] = frame(oneFinding('a.yaml', markedText));
    return code.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1);
  };
  assert.equal(underlined('a:\n  replicas: «1»\n'), '1');
  assert.equal(underlined('«kind»: Pod'), 'kind');
  assert.equal(underlined('kind: «Pod»\r\nb: 1\r\n'), 'Pod');
  assert.equal(underlined('a: 1\rkind: «Pod»\rb: 1'), 'Pod');
  assert.equal(underlined('\tkind:\t«Pod»\n'), 'Pod', 'tabs');
  assert.equal(underlined('\u001b[31m: «Pod»\n'), 'Pod', 'escapes');
});

test('frames: line ends are not shown', () => {
  for (const lineEnd of ['\n', '\r\n', '\r'])
    assert.deepEqual(frame(oneFinding('a.yaml', `a: 1${lineEnd}b: «2»${lineEnd}c: 3`)), [
      '  2 | b: 2',
      '    |    ^',
    ]);
});

test('frames: wide and combining characters are measured', () => {
  assert.deepEqual(frame(oneFinding('a.yaml', 'team: 日本 «x»\n')), [
    '  1 | team: 日本 x',
    '    |            ^',
  ]);
  assert.deepEqual(frame(oneFinding('a.yaml', 'team: «日本»\n')), [
    '  1 | team: 日本',
    '    |       ^^^^',
  ]);
  assert.deepEqual(frame(oneFinding('a.yaml', 'cafe\u0301 😀 «x»\n')), [
    '  1 | cafe\u0301 😀 x',
    '    |         ^',
  ]);
});

test('frames: an empty region is one mark, also at the end of a line and of a file', () => {
  assert.deepEqual(frame(oneFinding('a.yaml', 'ab«»cd\n')), ['  1 | abcd', '    |   ^']);
  assert.deepEqual(frame(oneFinding('a.yaml', 'ab«»\ncd\n')), ['  1 | ab', '    |   ^']);
  assert.deepEqual(frame(oneFinding('a.yaml', 'ab\n«»')), ['  2 |', '    | ^']);
});

test('frames: regions of several lines are short', () => {
  assert.deepEqual(frame(oneFinding('a.yaml', 'a: «b:\n    c: 1»\n')), [
    '  1 | a: b:',
    '    |    ^^',
    '  2 |     c: 1',
    '    |     ^^^^',
  ]);
  const many = Array.from({ length: 20 }, (_, i) => `  k${i + 1}: v`).join('\n');
  assert.deepEqual(frame(oneFinding('a.yaml', `«${many}\n»next: 1`)), [
    '   1 |   k1: v',
    '     | ^^^^^^^',
    '   2 |   k2: v',
    '     |   ^^^^^',
    '     | …',
    '  20 |   k20: v',
    '     |   ^^^^^^',
  ]);
});

test('frames: long lines are cut around the region', () => {
  fc.assert(
    fc.property(
      fc.nat(3000),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(3000),
      fc.integer({ min: 40, max: 140 }),
      fc.constantFrom('a', '日', '😀', '\t', '\u0301b', '\u001b'),
      (before, length, after, width, filler) => {
        const text = `${filler.repeat(before)}«${'X'.repeat(length)}»${filler.repeat(after)}`;
        const [code = '', marks = ''] = frame(oneFinding('a.yaml', text), { width });
        assert.match(marks, /\^/);
        const shown = /X+/.exec(code)?.[0] ?? '';
        assert.ok(shown.length === length || shown.length >= 8, code);
        assert.equal(marks.match(/\^+/)?.[0].length, shown.length);
        if (filler === 'a') {
          assert.equal(marks.indexOf('^'), code.indexOf('X'));
          assert.ok(4 + code.length <= Math.min(width, 120), `${code.length} of ${width} columns`);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('frames: an ellipsis stands where a line is cut', () => {
  const cut = (before: string, after: string) =>
    frame(oneFinding('a.yaml', `${before}«XX»${after}`), { width: 60 });
  const digits = '0123456789'.repeat(30);
  assert.deepEqual(cut(digits, digits), [
    '  1 | …4567890123456789XX012345678901234567890123456789…',
    '    |                  ^^',
  ]);
  assert.deepEqual(cut('', digits), [`  1 | XX${digits.slice(0, 47)}…`, '    | ^^']);
  assert.deepEqual(cut(digits, ''), [`  1 | …${digits.slice(-46)}XX`, `    | ${' '.repeat(47)}^^`]);
  assert.deepEqual(cut('ab: ', digits.slice(0, 50)), [
    `  1 | ab: XX${digits.slice(0, 43)}…`,
    '    |     ^^',
  ]);
  // Nothing that has no width is looked at without end.
  const accents = '\u0301'.repeat(500);
  const [code = ''] = cut(`a${accents}`, `${accents}b`);
  assert.match(code, /^ {2}1 \| …\u0301+XX\u0301+…$/);
});

test('a place that the texts do not hold has no frame', () => {
  const of = oneFinding('a.yaml', 'replicas: «1»\n');
  const [only] = of.findings;
  assert.ok(only);
  const beyond = { ...only.at, start: 900, end: 901, line: 90, endLine: 90 };
  assert.deepEqual(frame({ ...of, sources: new Map() }), []);
  assert.deepEqual(frame({ ...of, findings: [{ ...only, at: beyond }] }), []);
  const wrong = { ...only.at, start: 900, end: 901 };
  assert.deepEqual(frame({ ...of, findings: [{ ...only, at: wrong }] }), []);
  const backwards = { ...only.at, end: 0 };
  assert.deepEqual(frame({ ...of, findings: [{ ...only, at: backwards }] }), []);
});

test('lines are broken at the width, and no terminal is too narrow', () => {
  const of = { ...shop(), notifications: [notification({ message: 'word '.repeat(40).trim() })] };
  for (let width = 48; width <= 120; width += 8)
    for (const line of textOf(of, { width, debug: true }).split('\n')) {
      const longestWord = Math.max(...line.split(/ +/).map((word) => word.length));
      assert.ok(line.length <= Math.max(width, longestWord + 11), `${width}: ${line}`);
    }
  assert.equal(textOf(of, { width: 0 }), textOf(of, { width: 40 }));
});

test('texts of any length are cut, pairs of surrogates kept whole', () => {
  const long = 'x'.repeat(100_000);
  const text = textOf(
    report({
      findings: [
        finding({
          message: long,
          fix: `${long}\n${long}`,
          related: [{ at: nowhere, message: long }],
        }),
      ],
      notifications: [notification({ message: long })],
    }),
  );
  assert.ok(text.length < 3000, `${text.length}`);
  for (let length = 580; length < 610; length++) {
    const message = `${'x'.repeat(length)}${'😀'.repeat(20)}`;
    assert.doesNotMatch(textOf(report({ findings: [finding({ message })] })), /\p{Surrogate}/u);
  }
});

test('the line of a related place is shown when it is short and in another file', () => {
  const shown = (line: string) => {
    const other = marked('b.yaml', line);
    const related = [{ at: place(other.places), message: 'the Service' }];
    const sources = new Map([['b.yaml', other.text]]);
    return /the Service(.*)/.exec(
      textOf(report({ findings: [finding({ related })], sources })),
    )?.[1];
  };
  assert.equal(shown('  name: «orders»\r\n'), ' (name: orders)');
  assert.equal(shown(`  name: «orders» # ${'x'.repeat(30)}\n`), '');
  assert.equal(shown(`  name: «orders»${' '.repeat(100)}\n`), '');
});

test('colours are our own, and taking them out gives the plain text', () => {
  const coloured = textOf(shop(), { colour: true });
  assert.match(coloured, /\u001b\[31m/);
  assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), textOf(shop()));
});

/** A report in which everything that can come from a repository is hostile. */
const hostileReport: fc.Arbitrary<Report> = fc
  .tuple(
    fc.array(hostileText, { minLength: 14, maxLength: 14 }),
    fc.constantFrom('<stdin>', undefined),
  )
  .map(([texts, stdin]) => {
    const [name = '', renderedFrom = '', before = '', region = '', after = '', ...rest] = texts;
    const path = `d/${name}`;
    const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = '', i = ''] = rest;
    const { text, places } = marked(
      stdin ?? path,
      `${before}«${region}»${after}`,
      stdin === undefined ? undefined : renderedFrom,
    );
    const at = place(places);
    return report({
      findings: [
        finding({
          at,
          message: a,
          related: [{ at: { ...at, path: `d/${b}` }, message: c }],
          fix: d,
          contexts: [e, f],
          identity: g,
          suppression: { kind: 'comment', reason: h, at },
        }),
      ],
      notifications: [
        notification({ message: h, at }),
        notification({ message: i, path: `d/${b}` }),
      ],
      undecided: [{ rule: 'too-few-replicas', at, why: c }],
      sources: new Map([
        [at.path, text],
        [`d/${b}`, text],
      ]),
    });
  });

test('nothing of the repository reaches the terminal as a control or as a command of a CI log', () => {
  fc.assert(
    fc.property(
      hostileReport,
      fc.boolean(),
      fc.integer({ min: 1, max: 200 }),
      (of, debug, width) => {
        const options = { debug, width, show: 'notes' } as const;
        const text = textOf(of, options);
        assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
        assert.doesNotMatch(text, /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
        assert.doesNotMatch(text, /\p{Surrogate}/u);
        assert.doesNotMatch(text, /^\s*::/m);
        assert.doesNotMatch(text, /##(?:vso)?\[/);
        const coloured = textOf(of, { ...options, colour: true });
        assert.equal(coloured.replace(/\u001b\[(?:[124]|22|24|3[1-6]|39)m/g, ''), text);
      },
    ),
    { numRuns: 500 },
  );
});

test('JSON holds what was found, in a fixed order', () => {
  const json = JSON.parse(jsonReport(shop()));
  assert.deepEqual(Object.keys(json), [
    'schemaVersion',
    'tool',
    'complete',
    'counts',
    'findings',
    'suppressed',
    'notifications',
    'undecided',
  ]);
  assert.equal(json.schemaVersion, 1);
  assert.deepEqual(json.counts, {
    errors: 3,
    warnings: 1,
    notes: 0,
    suppressed: 1,
    undecided: 2,
    files: 14,
    resources: 60,
    workloads: 12,
    codeFiles: 0,
    rules: 36,
    unread: 1,
    leftOut: 7,
  });
  assert.deepEqual(json.findings[1], {
    rule: 'too-few-replicas',
    level: 'error',
    message:
      'Deployment orders runs 1 replica; at least 3 are wanted, so one killed pod takes the whole service down',
    location: { path: 'deploy/orders.yaml', line: 7, column: 13, endLine: 7, endColumn: 14 },
    related: [
      {
        message: 'the Service that sends it traffic',
        location: { path: 'deploy/services.yaml', line: 4, column: 9, endLine: 4, endColumn: 15 },
      },
    ],
    fix: 'Run at least 3 replicas of orders, then give it a PodDisruptionBudget (missing-pod-disruption-budget):\nspec:\n  replicas: 3',
    cause: 'too few replicas',
    identity: 'apps/Deployment/shop/orders',
    fingerprint: '3d1f0c9a5b7e2468',
    contexts: [],
    runbook: 'pod-1-replicas',
  });
  assert.equal(json.suppressed[0].suppression.reason, 'only a demo');
  assert.equal(json.suppressed[0].suppression.location.line, 7);
});

test('JSON: the way to a call', () => {
  const flow = [{ at: nowhere, message: 'GET /orders' }];
  const { findings } = JSON.parse(jsonReport(report({ findings: [finding({ flow }), finding()] })));
  assert.deepEqual(findings[0].flow, [
    {
      message: 'GET /orders',
      location: { path: 'deploy/orders.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 },
    },
  ]);
  assert.equal('flow' in findings[1], false);
});

test('JSON: the same findings give the same text, whatever the run took', () => {
  assert.equal(jsonReport({ ...shop(), durationMs: 1 }), jsonReport({ ...shop(), durationMs: 9 }));
  assert.match(jsonReport(shop()), /^\{\n {2}"schemaVersion": 1,\n[\s\S]*\n\}\n$/);
});

test('JSON of hostile text is JSON of the same text, without controls', () => {
  fc.assert(
    fc.property(hostileReport, (of) => {
      const text = jsonReport(of);
      assert.doesNotMatch(
        text,
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
      );
      assert.doesNotMatch(text, /##(?:vso)?\[/);
      const { findings, notifications } = JSON.parse(text);
      const [only] = of.findings;
      const whole = (value = '') => value.replace(/\p{Surrogate}/gu, '\ufffd');
      assert.equal(findings[0].message, whole(only?.message));
      assert.equal(findings[0].location.path, whole(only?.at.path));
      assert.deepEqual(findings[0].contexts, only?.contexts.map(whole));
      assert.equal(notifications[1].message, whole(of.notifications[1]?.message));
    }),
  );
});

/** The names of fields of a value and of what is in it, by path: `findings[].location.line`. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => fieldsOf(entry, `${path}[]`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, entry]) => [
    `${path}.${key}`,
    ...fieldsOf(entry, `${path}.${key}`),
  ]);
}

test('docs/json.md shows and names every field', () => {
  const docs = readFileSync(new URL('../docs/json.md', import.meta.url), 'utf8');
  const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(docs)?.[1] ?? '');
  const printed = fieldsOf(JSON.parse(jsonReport(shop())));
  const shownInExample = new Set(fieldsOf(example));
  for (const field of shownInExample) assert.ok(printed.includes(field), `${field} is not printed`);
  for (const field of printed) {
    const name = field.slice(field.lastIndexOf('.') + 1);
    assert.ok(
      docs.includes(`\`${name}\``) || shownInExample.has(field),
      `${field} is not documented`,
    );
  }
});

test('10,000 findings take less than a second in each format', () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `  replicas: «${i}» # of 日本 service`);
  const of = reportOf('deploy/all.yaml', lines.join('\n'), (places) =>
    places.map((at) =>
      finding({ at, related: [{ at, message: 'the Service that sends it traffic' }] }),
    ),
  );
  // The same in one line: nothing may look at a whole line for each of its findings.
  const flat = reportOf('deploy/all.json', lines.join(' '), (places) =>
    places.map((at) => finding({ at, related: [{ at, message: 'the Service' }] })),
  );
  assert.equal(of.findings.length, 10_000);
  for (const each of [of, flat])
    for (const [format, render] of Object.entries({ textOf, jsonReport, sarifReport })) {
      // Processor time, because other programs may use the machine too.
      const before = process.cpuUsage();
      render(each);
      const { user, system } = process.cpuUsage(before);
      const took = (user + system) / 1000;
      assert.ok(took < 1000, `${format} took ${Math.round(took)} ms`);
    }
});
