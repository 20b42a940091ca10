/** Predictions follow the semantics of faults: one change of an experiment, a manifest or the code changes the verdict. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPolicy } from '../src/config/policy.ts';
import type { FaultName, Predictions, Thresholds } from '../src/prediction.ts';
import { predictionJson } from '../src/report/prediction-json.ts';
import { predictionMarkdown } from '../src/report/prediction-markdown.ts';
import { predictionText } from '../src/report/prediction-text.ts';
import { analyse } from '../src/run.ts';

const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: payments, namespace: shop }
spec: { selector: { app: payments }, ports: [{ port: 80, targetPort: 8080 }] }
`;

const PAYMENTS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: payments, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: payments } }
  template:
    metadata: { labels: { app: payments } }
    spec:
      terminationGracePeriodSeconds: 30
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: DoNotSchedule
          labelSelector: { matchLabels: { app: payments } }
      containers:
        - name: payments
          image: registry.example.com/shop/payments:1.4.2
          ports: [{ containerPort: 8080 }]
          readinessProbe:
            httpGet: { path: /readyz, port: 8080 }
            initialDelaySeconds: 5
          resources:
            requests: { cpu: 250m, memory: 256Mi }
            limits: { memory: 512Mi }
`;

const BUDGET = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: payments, namespace: shop }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: payments } } }
`;

function experiment(kind: string, spec: string): string {
  return `apiVersion: chaos-mesh.org/v1alpha1
kind: ${kind}
metadata: { name: test, namespace: shop }
spec:
  selector: { labelSelectors: { app: payments } }
${spec.replace(/^(?=.)/gm, '  ')}
`;
}

function predictionsOf(
  texts: readonly string[],
  thresholds: Thresholds = defaultPolicy.thresholds,
): Predictions {
  const files = texts.map((text, index) => ({ path: `deploy/${index}.yaml`, text }));
  const report = analyse(files, { ...defaultPolicy, thresholds }, { predict: true });
  assert.ok(report.predictions);
  return report.predictions;
}

/** The verdict of the experiment, and what is said for it. */
function shown(kind: string, spec: string, payments = PAYMENTS, ...more: readonly string[]) {
  const [found] = predictionsOf([payments, SERVICE, ...more, experiment(kind, spec)]).experiments;
  assert.ok(found);
  return found;
}

/** What is broken in one cell of the matrix. */
function broken(fault: FaultName, ...texts: readonly string[]): readonly string[] {
  const cell = predictionsOf(texts).matrix.find((one) => one.fault === fault);
  assert.ok(cell);
  return cell.reasons.flatMap(({ state, says }) => (state === 'broken' ? [says] : []));
}

const change = (text: string, from: string, to: string) => {
  assert.ok(text.includes(from));
  return text.replace(from, to);
};

test('pods: how many are hit, of how many', () => {
  const kill = (mode: string) => shown('PodChaos', `action: pod-kill\nmode: ${mode}`);
  assert.equal(kill('one').verdict, 'cannot tell', 'who asks is not known');
  assert.equal(kill('all').verdict, 'fails');
  assert.equal(kill("fixed\nvalue: '3'").verdict, 'fails');
  assert.equal(kill("fixed-percent\nvalue: '34'").verdict, 'cannot tell', '34 % of 3 is 1');
  assert.equal(kill("random-max-percent\nvalue: '100'").verdict, 'cannot tell');
  const single = change(PAYMENTS, 'replicas: 3', 'replicas: 1');
  const one = shown('PodChaos', 'action: pod-kill\nmode: one', single);
  assert.equal(one.verdict, 'fails');
  assert.match(one.reasons[0]?.says ?? '', /0 of 1 pod left/);
  const unknown = change(PAYMENTS, 'replicas: 3', `replicas: \${REPLICAS}`);
  assert.equal(shown('PodChaos', 'action: pod-kill\nmode: one', unknown).verdict, 'cannot tell');
});

test('pods: the grace period decides whether the end of the program matters', () => {
  const kill = (grace: number, payments = PAYMENTS) =>
    shown('PodChaos', `action: pod-kill\nmode: one\ngracePeriod: ${grace}`, payments).reasons.map(
      ({ property }) => property,
    );
  assert.ok(!kill(0).includes('loses-requests-on-sigterm'));
  assert.ok(kill(30).includes('loses-requests-on-sigterm'));
  const atOnce = change(PAYMENTS, 'GracePeriodSeconds: 30', 'GracePeriodSeconds: 0');
  assert.deepEqual(broken('pod-kill-with-grace', PAYMENTS, SERVICE), []);
  assert.match(broken('pod-kill-with-grace', atOnce, SERVICE).join(), /grace period is 0/);
  assert.deepEqual(broken('pod-kill', atOnce, SERVICE), [], 'pod-kill gives none in any case');
});

test('pods: the readiness probe, and the time until a pod is back', () => {
  const blind = change(PAYMENTS, 'readinessProbe:', 'livenessProbe:');
  assert.deepEqual(broken('pod-failure', PAYMENTS, SERVICE), []);
  assert.match(broken('pod-failure', blind, SERVICE).join(), /no readiness probe/);
  assert.deepEqual(broken('pod-failure', blind), [], 'without Service nobody is sent to it');
  const late = change(PAYMENTS, 'DelaySeconds: 5', 'DelaySeconds: 180');
  assert.match(broken('pod-kill', late, SERVICE).join(), /180 s .* more than 120 s/);
  const patient = { ...defaultPolicy.thresholds, restartSeconds: 200 };
  const cell = predictionsOf([late, SERVICE], patient).matrix.find(
    ({ fault }) => fault === 'pod-kill',
  );
  assert.notEqual(cell?.verdict, 'fails');
});

test('a pod with ports and no Service may be asked by somebody, one without is asked by nobody', () => {
  const kill = (payments: string) =>
    predictionsOf([payments]).matrix.find(({ fault }) => fault === 'pod-kill')?.verdict;
  assert.equal(kill(PAYMENTS), 'cannot tell');
  assert.equal(kill(change(PAYMENTS, 'ports: [{ containerPort: 8080 }]', '')), 'survives');
});

test('nodes: budgets bound a drain, and no fault of Chaos Mesh', () => {
  assert.deepEqual(broken('node-drain', PAYMENTS, SERVICE, BUDGET), []);
  assert.match(broken('node-drain', PAYMENTS, SERVICE).join(), /no PodDisruptionBudget/);
  const blocks = change(BUDGET, 'maxUnavailable: 1', 'minAvailable: 3');
  assert.match(broken('node-drain', PAYMENTS, SERVICE, blocks).join(), /drain never ends/);
  for (const fault of ['pod-kill', 'pod-failure', 'node-failure'] as const)
    assert.deepEqual(broken(fault, PAYMENTS, SERVICE, blocks), []);
  const single = change(PAYMENTS, 'replicas: 3', 'replicas: 1');
  assert.match(broken('node-failure', single, SERVICE).join(), /after 300 s/);
});

test('nodes: a spread over nodes says nothing of zones', () => {
  const says = (fault: FaultName, payments: string) =>
    predictionsOf([payments, SERVICE])
      .matrix.find((one) => one.fault === fault)
      ?.reasons.filter(
        ({ property, state }) => property === 'pods-share-a-node' && state === 'holds',
      ).length;
  const zones = change(PAYMENTS, 'kubernetes.io/hostname', 'topology.kubernetes.io/zone');
  assert.equal(says('node-failure', PAYMENTS), 1);
  assert.equal(says('zone-failure', PAYMENTS), 0);
  assert.equal(says('zone-failure', zones), 1);
});

test('memory: the size against what is left below the limit', () => {
  const stress = (size: string, payments = PAYMENTS) =>
    shown(
      'StressChaos',
      `mode: one\nduration: 1m\nstressors: { memory: { workers: 1, size: ${size} } }`,
      payments,
    ).verdict;
  assert.equal(stress('200MiB'), 'survives');
  assert.equal(stress('400MiB'), 'cannot tell');
  assert.equal(stress('200MiB', change(PAYMENTS, 'memory: 512Mi', 'memory: 300Mi')), 'cannot tell');
  assert.equal(stress('200MiB', change(PAYMENTS, 'limits: { memory: 512Mi }', '')), 'fails');
});

test('an experiment that injects nothing survives nothing', () => {
  const away = shown(
    'PodChaos',
    'action: pod-kill\nmode: one',
    PAYMENTS.replaceAll('app: payments', 'app: ledger'),
  );
  assert.equal(away.verdict, 'not applicable');
  const delay = (more: string) =>
    shown('NetworkChaos', `action: delay\nmode: all\nduration: 1m\ndelay: { latency: 5s }${more}`);
  const refused = delay('\ndirection: from');
  assert.equal(refused.verdict, 'not applicable');
  assert.match(refused.why ?? '', /refuses direction from without a target/);
  assert.equal(delay('').verdict, 'cannot tell');
  const disk = shown('IOChaos', 'action: latency\nmode: one\ndelay: 1s\nvolumePath: /data');
  assert.equal(disk.verdict, 'not applicable');
  assert.match(disk.why ?? '', /nothing of Deployment payments is mounted at \/data/);
});

test('faults of which nothing is known never survive', () => {
  for (const kind of ['TimeChaos', 'KernelChaos', 'JVMChaos'])
    assert.equal(shown(kind, 'mode: one\nduration: 1m').verdict, 'cannot tell');
  const machine = shown('PhysicalMachineChaos', 'mode: one\naction: process');
  assert.equal(machine.verdict, 'not applicable');
});

test('Schedules, Workflows and Litmus are read too', () => {
  const single = change(PAYMENTS, 'replicas: 3', 'replicas: 1');
  const litmus = (force: string, payments: string) =>
    predictionsOf([
      payments,
      SERVICE,
      `apiVersion: litmuschaos.io/v1alpha1
kind: ChaosEngine
metadata: { name: payments, namespace: shop }
spec:
  appinfo: { appns: shop, applabel: app=payments, appkind: deployment }
  experiments:
    - name: pod-delete
      spec: { components: { env: [{ name: FORCE, value: '${force}' }] } }
`,
    ]).experiments[0];
  assert.equal(litmus('true', single)?.verdict, 'fails');
  assert.equal(litmus('true', PAYMENTS)?.verdict, 'cannot tell');
  assert.match(litmus('false', PAYMENTS)?.injects ?? '', /with their grace period/);
  const [scheduled] = predictionsOf([
    single,
    SERVICE,
    `apiVersion: chaos-mesh.org/v1alpha1
kind: Schedule
metadata: { name: weekly, namespace: shop }
spec:
  schedule: '0 10 * * 1'
  type: PodChaos
  podChaos: { action: pod-failure, mode: one, duration: 1m, selector: { labelSelectors: { app: payments } } }
`,
  ]).experiments;
  assert.equal(scheduled?.verdict, 'fails');
});

test('the rules that found it are named, by the property and not by the fault', () => {
  const single = change(PAYMENTS, 'replicas: 3', 'replicas: 1');
  const [found] = predictionsOf([single, SERVICE]).matrix;
  assert.deepEqual(found?.reasons[0]?.rules, ['too-few-replicas']);
});

test('text, markdown and JSON hold the matrix, the reasons and the experiments', () => {
  const single = change(PAYMENTS, 'replicas: 3', 'replicas: 1');
  const found = predictionsOf([
    single,
    SERVICE,
    experiment('PodChaos', 'action: pod-kill\nmode: one'),
  ]);
  const text = predictionText(found, { colour: false, width: 100, all: false });
  assert.match(text, /Deployment payments +FAIL/);
  assert.match(text, /fix: Run at least 3 pods: replicas: 3 \(pod-1-replicas\)/);
  assert.ok(text.split('\n').every((line) => line.length <= 120));
  assert.match(predictionMarkdown(found), /\| pod-kill \| \*\*fails\*\* \|/);
  const json = JSON.parse(predictionJson(found));
  assert.equal(json.predictions.length, 18);
  assert.equal(json.experiments[0].verdict, 'fails');
});
