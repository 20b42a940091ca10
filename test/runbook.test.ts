/**
 * The runbook as a mutation test: on a service that has every fix, even the preset `strict` finds nothing;
 * without any single one of them, exactly the rules that claim it speak.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rules } from '../rules/index.ts';
import { defaultPolicy } from '../src/config/policy.ts';
import type { SourceFile } from '../src/facts.ts';
import { analyse } from '../src/run.ts';

const STRICT = { ...defaultPolicy, preset: 'strict' } as const;

const fixture = new URL('../fixtures/runbook/', import.meta.url);
const runbook = readFileSync(new URL('../rules/RUNBOOK.md', import.meta.url), 'utf8');

const whole: readonly SourceFile[] = readdirSync(fixture, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.yaml'))
  .sort()
  .map((path) => ({ path, text: readFileSync(new URL(path, fixture), 'utf8') }));

/** One edit: `find` must stand in the file exactly once. `remove` takes the whole file away. */
type Edit =
  | { readonly file: string; readonly find: string; readonly replace: string }
  | { readonly file: string; readonly remove: true };

function textOf(path: string): string {
  const file = whole.find((candidate) => candidate.path === path);
  assert.ok(file, `${path} is not in the fixture`);
  return file.text;
}

function edited(edits: readonly Edit[]): readonly SourceFile[] {
  let files = whole;
  for (const edit of edits) {
    const file = files.find(({ path }) => path === edit.file);
    assert.ok(file, `${edit.file} is not in the fixture`);
    if ('remove' in edit) {
      files = files.filter((other) => other !== file);
      continue;
    }
    assert.equal(file.text.split(edit.find).length, 2, `once in ${edit.file}: ${edit.find}`);
    const text = file.text.replace(edit.find, () => edit.replace);
    files = files.map((other) => (other === file ? { path: file.path, text } : other));
  }
  return files;
}

function speaking(files: readonly SourceFile[]): string[] {
  const { findings } = analyse(files, STRICT);
  return [...new Set(findings.map(({ rule }) => rule))].sort();
}

interface Mutant {
  /** Anchor of RUNBOOK.md. */
  readonly fix: string;
  readonly without: string;
  readonly edits: readonly Edit[];
  readonly rules: readonly string[];
}

const change = (file: string, find: string, replace: string): Edit => ({ file, find, replace });
const ORCHESTRATOR = 'orchestrator.yaml';
const PDB = 'orchestrator-pdb.yaml';
const HPA = 'orchestrator-hpa.yaml';
const COLLECTOR = 'collector.yaml';
const EVENTS = 'events.yaml';
const MESH = 'mesh.yaml';
const REPORT = 'report.yaml';
const ALERTS = 'alerts.yaml';
const CHAOS = 'chaos/schedules.yaml';

const STRATEGY =
  '  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n';
const READINESS = `          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            initialDelaySeconds: 10
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 3
`;
const LIVENESS = `          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
            timeoutSeconds: 3
            failureThreshold: 6
`;
const STARTUP = `          startupProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 12
`;
const FIXED = change(ORCHESTRATOR, STRATEGY, `  replicas: 3\n${STRATEGY}`);

const mutants: readonly Mutant[] = [
  {
    fix: 'pod-1-replicas',
    without: 'three replicas',
    edits: [change(COLLECTOR, 'replicas: 3', 'replicas: 1')],
    rules: ['too-few-replicas'],
  },
  {
    fix: 'pod-1-replicas',
    without: 'the rolling update',
    edits: [change(ORCHESTRATOR, STRATEGY, '  strategy:\n    type: Recreate\n')],
    rules: ['rollout-drops-capacity'],
  },
  {
    fix: 'pod-1-replicas',
    without: 'maxUnavailable 0',
    edits: [change(ORCHESTRATOR, 'maxUnavailable: 0', 'maxUnavailable: 2')],
    rules: ['rollout-drops-capacity'],
  },
  {
    fix: 'pod-1-replicas',
    without: 'a rollout that lets the volume go',
    edits: [
      change(
        COLLECTOR,
        '      containers:\n',
        '      volumes:\n        - name: routes\n          persistentVolumeClaim:\n            claimName: routes\n      containers:\n',
      ),
      change(
        COLLECTOR,
        '---\n',
        '---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: routes\n  namespace: bgp-orchestrator\nspec:\n  accessModes: [ReadWriteOnce]\n---\n',
      ),
    ],
    rules: ['rollout-deadlocks-on-volume'],
  },
  {
    fix: 'pod-1-replicas',
    without: 'the spread over nodes',
    edits: [change(ORCHESTRATOR, 'topologyKey: kubernetes.io/hostname', 'topologyKey: rack')],
    rules: ['pods-on-one-node'],
  },
  {
    fix: 'pod-1-replicas',
    without: 'a free choice of the node',
    edits: [
      change(
        ORCHESTRATOR,
        'containerPort: 8000',
        'containerPort: 8000\n              hostPort: 8000',
      ),
    ],
    rules: ['pinned-to-node'],
  },
  {
    fix: 'pod-1-replicas',
    without: 'a controller',
    edits: [
      change(
        COLLECTOR,
        textOf(COLLECTOR).match(/apiVersion: apps\/v1[\s\S]*?\n {4}spec:\n/)?.[0] ?? '',
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: route-collector\n  namespace: bgp-orchestrator\n  labels:\n    app: route-collector\nspec:\n',
      ),
    ],
    rules: ['blocking-pod-disruption-budget', 'naked-pod'],
  },
  {
    fix: 'pod-1-replicas',
    without: 'its own selector',
    edits: [
      change(
        COLLECTOR,
        '  selector:\n    matchLabels:\n      app: route-collector\n  template:',
        '  selector:\n    matchLabels:\n      app: collector\n  template:',
      ),
    ],
    rules: ['selector-mismatch'],
  },
  {
    fix: 'pod-2-disruption-budget',
    without: 'a budget',
    edits: [{ file: PDB, remove: true }],
    rules: ['missing-pod-disruption-budget'],
  },
  {
    fix: 'pod-2-disruption-budget',
    without: 'room for an eviction',
    edits: [change(PDB, 'minAvailable: 2', 'minAvailable: 3')],
    rules: ['blocking-pod-disruption-budget'],
  },
  {
    fix: 'pod-2-disruption-budget',
    without: 'a bound',
    edits: [change(PDB, 'minAvailable: 2', 'minAvailable: 0')],
    rules: ['toothless-pod-disruption-budget'],
  },
  {
    fix: 'pod-2-disruption-budget',
    without: 'the right labels',
    edits: [change(PDB, '      app: bgp-orchestrator', '      app: bgp-orchestrater')],
    rules: ['missing-pod-disruption-budget', 'orphan-pod-disruption-budget'],
  },
  {
    fix: 'pod-2-disruption-budget',
    without: 'being the only budget',
    edits: [
      change(
        COLLECTOR,
        '---\n',
        '---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: collectors\n  namespace: bgp-orchestrator\nspec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: route-collector\n---\n',
      ),
    ],
    rules: ['overlapping-pod-disruption-budgets'],
  },
  {
    fix: 'pod-3-graceful-shutdown',
    without: 'a grace period',
    edits: [
      change(ORCHESTRATOR, 'terminationGracePeriodSeconds: 30', 'terminationGracePeriodSeconds: 0'),
    ],
    rules: ['zero-grace-period'],
  },
  {
    fix: 'pod-3-graceful-shutdown',
    without: 'a preStop delay',
    edits: [
      change(
        ORCHESTRATOR,
        '          lifecycle:\n            preStop:\n              sleep:\n                seconds: 5\n',
        '',
      ),
    ],
    rules: ['missing-pre-stop-delay'],
  },
  {
    fix: 'pod-4-readiness-probe',
    without: 'a readiness probe',
    edits: [change(ORCHESTRATOR, READINESS, '')],
    rules: ['experiment-will-fail', 'missing-readiness-probe'],
  },
  {
    fix: 'pod-4-readiness-probe',
    without: 'a liveness probe',
    edits: [change(ORCHESTRATOR, LIVENESS, '')],
    rules: ['missing-liveness-probe'],
  },
  {
    fix: 'pod-4-readiness-probe',
    without: 'a declared port',
    edits: [change(ORCHESTRATOR, READINESS, READINESS.replace('port: http', 'port: web'))],
    rules: ['probe-port-not-declared'],
  },
  {
    fix: 'pod-4-readiness-probe',
    without: 'a liveness probe of its own',
    edits: [change(ORCHESTRATOR, LIVENESS, READINESS.replace('readinessProbe', 'livenessProbe'))],
    rules: ['identical-probes'],
  },
  {
    fix: 'pod-4-readiness-probe',
    without: 'time to start',
    edits: [
      change(ORCHESTRATOR, STARTUP, ''),
      change(ORCHESTRATOR, 'failureThreshold: 6', 'failureThreshold: 1'),
    ],
    rules: ['impatient-liveness-probe'],
  },
  {
    fix: 'pod-4-readiness-probe',
    without: 'a Service that selects the pods',
    edits: [
      change(
        ORCHESTRATOR,
        '  selector:\n    app: bgp-orchestrator\n',
        '  selector:\n    app: bgp-orchestrater\n',
      ),
    ],
    rules: ['service-selects-nothing'],
  },
  {
    fix: 'pod-4-readiness-probe',
    without: 'an Ingress that finds the Service',
    edits: [
      change(
        ORCHESTRATOR,
        '                name: bgp-orchestrator\n',
        '                name: bgp-orchestrater\n',
      ),
    ],
    rules: ['ingress-targets-nothing'],
  },
  {
    fix: 'indicator-restart-time',
    without: 'a pod that is ready within 2 minutes',
    edits: [change(ORCHESTRATOR, 'initialDelaySeconds: 10', 'initialDelaySeconds: 150')],
    rules: ['experiment-will-fail', 'slow-recovery'],
  },
  {
    fix: 'indicator-data-loss',
    without: 'a persistent volume',
    edits: [
      change(
        EVENTS,
        '  volumeClaimTemplates:\n    - metadata:\n        name: data\n      spec:\n        accessModes: [ReadWriteOnce]\n        resources:\n          requests:\n            storage: 20Gi\n',
        '',
      ),
      change(
        EVENTS,
        '      containers:\n',
        '      volumes:\n        - name: data\n          emptyDir: {}\n      containers:\n',
      ),
    ],
    rules: ['ephemeral-state'],
  },
  {
    fix: 'stress-1-resources',
    without: 'requests',
    edits: [
      change(
        COLLECTOR,
        '          resources:\n            requests:\n              cpu: 500m\n              memory: 512Mi\n            limits:\n              cpu: 1000m\n              memory: 1Gi\n',
        '          resources:\n            limits:\n              cpu: 1000m\n',
      ),
    ],
    rules: ['missing-resource-requests'],
  },
  {
    fix: 'stress-1-resources',
    without: 'a memory limit',
    edits: [change(COLLECTOR, '              memory: 1Gi\n', '')],
    rules: ['missing-memory-limit'],
  },
  {
    fix: 'stress-1-resources',
    without: 'a CPU limit',
    edits: [change(COLLECTOR, '              cpu: 1000m\n', '')],
    rules: ['missing-cpu-limit'],
  },
  {
    fix: 'stress-4-autoscaling',
    without: 'an autoscaler',
    edits: [FIXED, { file: HPA, remove: true }],
    rules: ['missing-autoscaler'],
  },
  {
    fix: 'stress-4-autoscaling',
    without: 'a floor of three',
    edits: [change(HPA, 'minReplicas: 3', 'minReplicas: 2')],
    rules: ['autoscaler-floor-too-low', 'blocking-pod-disruption-budget'],
  },
  {
    fix: 'stress-4-autoscaling',
    without: 'room above the floor',
    edits: [change(HPA, 'maxReplicas: 10', 'maxReplicas: 3')],
    rules: ['autoscaler-cannot-scale'],
  },
  {
    fix: 'stress-4-autoscaling',
    without: 'requests to measure by',
    edits: [
      change(
        ORCHESTRATOR,
        '            requests:\n              cpu: 1000m\n              memory: 2Gi\n            limits:\n              cpu: 2000m\n              memory: 4Gi\n',
        '            requests:\n              memory: 2Gi\n            limits:\n              memory: 4Gi\n',
      ),
    ],
    rules: ['autoscaler-cannot-scale', 'missing-cpu-limit', 'missing-resource-requests'],
  },
  {
    fix: 'stress-4-autoscaling',
    without: 'an existing target',
    edits: [FIXED, change(HPA, '    name: bgp-orchestrator\n', '    name: bgp-orchestrater\n')],
    rules: ['autoscaler-targets-nothing', 'missing-autoscaler'],
  },
  {
    fix: 'stress-4-autoscaling',
    without: 'one owner of the number',
    edits: [FIXED],
    rules: ['replicas-fight-autoscaler'],
  },
  {
    fix: 'network-2-timeouts',
    without: 'a timeout in the mesh',
    edits: [change(MESH, '    - timeout: 3s\n      retries:', '    - retries:')],
    rules: ['mesh-route-without-timeout'],
  },
  {
    fix: 'network-2-timeouts',
    without: 'room for the retries',
    edits: [change(MESH, 'perTryTimeout: 1s', 'perTryTimeout: 2s')],
    rules: ['mesh-route-without-timeout'],
  },
  {
    fix: 'network-3-circuit-breaker',
    without: 'outlier detection',
    edits: [
      change(
        MESH,
        '    outlierDetection:\n      consecutive5xxErrors: 5\n      interval: 10s\n      baseEjectionTime: 60s\n',
        '    connectionPool:\n      tcp:\n        maxConnections: 100\n',
      ),
    ],
    rules: ['mesh-without-outlier-detection'],
  },
  {
    fix: 'prevention-1-regular-testing',
    without: 'a target',
    edits: [
      change(CHAOS, 'app: bgp-orchestrator\n    delay:', 'app: bgp-orchestrater\n    delay:'),
    ],
    rules: ['experiment-selects-nothing'],
  },
  {
    fix: 'prevention-1-regular-testing',
    without: 'an end',
    edits: [change(CHAOS, '    mode: all\n    duration: 5m\n', '    mode: all\n')],
    rules: ['experiment-without-bounds'],
  },
  {
    fix: 'prevention-1-regular-testing',
    without: 'an experiment for each workload',
    edits: [change(CHAOS, '        app: route-collector\n', '        app: bgp-orchestrator\n')],
    rules: ['workload-without-experiment'],
  },
  {
    fix: 'prevention-1-regular-testing',
    without: 'a schedule',
    edits: [
      change(
        CHAOS,
        textOf(CHAOS),
        // Each Schedule becomes the experiment that it holds.
        textOf(CHAOS).replace(
          /kind: Schedule\n([\s\S]*?)spec:\n {2}schedule: .*\n {2}type: (\w+)\n {2}concurrencyPolicy: .*\n {2}historyLimit: .*\n {2}\w+Chaos:\n/g,
          'kind: $2\n$1spec:\n',
        ),
      ),
    ],
    rules: ['experiment-not-scheduled'],
  },
  {
    fix: 'prevention-2-observability',
    without: 'an alert on an indicator',
    edits: [
      change(
        ALERTS,
        '        - alert: PoolExhausted\n          expr: max(db_pool_connections_waiting{job="bgp-orchestrator"}) > 0\n',
        '        - alert: QueueLong\n          expr: max(queue_messages_ready{job="bgp-orchestrator"}) > 1000\n',
      ),
    ],
    rules: ['alert-missing-for-indicator'],
  },
  {
    fix: 'prevention-4-resource-planning',
    without: 'a fixed image',
    edits: [change(ORCHESTRATOR, 'bgp-orchestrator:1.12.0', 'bgp-orchestrator:latest')],
    rules: ['mutable-image-tag'],
  },
  {
    fix: 'prevention-4-resource-planning',
    without: 'jobs that do not overlap',
    edits: [change(REPORT, '  concurrencyPolicy: Forbid\n', '')],
    rules: ['cronjob-overlaps'],
  },
  {
    fix: 'prevention-4-resource-planning',
    without: 'a deadline to start',
    edits: [change(REPORT, '  startingDeadlineSeconds: 600\n', '')],
    rules: ['cronjob-overlaps'],
  },
  {
    fix: 'prevention-4-resource-planning',
    without: 'jobs that end',
    edits: [change(REPORT, '      activeDeadlineSeconds: 1800\n', '')],
    rules: ['job-never-ends'],
  },
  {
    fix: 'prevention-5-documentation',
    without: 'the page that an alert names',
    edits: [
      change(
        ALERTS,
        '          annotations:\n            runbook_url: https://runbooks.example.com/bgp-orchestrator#indicator-latency\n',
        '',
      ),
    ],
    rules: ['alert-without-runbook'],
  },
];

test('the runbook followed to the letter is silent, even in the preset strict', () => {
  const { findings } = analyse(whole, STRICT);
  assert.deepEqual(
    findings.map(({ rule, message }) => `${rule}: ${message}`),
    [],
  );
});

for (const mutant of mutants) {
  test(`${mutant.fix}: without ${mutant.without}`, () => {
    assert.deepEqual(speaking(edited(mutant.edits)), mutant.rules);
  });
}

/** What RUNBOOK.md says below each anchor: rules that exist, and rules that are planned. */
interface Section {
  readonly claimed: ReadonlySet<string>;
  readonly planned: ReadonlySet<string>;
}

const sections = new Map<string, Section>(
  [...runbook.matchAll(/<a id="([^"]+)"><\/a>\n([\s\S]*?)(?=<a id="|\n## |$)/g)].map(
    ([, anchor = '', text = '']) => {
      const line = /^Rules: (.*)$/m.exec(text)?.[1] ?? '';
      const entries = [...line.matchAll(/`([a-z0-9-]+)`( \((?:TypeScript|together), planned\))?/g)];
      const names = (planned: boolean) =>
        new Set(entries.filter((e) => (e[2] !== undefined) === planned).map((e) => e[1] ?? ''));
      return [anchor, { claimed: names(false), planned: names(true) }];
    },
  ),
);
const undecidable = runbook.slice(runbook.indexOf('\n## Not decidable from source'));

test('RUNBOOK.md has every fix, prevention and indicator, and each is claimed', () => {
  assert.deepEqual([...sections.keys()].sort(), [
    'indicator-availability',
    'indicator-connections',
    'indicator-data-loss',
    'indicator-error-rate',
    'indicator-latency',
    'indicator-restart-time',
    'io-1-query-timeouts',
    'io-2-connection-pool',
    'io-3-query-retries',
    'io-4-read-replicas',
    'network-1-retries',
    'network-2-timeouts',
    'network-3-circuit-breaker',
    'network-4-health-endpoints',
    'pod-1-replicas',
    'pod-2-disruption-budget',
    'pod-3-graceful-shutdown',
    'pod-4-readiness-probe',
    'prevention-1-regular-testing',
    'prevention-2-observability',
    'prevention-3-resilience-patterns',
    'prevention-4-resource-planning',
    'prevention-5-documentation',
    'stress-1-resources',
    'stress-2-performance',
    'stress-3-rate-limit',
    'stress-4-autoscaling',
  ]);
  for (const [anchor, { claimed, planned }] of sections)
    assert.ok(
      claimed.size + planned.size > 0 || undecidable.includes(anchor),
      `nothing claims ${anchor}`,
    );
});

test('a rule that exists stands below its anchor; a rule that is only planned does not exist', () => {
  const ids = new Set(rules.map(({ id }) => id));
  for (const rule of rules)
    assert.ok(sections.get(rule.runbook)?.claimed.has(rule.id), `${rule.id} at ${rule.runbook}`);
  for (const [anchor, { claimed, planned }] of sections) {
    for (const id of claimed)
      assert.ok(ids.has(id), `${anchor} claims ${id}, which does not exist`);
    for (const id of planned) assert.ok(!ids.has(id), `${id} exists: ${anchor} calls it planned`);
  }
});

test('every rule on Kubernetes is proven by a mutant', () => {
  const proven = new Set(mutants.flatMap((mutant) => mutant.rules));
  const kubernetes = readdirSync(new URL('../rules/kubernetes/', import.meta.url));
  assert.ok(kubernetes.length > 20);
  assert.deepEqual(
    kubernetes.filter((id) => !proven.has(id)),
    [],
  );
});
