/** The shop before and after: what is found in it, and that nothing is left once every fix is applied. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultPolicy } from '../src/config/policy.ts';
import { analyse } from '../src/run.ts';
import { readFolder, repositoryRoot, textOf } from './cases.ts';

const before = readFolder(join(repositoryRoot, 'fixtures/orders-before'));
const after = readFolder(join(repositoryRoot, 'fixtures/orders-after'));

/** Place, text of the line, level and rule of all that is wrong with the shop. */
const WRONG = [
  ['chaos/payments-down.yaml:3', 'kind: PodChaos', 'warning', 'experiment-without-bounds'],
  ['chaos/payments-down.yaml:10', 'selector:', 'error', 'experiment-selects-nothing'],
  ['deploy/cache.yaml:8', 'replicas: 1', 'note', 'too-few-replicas'],
  ['deploy/catalog.yaml:7', 'replicas: 4', 'warning', 'replicas-fight-autoscaler'],
  ['deploy/catalog.yaml:17', '- name: catalog', 'warning', 'missing-resource-requests'],
  ['deploy/catalog.yaml:51', 'minReplicas: 1', 'error', 'autoscaler-floor-too-low'],
  ['deploy/catalog.yaml:56', 'name: cpu', 'error', 'autoscaler-cannot-scale'],
  ['deploy/catalog.yaml:64', 'name: catalog', 'warning', 'orphan-pod-disruption-budget'],
  ['deploy/database.yaml:8', 'replicas: 1', 'note', 'too-few-replicas'],
  ['deploy/database.yaml:39', 'mountPath: /var/lib/postgresql/data', 'warning', 'ephemeral-state'],
  ['deploy/ingress.yaml:24', 'number: 8080', 'error', 'ingress-targets-nothing'],
  ['deploy/mailer.yaml:8', 'replicas: 1', 'warning', 'too-few-replicas'],
  ['deploy/orders.yaml:2', 'kind: Deployment', 'error', 'missing-pod-disruption-budget'],
  ['deploy/orders.yaml:2', 'kind: Deployment', 'note', 'pods-on-one-node'],
  ['deploy/orders.yaml:7', 'replicas: 2', 'error', 'too-few-replicas'],
  ['deploy/orders.yaml:17', '- name: orders', 'error', 'missing-readiness-probe'],
  [
    'deploy/orders.yaml:18',
    'image: registry.example.com/shop/orders:latest',
    'warning',
    'mutable-image-tag',
  ],
  ['deploy/payments.yaml:2', 'kind: Deployment', 'note', 'pods-on-one-node'],
  ['deploy/payments.yaml:16', 'terminationGracePeriodSeconds: 0', 'error', 'zero-grace-period'],
  ['deploy/payments.yaml:28', 'livenessProbe:', 'warning', 'identical-probes'],
  ['deploy/payments.yaml:59', 'minAvailable: 3', 'error', 'blocking-pod-disruption-budget'],
  ['deploy/settle-payments.yaml:2', 'kind: CronJob', 'warning', 'cronjob-overlaps'],
  ['deploy/settle-payments.yaml:2', 'kind: CronJob', 'note', 'job-never-ends'],
] as const;

test('the shop before: everything that is wrong, and nothing else', () => {
  const report = analyse(before, defaultPolicy);
  const found = report.findings.map(({ at, level, rule }) => {
    const line = report.sources.get(at.path)?.split('\n')[at.line - 1]?.trim();
    return [`${at.path}:${at.line}`, line, level, rule];
  });
  assert.deepEqual(found, WRONG);
  assert.deepEqual(report.notifications, []);
});

test('the shop after: silence', () => {
  const report = analyse(after, defaultPolicy);
  assert.equal(textOf(report), '');
  assert.deepEqual(report.notifications, []);
  assert.deepEqual(report.suppressed, []);
  assert.deepEqual(report.undecided, []);
});

test('the shop after is still the shop: the same workloads and Services', () => {
  const counts = (files: typeof before) => analyse(files, defaultPolicy).counts;
  assert.equal(counts(before).workloads, 7);
  assert.equal(counts(after).workloads, 6);
});
