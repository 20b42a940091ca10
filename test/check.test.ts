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
      assert.equal(seen([file('a.yaml', text)]).length, 1, text);
  });

  it('tells what silences nothing', () => {
    const told = (text: string) =>
      analyse([file('a.yaml', text)], onlyReplicas).notifications.map(
        ({ id, at }) => `${id}:${at?.line}`,
      );
    assert.deepEqual(told(comment('too-few-replicas')), ['incomplete-directive:6']);
    assert.deepEqual(told(comment('too-few-replica -- why')), ['unknown-rule:6']);
    assert.deepEqual(told(annotated('')), ['incomplete-directive:6']);
    assert.deepEqual(told(annotated('why').replace('replicas: "', 'replica: "')), [
      'unknown-rule:6',
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
