/** From files to findings: levels, silencing, contexts, selection, what a defect of a rule does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { check, highestLevel, levelOf } from '../src/check.ts';
import { defaultPolicy, type Policy } from '../src/config/policy.ts';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import type { SourceFile } from '../src/facts.ts';
import { link } from '../src/model/link/link.ts';
import { type AnyRule, defineRule } from '../src/rule.ts';
import { analyse } from '../src/run.ts';

function policy(changes: Partial<Policy> = {}): Policy {
  return { ...defaultPolicy, ...changes };
}

const onlyReplicas = policy({ only: new Set(['too-few-replicas']) });

function deployment(name: string, above = '', annotations = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
${annotations}spec:
${above}  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: api, image: acme/${name}:1.0.0 }]
`;
}

const file = (path: string, text: string): SourceFile => ({ path, text });
const seen = (files: readonly SourceFile[], wanted = onlyReplicas) =>
  analyse(files, wanted).findings.map(
    ({ rule, level, at }) => `${at.path}:${at.line} ${level} ${rule}`,
  );

const probe = defineRule({
  id: 'probe-of-the-test',
  title: 'Says the name of every workload.',
  cause: 'a name',
  subject: 'workload',
  levels: { plain: 'warning', advice: 'strict' },
  runbook: 'none',
  bearsOn: [],
  fix: 'nothing',
  *check(workload) {
    yield { at: workload.nameAt, message: workload.name, key: 'plain' };
    yield { at: workload.nameAt, message: workload.name, as: 'advice', key: 'advice' };
  },
});

const adviceOnly = { ...probe, levels: { plain: 'strict', advice: 'strict' } } as AnyRule;

describe('levels', () => {
  it('are those of the preset', () => {
    assert.equal(levelOf(probe, 'plain', policy()), 'warning');
    assert.equal(levelOf(probe, 'advice', policy()), 'off');
    assert.equal(levelOf(probe, 'advice', policy({ preset: 'strict' })), 'note');
    assert.equal(highestLevel(adviceOnly, policy()), 'off');
  });

  it('of the policy hold for all variants, but bring no advice to a rule that has more', () => {
    const rules = new Map([[probe.id, { level: 'error' }]] as const);
    assert.equal(levelOf(probe, 'plain', policy({ rules })), 'error');
    assert.equal(levelOf(probe, 'advice', policy({ rules })), 'off');
    assert.equal(levelOf(probe, 'advice', policy({ rules, preset: 'strict' })), 'error');
    assert.equal(levelOf(adviceOnly, 'plain', policy({ rules })), 'error');
  });

  it('off, and rules that were not asked for', () => {
    const rules = new Map([[probe.id, { level: 'off' }]] as const);
    assert.equal(highestLevel(probe, policy({ rules, preset: 'strict' })), 'off');
    assert.equal(highestLevel(probe, policy({ only: new Set(['other']) })), 'off');
  });
});

describe('silencing', () => {
  const comment = (text: string) =>
    deployment('orders', `  # chaoslint-disable-next-line ${text}\n`);
  const annotated = (reason: string) =>
    deployment(
      'orders',
      '',
      `  annotations:\n    chaoslint.dev/ignore.too-few-replicas: "${reason}"\n`,
    );

  it('by a comment with a reason', () => {
    const report = analyse(
      [file('a.yaml', comment('too-few-replicas -- one is enough'))],
      onlyReplicas,
    );
    assert.deepEqual(report.findings, []);
    assert.deepEqual(
      report.suppressed.map(({ rule, suppression }) => [
        rule,
        suppression?.kind,
        suppression?.reason,
      ]),
      [['too-few-replicas', 'comment', 'one is enough']],
    );
    assert.deepEqual(report.notifications, []);
  });

  it('by an annotation with a reason', () => {
    const report = analyse([file('a.yaml', annotated('one is enough'))], onlyReplicas);
    assert.deepEqual(report.findings, []);
    assert.equal(report.suppressed[0]?.suppression?.kind, 'annotation');
  });

  it('not without a reason, not for another rule, not on another line, not in a string', () => {
    for (const text of [
      comment('too-few-replicas'),
      comment('naked-pod -- one is enough'),
      annotated(''),
      deployment('orders').replace(
        'kind:',
        '# chaoslint-disable-next-line too-few-replicas -- far\nkind:',
      ),
      deployment(
        'orders',
        '',
        '  annotations:\n    note: |\n      # chaoslint-disable-next-line too-few-replicas -- no comment\n',
      ),
    ])
      assert.deepEqual(
        seen([file('a.yaml', text)]).filter((line) => line.endsWith(' too-few-replicas')).length,
        1,
        text,
      );
  });

  const told = (text: string, changes: Partial<Policy> = {}) =>
    analyse([file('a.yaml', text)], { ...onlyReplicas, ...changes }).findings.map(
      ({ rule, level, at }) => `${rule}:${at.line} ${level}`,
    );

  it('that silences nothing is a finding, whatever else was asked for', () => {
    assert.deepEqual(told(comment('too-few-replicas')), [
      'incomplete-directive:6 warning',
      'too-few-replicas:7 warning',
    ]);
    assert.deepEqual(told(comment('too-few-replica -- why')), [
      'unknown-rule:6 warning',
      'too-few-replicas:7 warning',
    ]);
    assert.deepEqual(told(annotated('')), [
      'incomplete-directive:6 warning',
      'too-few-replicas:8 warning',
    ]);
    assert.deepEqual(told(annotated('why').replace('replicas: "', 'replica: "')), [
      'unknown-rule:6 warning',
      'too-few-replicas:8 warning',
    ]);
    const off = new Map([['unknown-rule', { level: 'off' }]] as const);
    assert.deepEqual(told(comment('too-few-replica -- why'), { rules: off }), [
      'too-few-replicas:7 warning',
    ]);
  });

  const forms: readonly (readonly [name: string, text: string])[] = [
    [
      'its own line',
      deployment('orders').replace(
        'replicas: 1',
        'replicas: 1 # chaoslint-disable-line too-few-replicas -- one',
      ),
    ],
    [
      'a block',
      `# chaoslint-disable too-few-replicas, naked-pod -- one\n${deployment('orders')}# chaoslint-enable\n`,
    ],
    [
      'the rest of the file',
      `# chaoslint-disable too-few-replicas -- one\n${deployment('orders')}`,
    ],
    [
      'an annotation of the pod template',
      deployment('orders').replace(
        'metadata: { labels: { app: orders } }',
        'metadata: { labels: { app: orders }, annotations: { chaoslint.dev/ignore.too-few-replicas: one } }',
      ),
    ],
  ];
  for (const [name, text] of forms)
    it(`by ${name}`, () => {
      const report = analyse([file('a.yaml', text)], onlyReplicas);
      assert.deepEqual(
        report.findings.map(({ rule }) => rule),
        [],
      );
      assert.deepEqual(
        report.suppressed.map(({ rule, suppression }) => [rule, suppression?.reason]),
        [['too-few-replicas', 'one']],
      );
    });

  it('by a block ends where the block ends', () => {
    const block = (rules: string) =>
      `# chaoslint-disable too-few-replicas -- one\n# chaoslint-enable${rules}\n${deployment('orders')}`;
    for (const rules of ['', ' too-few-replicas'])
      assert.deepEqual(told(block(rules)), [
        'unused-directive:1 warning',
        'too-few-replicas:8 warning',
      ]);
    // Another rule ends nothing, and is told.
    assert.deepEqual(told(block(' naked-pod')), ['unused-directive:2 warning']);
  });

  it('that is of no use any more is a finding; where that cannot be known it is not', () => {
    const fine = (text: string) => text.replace('replicas: 1', 'replicas: 3');
    const unused = 'unused-directive:6 warning';
    assert.deepEqual(told(fine(comment('too-few-replicas -- one'))), [unused]);
    assert.deepEqual(told(fine(annotated('one'))), [unused]);
    // The other rule did not run.
    assert.deepEqual(told(fine(comment('naked-pod -- one'))), []);
    // The number is not known.
    assert.deepEqual(
      told(comment('too-few-replicas -- one').replace('replicas: 1', 'replicas: $(COUNT)')),
      [],
    );
    // There may be more in the project.
    const files = [file('a.yaml', fine(comment('too-few-replicas -- one')))];
    assert.deepEqual(analyse(files, onlyReplicas, { isPartial: true }).findings, []);
    assert.deepEqual(analyse(files, onlyReplicas, { selects: () => false }).findings, []);
  });

  it('of advice that this preset does not show is of use', () => {
    const rules = new Set(['missing-cpu-limit']);
    const text = deployment('orders').replace(
      'containers: [{ name: api, image: acme/orders:1.0.0 }]',
      'containers:\n        # chaoslint-disable-next-line missing-cpu-limit -- bursts\n        - { name: api, image: "acme/orders:1.0.0", resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } } }',
    );
    const own = (changes: Partial<Policy>) =>
      analyse([file('a.yaml', text)], policy({ only: rules, ...changes }));
    assert.deepEqual(own({}).findings, []);
    assert.equal(own({ preset: 'strict' }).suppressed.length, 1);
  });
});

describe('exceptions of the policy', () => {
  const exception = (changes: Partial<Policy['suppress'][number]>): Policy =>
    policy({
      ...onlyReplicas,
      suppress: [
        {
          rules: ['too-few-replicas'],
          paths: [],
          reason: 'agreed',
          isExpired: false,
          at: {
            path: '.chaoslint.yaml',
            start: 0,
            end: 1,
            line: 1,
            column: 1,
            endLine: 1,
            endColumn: 2,
          },
          ...changes,
        },
      ],
      files: [{ path: '.chaoslint.yaml', text: 'suppress: []\n' }],
    });
  const files = [
    file('deploy/a.yaml', deployment('orders')),
    file('legacy/b.yaml', deployment('payments')),
  ];
  const left = (changes: Partial<Policy['suppress'][number]>) =>
    seen(files, exception(changes)).map((line) => line.replace(/:\d+ \w+/, ''));

  it('silence by rule, path and object', () => {
    assert.deepEqual(left({}), []);
    assert.deepEqual(left({ paths: ['legacy/'] }), ['deploy/a.yaml too-few-replicas']);
    assert.deepEqual(left({ about: 'apps/Deployment/_/orders' }), [
      'legacy/b.yaml too-few-replicas',
    ]);
    const [one] = analyse(files, exception({})).suppressed;
    assert.deepEqual([one?.suppression?.kind, one?.suppression?.reason], ['policy', 'agreed']);
  });

  it('that have ended, or are of no use, are findings at the policy file', () => {
    assert.deepEqual(left({ isExpired: true, until: '2026-01-01' }), [
      '.chaoslint.yaml expired-suppression',
      'deploy/a.yaml too-few-replicas',
      'legacy/b.yaml too-few-replicas',
    ]);
    assert.deepEqual(left({ paths: ['gone/'] }), [
      '.chaoslint.yaml unused-directive',
      'deploy/a.yaml too-few-replicas',
      'legacy/b.yaml too-few-replicas',
    ]);
  });
});

describe('settings for some files', () => {
  const files = [
    file('deploy/a.yaml', deployment('orders')),
    file('legacy/b.yaml', deployment('payments')),
  ];
  const override = (...settings: readonly (readonly [string, object])[]) =>
    policy({
      ...onlyReplicas,
      overrides: settings.map(([glob, setting]) => ({
        files: [glob],
        rules: new Map([['too-few-replicas', setting]]),
      })),
    });

  it('change levels and options there, the last one wins', () => {
    assert.deepEqual(seen(files, override(['legacy/', { level: 'off' }])), [
      'deploy/a.yaml:6 warning too-few-replicas',
    ]);
    assert.deepEqual(
      seen(files, override(['legacy/', { level: 'off' }], ['*.yaml', { level: 'error' }])),
      ['deploy/a.yaml:6 error too-few-replicas', 'legacy/b.yaml:6 error too-few-replicas'],
    );
    assert.deepEqual(seen(files, override(['legacy/', { options: { min: 1 } }])), [
      'deploy/a.yaml:6 warning too-few-replicas',
    ]);
  });

  it('switch a rule on that is off elsewhere', () => {
    const rules = new Map([['too-few-replicas', { level: 'off' }]] as const);
    assert.deepEqual(seen(files, { ...override(['deploy/', { level: 'note' }]), rules }), [
      'deploy/a.yaml:6 note too-few-replicas',
    ]);
  });
});

describe('findings', () => {
  const overlay = (name: string) =>
    file(`overlays/${name}/kustomization.yaml`, 'resources: [../../base]\n');
  const base = [
    file('base/kustomization.yaml', 'resources: [orders.yaml]\n'),
    file('base/orders.yaml', deployment('orders')),
  ];

  it('in several contexts are one, with the names of the contexts', () => {
    const { findings } = analyse([...base, overlay('america'), overlay('europe')], onlyReplicas);
    assert.deepEqual(
      findings.map(({ at, contexts }) => [at.path, at.line, contexts]),
      [['base/orders.yaml', 6, ['overlays/america', 'overlays/europe']]],
    );
  });

  it('of production stay away from other environments', () => {
    assert.deepEqual(seen([...base, overlay('dev')]), []);
    const lab = policy({
      ...onlyReplicas,
      environments: { production: ['dev'], nonProduction: [] },
    });
    assert.equal(seen([...base, overlay('dev')], lab).length, 1);
  });

  it('are reported when their place or a related place is selected', () => {
    const files = [
      file('orders.yaml', deployment('orders')),
      file(
        'services.yaml',
        'apiVersion: v1\nkind: Service\nmetadata: { name: orders }\nspec: { selector: { app: orders }, ports: [{ port: 80 }] }\n',
      ),
      file('payments.yaml', deployment('payments')),
    ];
    const selected = (path: string) =>
      analyse(files, onlyReplicas, { selects: (other) => other === path }).findings.map(
        ({ at }) => at.path,
      );
    assert.deepEqual(selected('orders.yaml'), ['orders.yaml']);
    assert.deepEqual(selected('services.yaml'), ['orders.yaml']);
    assert.deepEqual(selected('payments.yaml'), ['payments.yaml']);
  });

  it('on copies of one object are one, at the smallest copy, and name the others', () => {
    const other = deployment('payments');
    const files = [
      file('release/all.yaml', `${deployment('orders')}---\n${other}`),
      file('services/orders.yaml', deployment('orders')),
      file('services/payments.yaml', other.replace('replicas: 1', 'replicas: 2')),
    ];
    const places = (selects?: (path: string) => boolean) =>
      analyse(files, onlyReplicas, selects === undefined ? {} : { selects }).findings.map(
        ({ at, related, message }) => [
          at.path,
          related.map((copy) => copy.at.path),
          message.slice(0, 31),
        ],
      );
    assert.deepEqual(places(), [
      // Another number is another finding.
      ['release/all.yaml', [], 'Deployment payments runs 1 repl'],
      ['services/orders.yaml', ['release/all.yaml'], 'Deployment orders runs 1 replic'],
      ['services/payments.yaml', [], 'Deployment payments runs 2 repl'],
    ]);
    assert.deepEqual(
      places((path) => path === 'release/all.yaml').map(([path]) => path),
      ['release/all.yaml', 'release/all.yaml'],
    );
  });

  it('on two objects of one name that run different images are two', () => {
    const other = deployment('orders').replace('acme/orders', 'acme/shop-orders');
    assert.equal(seen([file('a/o.yaml', deployment('orders')), file('b/o.yaml', other)]).length, 2);
  });

  it('on a copy that is silenced leave the others', () => {
    const silenced = deployment(
      'orders',
      '  # chaoslint-disable-next-line too-few-replicas -- one\n',
    );
    assert.deepEqual(seen([file('a/o.yaml', silenced), file('b/o.yaml', deployment('orders'))]), [
      'b/o.yaml:6 warning too-few-replicas',
    ]);
  });

  it('keep their fingerprint when lines move, and differ from each other', () => {
    const prints = (files: readonly SourceFile[]) =>
      analyse(files, onlyReplicas).findings.map(({ fingerprint }) => fingerprint);
    const one = prints([file('a.yaml', deployment('orders'))]);
    assert.equal(one.length, 1);
    assert.deepEqual(prints([file('a.yaml', `# moved\n\n${deployment('orders')}`)]), one);
    assert.deepEqual(prints([file('apps/b.yaml', deployment('orders'))]), one);
    const twice = prints([file('a.yaml', `${deployment('orders')}---\n${deployment('orders')}`)]);
    assert.equal(new Set(twice).size, twice.length);
  });
});

it('a rule that throws is told, and nothing else is lost', () => {
  const broken = defineRule({
    ...probe,
    id: 'broken-rule',
    levels: { plain: 'error' },
    // biome-ignore lint/correctness/useYield: it throws before it has anything to say
    *check() {
      throw new Error('no such field');
    },
  });
  const facts = [extractManifest(file('a.yaml', deployment('orders')))];
  const result = check(
    link(facts, defaultPolicy),
    facts,
    [broken, probe],
    defaultPolicy,
    () => true,
  );
  assert.equal(result.crashed, true);
  assert.deepEqual(
    result.findings.map(({ rule, message }) => [rule, message]),
    [['probe-of-the-test', 'orders']],
  );
  const [told] = result.notifications;
  assert.equal(told?.id, 'rule-crashed');
  assert.match(told?.message ?? '', /^broken-rule stopped at Deployment orders \(no such field\)/);
});
