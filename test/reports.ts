/** Builds reports by hand, for tests of reporters. Regions are marked in the text of a file: `replicas: «1»`. */
import type { Finding, Report, ReportNotification, RuleDescription } from '../src/finding.ts';
import { type Location, lineStartsOf, locate } from '../src/location.ts';

/** Takes the marks out of a text; gives the text and the marked places in the order of their beginnings. */
export function marked(
  path: string,
  markedText: string,
  renderedFrom?: string,
): { readonly text: string; readonly places: readonly Location[] } {
  let text = '';
  const ranges: [start: number, end: number][] = [];
  const open: number[] = [];
  for (const unit of markedText.split('')) {
    if (unit === '«') {
      open.push(ranges.length);
      ranges.push([text.length, text.length]);
    } else if (unit === '»') {
      const range = ranges[open.pop() ?? -1];
      if (range === undefined) throw new Error(`${path}: a mark is closed that was not opened`);
      range[1] = text.length;
    } else text += unit;
  }
  const file = { path, lineStarts: lineStartsOf(text) };
  return { text, places: ranges.map((range) => locate(file, range, renderedFrom)) };
}

export const tooFewReplicas: RuleDescription = {
  id: 'too-few-replicas',
  side: 'kubernetes',
  title: 'A workload runs fewer replicas than it needs to survive the loss of a pod.',
  level: 'error',
  runbook: 'pod-1-replicas',
  documentation: `# too-few-replicas

A workload runs fewer replicas than it needs to survive the loss of a pod.

## What it looks for

The replicas that are guaranteed: \`spec.replicas\`, or 1 when nothing is written.

## Bad

\`\`\`yaml
kind: Deployment
\`\`\`
`,
  bearsOn: ['no-spare-pod'],
  subject: 'workload',
};

export const missingBudget: RuleDescription = {
  id: 'missing-pod-disruption-budget',
  side: 'kubernetes',
  title: 'No PodDisruptionBudget limits how many pods of a workload may be evicted at once.',
  level: 'error',
  runbook: 'pod-2-disruption-budget',
  documentation: '# missing-pod-disruption-budget\n',
  bearsOn: ['evictions-unbounded'],
  subject: 'workload',
};

export const mutableTag: RuleDescription = {
  id: 'mutable-image-tag',
  side: 'kubernetes',
  title: 'An image tag can mean another image tomorrow.',
  level: 'warning',
  runbook: 'prevention-4-resource-planning',
  documentation: '# mutable-image-tag\n',
  bearsOn: ['unknown-version-after-restart'],
  subject: 'image',
};

/** A place that nothing is known of but its path. */
export const nowhere: Location = {
  path: 'deploy/orders.yaml',
  start: 0,
  end: 0,
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 1,
};

/** A finding: that of one replica of orders, but for what is given. */
export function finding(given: Partial<Finding> = {}): Finding {
  return {
    rule: 'too-few-replicas',
    level: 'error',
    message:
      'Deployment orders runs 1 replica; at least 3 are wanted, so one killed pod takes the whole service down',
    at: nowhere,
    related: [],
    fix: 'Run at least 3 replicas of orders:\nspec:\n  replicas: 3',
    cause: 'too few replicas',
    identity: 'apps/Deployment/shop/orders',
    fingerprint: '3d1f0c9a5b7e2468',
    contexts: [],
    ...given,
  };
}

export function notification(given: Partial<ReportNotification> = {}): ReportNotification {
  return {
    level: 'warning',
    id: 'broken-yaml',
    message: 'This document is not YAML: check the indentation',
    path: 'deploy/broken.yaml',
    ...given,
  };
}

/** A report; the texts of files by path. */
export function report(given: Partial<Report> = {}): Report {
  return {
    version: '0.1.0',
    findings: [],
    suppressed: [],
    rules: [missingBudget, mutableTag, tooFewReplicas],
    notifications: [],
    undecided: [],
    counts: { files: 3, resources: 6, workloads: 2, codeFiles: 0, rules: 3, unread: 0, leftOut: 0 },
    sources: new Map(),
    durationMs: 340,
    complete: true,
    ...given,
  };
}

/** The places of one marked file, and the report that holds its text. */
export function reportOf(
  path: string,
  markedText: string,
  findingsAt: (places: readonly Location[]) => readonly Finding[],
  renderedFrom?: string,
): Report {
  const { text, places } = marked(path, markedText, renderedFrom);
  return report({ findings: findingsAt(places), sources: new Map([[path, text]]) });
}

/** The place of a mark; throws when the text has not so many marks. */
export function place(places: readonly Location[], index = 0): Location {
  const found = places[index];
  if (found === undefined) throw new Error(`There is no mark ${index}`);
  return found;
}

/** A small web shop with one finding of each kind. */
export function shop(): Report {
  const orders = marked(
    'deploy/orders.yaml',
    `apiVersion: apps/v1
kind: «Deployment»
metadata:
  name: orders
  namespace: shop
spec:
  replicas: «1»
  template:
    metadata:
      labels:
        app: orders
    spec:
      containers:
        - name: orders
          image: «ghcr.io/shop/orders:latest»
`,
  );
  const payments = marked(
    'deploy/payments.yaml',
    `apiVersion: apps/v1
kind: «Deployment»
metadata:
  name: payments
spec:
  replicas: 3
---
apiVersion: v1
kind: Service
metadata:
  name: «payments»
`,
  );
  const services = marked(
    'deploy/services.yaml',
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: «orders»\n',
  );
  const budgetFor = (name: string) => `Add a PodDisruptionBudget for ${name}:
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: ${name}`;
  const budget = {
    rule: 'missing-pod-disruption-budget',
    cause: 'no PodDisruptionBudget',
    contexts: ['overlays/eu', 'overlays/us'],
  };
  return report({
    findings: [
      finding({
        ...budget,
        at: place(orders.places, 0),
        message:
          'Deployment orders has 2 replicas and no PodDisruptionBudget selects them; one is wanted, because a node drain may evict them all at once',
        related: [{ at: place(services.places), message: 'the Service that sends it traffic' }],
        fix: budgetFor('orders'),
        fingerprint: '5d41402abc4b2a76',
      }),
      finding({
        at: place(orders.places, 1),
        related: [{ at: place(services.places), message: 'the Service that sends it traffic' }],
        fix: 'Run at least 3 replicas of orders, then give it a PodDisruptionBudget (missing-pod-disruption-budget):\nspec:\n  replicas: 3',
      }),
      finding({
        rule: 'mutable-image-tag',
        level: 'warning',
        cause: 'mutable image tag',
        at: place(orders.places, 2),
        message:
          'ghcr.io/shop/orders:latest can be another image after a restart; a version or a digest is wanted',
        fix: 'Name a version: ghcr.io/shop/orders:1.4.2',
        identity: 'image/ghcr.io/shop/orders',
        fingerprint: '9b74c9897bac770f',
      }),
      finding({
        ...budget,
        at: place(payments.places, 0),
        message:
          'Deployment payments has 3 replicas and no PodDisruptionBudget selects them; one is wanted, because a node drain may evict them all at once',
        related: [{ at: place(payments.places, 1), message: 'the Service that sends it traffic' }],
        fix: budgetFor('payments'),
        identity: 'apps/Deployment/shop/payments',
        fingerprint: '7215ee9c7d9dc229',
      }),
    ],
    suppressed: [
      finding({
        at: place(orders.places, 1),
        suppression: {
          kind: 'comment',
          reason: 'only a demo',
          at: place(orders.places, 1),
        },
      }),
    ],
    notifications: [notification()],
    undecided: [
      { rule: 'too-few-replicas', at: nowhere, why: 'spec.replicas is a placeholder' },
      { rule: 'too-few-replicas', at: nowhere, why: 'an autoscaler may be unseen' },
    ],
    counts: {
      files: 14,
      resources: 60,
      workloads: 12,
      codeFiles: 0,
      rules: 36,
      unread: 1,
      leftOut: 7,
    },
    sources: new Map([
      ['deploy/orders.yaml', orders.text],
      ['deploy/payments.yaml', payments.text],
      ['deploy/services.yaml', services.text],
    ]),
  });
}
