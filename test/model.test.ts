/** Facts to the model: joins, effective replicas, budgets, rollouts, containers, experiments. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { periodMinutesOf } from '../src/model/derive/cron.ts';
import { millisecondsOf } from '../src/model/derive/duration.ts';
import { assemble } from '../src/model/link/assemble.ts';
import { cursorOn } from '../src/model/link/cursor.ts';
import { imageReferenceOf, isThirdParty } from '../src/model/link/images.ts';
import { isTypo } from '../src/model/link/near.ts';
import type { Assumptions, ContextObjects, KubernetesObject } from '../src/model/link/objects.ts';
import type { Context, Model, Value } from '../src/model/model.ts';

/** A variable that something else fills in: its value is unknown. */
const PLACEHOLDER = ['$', '{NAME}'].join('');

interface Setting {
  readonly openBecause?: string;
  readonly unreadKinds?: readonly string[];
  readonly replacedImages?: ReadonlyMap<string, string>;
  readonly assume?: Partial<Assumptions>;
}

/** Every object of the files in one context: what contexts.ts does for a repository of plain manifests. */
function oneContext(files: Readonly<Record<string, string>>, setting: Setting): ContextObjects {
  const { openBecause } = setting;
  const context: Context = {
    name: '',
    production: true,
    ...(openBecause === undefined ? {} : { openBecause }),
  };
  const objects = Object.entries(files).flatMap(([path, text]) => {
    const file = extractManifest({ path, text });
    return file.resources.map((facts): KubernetesObject => {
      const [group, version] = facts.apiVersion.includes('/')
        ? facts.apiVersion.split('/')
        : ['', facts.apiVersion];
      const body = cursorOn(file, facts.body, facts.kindRange, facts.renderedFrom);
      const name = facts.name ?? '';
      return {
        context,
        file,
        facts,
        group: group ?? '',
        version: version ?? '',
        kind: facts.resourceKind,
        name,
        namespace: facts.namespace,
        identity: `${group}/${facts.resourceKind}/${facts.namespace ?? '_'}/${name}`,
        body,
        kindAt: body.place(facts.kindRange),
        nameAt: body.get('metadata', 'name').at,
      };
    });
  });
  return {
    context,
    objects,
    unreadKinds: new Set(setting.unreadKinds),
    replacedImages: setting.replacedImages ?? new Map(),
  };
}

function modelOf(files: string | Readonly<Record<string, string>>, setting: Setting = {}): Model {
  const all = typeof files === 'string' ? { 'shop.yaml': files } : files;
  return assemble([oneContext(all, setting)], {
    environments: { production: [], nonProduction: [] },
    assume: {
      limitRange: [],
      mesh: false,
      spread: false,
      podDisruptionBudgets: false,
      ...setting.assume,
    },
  });
}

/** The value, or its state when there is none. */
function read<T>(value: Value<T>): T | 'unknown' | 'absent' {
  return value.state === 'known' ? value.value : value.state;
}

function workload(model: Model, name: string) {
  const found = model.workloads.find((w) => w.name === name);
  assert.ok(found, `no workload ${name}`);
  return found;
}

function container(model: Model, name: string) {
  const found = model.workloads.flatMap((w) => w.containers).find((c) => c.name === name);
  assert.ok(found, `no container ${name}`);
  return found;
}

function only<T>(items: readonly T[]): T {
  assert.equal(items.length, 1);
  const [item] = items;
  assert.ok(item);
  return item;
}

const names = (items: readonly { readonly name: string }[]) => items.map((item) => item.name);

/** A Deployment `orders` of namespace shop; `spec` and `pod` are lines of the two specs. */
function deployment(options: {
  name?: string;
  namespace?: string;
  spec?: string;
  pod?: string;
  labels?: string;
  container?: string;
  kind?: string;
  apiVersion?: string;
}): string {
  const { name = 'orders', namespace = 'shop', spec = '', pod = '' } = options;
  const indent = (text: string, by: number) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${' '.repeat(by)}${line}\n`)
      .join('');
  const labels = options.labels ?? `app: ${name}`;
  return `---
apiVersion: ${options.apiVersion ?? 'apps/v1'}
kind: ${options.kind ?? 'Deployment'}
metadata:
  name: ${name}
${namespace === '' ? '' : `  namespace: ${namespace}\n`}spec:
${indent(spec, 2)}  selector:
    matchLabels:
${indent(labels, 6)}  template:
    metadata:
      labels:
${indent(labels, 8)}    spec:
${indent(pod, 6)}      containers:
        - name: api
          image: acme/${name}:1.4.2
${indent(options.container ?? '', 10)}`;
}

function service(
  selector: string,
  options: { name?: string; namespace?: string; ports?: string } = {},
) {
  const { name = 'orders', namespace = 'shop', ports = '[{port: 80, targetPort: 8080}]' } = options;
  return `---
apiVersion: v1
kind: Service
metadata: {name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`}}
spec:
  selector: {${selector}}
  ports: ${ports}
`;
}

const budget = (spec: string, apiVersion = 'policy/v1') => `---
apiVersion: ${apiVersion}
kind: PodDisruptionBudget
metadata: {name: orders, namespace: shop}
spec: {${spec}}
`;

const autoscaler = (spec: string, name = 'orders') => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
  maxReplicas: 10
  ${spec}
`;

const scaledObject = (spec: string, annotations = '') => `---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: orders, namespace: shop, annotations: {${annotations}}}
spec: {scaleTargetRef: {name: orders}${spec}}
`;

describe('effective replicas', () => {
  const replicas = (text: string, setting?: Setting) => {
    const { floor, ceiling, setBy } = workload(modelOf(text, setting), 'orders').replicas;
    return [read(floor), read(ceiling), setBy];
  };

  it('are spec.replicas, or 1 when nothing says otherwise', () => {
    assert.deepEqual(replicas(deployment({ spec: 'replicas: 4' })), [4, 4, 'spec']);
    assert.deepEqual(replicas(deployment({})), [1, 1, 'default']);
  });

  it('stand at the kind of the workload when nobody wrote them', () => {
    const orders = workload(modelOf(deployment({})), 'orders');
    assert.deepEqual(orders.replicas.floor.at, orders.at);
  });

  it('are the floor of a HorizontalPodAutoscaler, 1 when it has none', () => {
    const orders = deployment({ spec: 'replicas: 5' });
    assert.deepEqual(replicas(orders + autoscaler('minReplicas: 2')), [2, 10, 'autoscaler']);
    assert.deepEqual(replicas(orders + autoscaler('')), [1, 10, 'autoscaler']);
  });

  it('are 0 when spec.replicas 0 switches the HorizontalPodAutoscaler off', () => {
    const orders = deployment({ spec: 'replicas: 0' });
    assert.deepEqual(replicas(orders + autoscaler('minReplicas: 2')), [0, 0, 'spec']);
  });

  it('are the floor of a ScaledObject: 0 unset, idleReplicaCount first, pinned when paused', () => {
    const orders = deployment({ spec: 'replicas: 5' });
    assert.deepEqual(replicas(orders + scaledObject('')), [0, 100, 'autoscaler']);
    assert.deepEqual(replicas(orders + scaledObject(', minReplicaCount: 3, maxReplicaCount: 9')), [
      3,
      9,
      'autoscaler',
    ]);
    assert.deepEqual(replicas(orders + scaledObject(', minReplicaCount: 3, idleReplicaCount: 0')), [
      0,
      100,
      'autoscaler',
    ]);
    const pinned = "autoscaling.keda.sh/paused-replicas: '2'";
    assert.deepEqual(replicas(orders + scaledObject('', pinned)), [2, 2, 'autoscaler']);
    const paused = "autoscaling.keda.sh/paused: 'true'";
    assert.deepEqual(replicas(orders + scaledObject('', paused)), [
      'unknown',
      'unknown',
      'autoscaler',
    ]);
  });

  it('are unknown when two autoscalers disagree, and theirs when they agree', () => {
    const two = (a: number, b: number) =>
      deployment({}) +
      autoscaler(`minReplicas: ${a}`) +
      autoscaler(`minReplicas: ${b}`, 'orders-nightly');
    assert.deepEqual(replicas(two(2, 2)), [2, 10, 'autoscaler']);
    assert.deepEqual(replicas(two(2, 3)), ['unknown', 10, 'autoscaler']);
  });

  it('are unknown for a DeploymentConfig without a count, absent for a DaemonSet', () => {
    const config = deployment({ kind: 'DeploymentConfig', apiVersion: 'apps.openshift.io/v1' });
    assert.deepEqual(replicas(config), ['unknown', 'unknown', 'default']);
    const daemons = deployment({ kind: 'DaemonSet' });
    assert.deepEqual(replicas(daemons), ['absent', 'absent', 'default']);
    assert.equal(workload(modelOf(daemons), 'orders').scalable, false);
  });

  it('do not come from an autoscaler of another kind, name, group or namespace', () => {
    const other = autoscaler('minReplicas: 2');
    const set = deployment({ kind: 'StatefulSet', spec: 'replicas: 5' });
    assert.deepEqual(replicas(set + other), [5, 5, 'spec']);
    const elsewhere = deployment({ namespace: 'warehouse', spec: 'replicas: 5' });
    assert.deepEqual(replicas(elsewhere + other), [5, 5, 'spec']);
    const argo = autoscaler('minReplicas: 2').replace('kind: Deployment', 'kind: Rollout');
    const rollout = deployment({
      kind: 'Rollout',
      apiVersion: 'argoproj.io/v1alpha1',
      spec: 'replicas: 5',
    });
    assert.deepEqual(replicas(rollout + argo), [5, 5, 'spec']);
    assert.deepEqual(replicas(rollout + argo.replace('apps/v1', 'argoproj.io/v1alpha1')), [
      2,
      10,
      'autoscaler',
    ]);
    const anywhere = deployment({ namespace: '', spec: 'replicas: 5' });
    assert.deepEqual(replicas(anywhere + other), [2, 10, 'autoscaler']);
  });

  it('may come from an autoscaler whose target cannot be told', () => {
    const templated = autoscaler('').replace(
      'name: orders}\n  max',
      `name: '${PLACEHOLDER}'}\n  max`,
    );
    const orders = workload(modelOf(deployment({}) + templated), 'orders');
    assert.deepEqual(orders.autoscalers.items, []);
    assert.equal(orders.autoscalers.complete, false);
  });

  it('may come from an autoscaler that nobody could read', () => {
    const orders = workload(
      modelOf(deployment({}), { unreadKinds: ['HorizontalPodAutoscaler'] }),
      'orders',
    );
    assert.equal(orders.autoscalers.complete, false);
    assert.equal(workload(modelOf(deployment({})), 'orders').autoscalers.complete, true);
  });
});

describe('workloads', () => {
  it('take the pod template of the Deployment that a Rollout refers to', () => {
    const model = modelOf(`${deployment({ spec: 'replicas: 0' })}---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: orders, namespace: shop}
spec:
  replicas: 4
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
  strategy: {blueGreen: {activeService: orders}}
${service('app: orders')}`);
    const orders = only(model.workloads);
    assert.equal(orders.kind, 'Rollout');
    assert.equal(read(orders.replicas.floor), 4);
    assert.deepEqual(names(orders.containers), ['api']);
    assert.deepEqual(names(orders.services.items), ['orders']);
    assert.equal(read(orders.rollout.type), 'blueGreen');
    assert.equal(read(orders.rollout.readyFloor), 4);
  });

  it('know nothing of a Rollout whose Deployment is elsewhere', () => {
    const model = modelOf(`${deployment({ namespace: 'warehouse' })}---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: orders, namespace: shop}
spec:
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
---
${service('app: orders')}`);
    const rollout = model.workloads.find((w) => w.kind === 'Rollout');
    assert.equal(rollout && read(rollout.podLabels), 'unknown');
    assert.equal(model.workloads.length, 2);
    assert.equal(only(model.services).workloads.complete, false);
  });

  it('are neither hooks nor static pods nor pods with an owner', () => {
    const pod = (metadata: string) => `---
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop, labels: {app: orders}, ${metadata}}
spec: {containers: [{name: api, image: acme/orders:1.4.2}]}
`;
    const hook = 'annotations: {helm.sh/hook: test}';
    const mirror = 'annotations: {kubernetes.io/config.mirror: abc}';
    const owned =
      'ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: orders-1, uid: u}]';
    for (const metadata of [hook, mirror, owned])
      assert.deepEqual(modelOf(pod(metadata)).workloads, []);
    assert.equal(modelOf(pod('annotations: {team: shop}')).workloads.length, 1);
  });

  it('compare their selector with their template', () => {
    const orders = deployment({});
    assert.equal(read(workload(modelOf(orders), 'orders').selectorMatchesTemplate), true);
    const wrong = orders.replace('        app: orders', '        app: order');
    assert.equal(read(workload(modelOf(wrong), 'orders').selectorMatchesTemplate), false);
    const elected = orders.replace('      app: orders', '      app: orders\n      role: primary');
    assert.equal(read(workload(modelOf(elected), 'orders').selectorMatchesTemplate), false);
    const expression = orders.replace(
      '    matchLabels:\n      app: orders',
      '    matchExpressions: [{key: app, operator: NotIn, values: [orders]}]',
    );
    assert.equal(read(workload(modelOf(expression), 'orders').selectorMatchesTemplate), false);
  });

  it('say what losing a pod means', () => {
    const role = (text: string) => workload(modelOf(text), 'orders').role;
    const claim = `volumes: [{name: data, persistentVolumeClaim: {claimName: orders}}]`;
    const mount = 'volumeMounts: [{name: data, mountPath: /var/lib/orders}]';
    const pvc = (mode: string) => `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: orders, namespace: shop}
spec: {accessModes: [${mode}]}
`;
    assert.equal(role(deployment({})), 'stateless');
    assert.equal(role(deployment({ spec: 'strategy: {type: Recreate}' })), 'single-writer');
    const writer = deployment({ pod: claim, container: mount });
    assert.equal(role(writer + pvc('ReadWriteOnce')), 'single-writer');
    assert.equal(role(writer + pvc('ReadWriteMany')), 'stateless');
    const elected = deployment({ pod: claim, container: `${mount}\nargs: [--leader-elect]` });
    assert.equal(role(elected + pvc('ReadWriteOnce')), 'stateless');
    const refused = deployment({ pod: claim, container: `${mount}\nargs: [--leader-elect=false]` });
    assert.equal(role(refused + pvc('ReadWriteOnce')), 'single-writer');

    const variable = (value: string) =>
      deployment({
        pod: claim,
        container: `${mount}\nenv: [{name: LEADER_ELECTION, value: '${value}'}]`,
      });
    assert.equal(role(variable('true') + pvc('ReadWriteOnce')), 'stateless');
    // The key may be missing or false: nobody can say that a leader is elected.
    const elsewhere = deployment({
      pod: claim,
      container: `${mount}\nenv: [{name: LEADER_ELECTION, valueFrom: {configMapKeyRef: {name: orders, key: elect, optional: true}}}]`,
    });
    assert.equal(role(elsewhere + pvc('ReadWriteOnce')), 'single-writer');
    assert.equal(role(variable('false') + pvc('ReadWriteOnce')), 'single-writer');
    const reader = deployment({ pod: claim, container: mount.replace('}', ', readOnly: true}') });
    assert.equal(role(reader + pvc('ReadWriteOnce')), 'stateless');

    const store = (kind: string, image: string) =>
      deployment({ kind }).replace('acme/orders:1.4.2', image);
    assert.equal(role(store('Deployment', 'postgres:16')), 'single-instance-store');
    assert.equal(role(store('StatefulSet', 'postgres:16')), 'single-instance-store');
    assert.equal(role(store('StatefulSet', 'rabbitmq:3')), 'clustering-store');
    assert.equal(role(store('Deployment', 'rabbitmq:3')), 'single-instance-store');
  });

  it('know their jobs', () => {
    const model = modelOf(`
apiVersion: batch/v1
kind: CronJob
metadata: {name: invoices, namespace: shop}
spec:
  schedule: '*/10 * * * *'
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      activeDeadlineSeconds: 300
      template:
        spec:
          restartPolicy: Never
          containers: [{name: run, image: 'acme/invoices:2'}]
`);
    const { job, restartPolicy } = workload(model, 'invoices');
    assert.ok(job);
    assert.equal(job.suspended, false);
    assert.equal(read(job.periodMinutes), 10);
    assert.equal(read(job.concurrencyPolicy), 'Forbid');
    assert.equal(read(job.activeDeadlineSeconds), 300);
    assert.equal(read(job.startingDeadlineSeconds), 'absent');
    assert.equal(read(restartPolicy), 'Never');
  });
});

describe('labels for messages', () => {
  it('read well without a name, and with a generated one', () => {
    const labels = (text: string) => {
      const { label, containers } = only(modelOf(text).workloads);
      return [label, ...containers.map((c) => c.label)];
    };
    const named = deployment({});
    assert.deepEqual(labels(named), ['Deployment orders', 'container api of Deployment orders']);
    assert.deepEqual(labels(named.replace('  name: orders\n', '')), [
      'a Deployment',
      'container api of a Deployment',
    ]);
    assert.deepEqual(labels(named.replace('  name: orders\n', '  generateName: orders-\n')), [
      'Deployment orders-*',
      'container api of Deployment orders-*',
    ]);
    assert.deepEqual(labels(named.replace('- name: api\n', '- command: [orders]\n')), [
      'Deployment orders',
      'a container of Deployment orders',
    ]);
    const ingress = `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {}\nspec: {defaultBackend: {service: {name: gone, port: {number: 80}}}}\n`;
    assert.match(only(modelOf(ingress).backends).label, /an Ingress/);
  });
});

describe('rollouts', () => {
  const rollout = (spec: string, kind = 'Deployment', apiVersion = 'apps/v1') => {
    const found = workload(modelOf(deployment({ spec, kind, apiVersion })), 'orders').rollout;
    return [
      read(found.type),
      read(found.maxUnavailable),
      read(found.maxSurge),
      read(found.readyFloor),
    ];
  };

  it('round unavailable pods down and surging ones up', () => {
    assert.deepEqual(rollout('replicas: 3'), ['RollingUpdate', 0, 1, 3]);
    assert.deepEqual(rollout('replicas: 10'), ['RollingUpdate', 2, 3, 8]);
  });

  it('make one pod unavailable when both numbers come to 0', () => {
    const none = 'replicas: 3\nstrategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 25%}}';
    assert.deepEqual(rollout(none), ['RollingUpdate', 1, 0, 2]);
  });

  it('stop everything with Recreate', () => {
    assert.deepEqual(rollout('replicas: 3\nstrategy: {type: Recreate}'), [
      'Recreate',
      'absent',
      'absent',
      0,
    ]);
  });

  it('leave StatefulSets without a ready floor', () => {
    assert.deepEqual(rollout('replicas: 3', 'StatefulSet'), [
      'RollingUpdate',
      1,
      'absent',
      'absent',
    ]);
  });

  it('take one pod at a time from a DaemonSet', () => {
    assert.deepEqual(rollout('', 'DaemonSet'), ['RollingUpdate', 1, 'absent', 'absent']);
    const part = 'updateStrategy: {rollingUpdate: {maxUnavailable: 10%}}';
    assert.deepEqual(rollout(part, 'DaemonSet'), ['RollingUpdate', 'unknown', 'absent', 'absent']);
  });

  it('read the strategies of Argo Rollouts and OpenShift', () => {
    const canary = 'replicas: 8\nstrategy: {canary: {maxUnavailable: 1, maxSurge: 0}}';
    assert.deepEqual(rollout(canary, 'Rollout', 'argoproj.io/v1alpha1'), ['canary', 1, 0, 7]);
    const rolling = 'replicas: 4\nstrategy: {type: Rolling, rollingParams: {maxUnavailable: 50%}}';
    assert.deepEqual(rollout(rolling, 'DeploymentConfig', 'apps.openshift.io/v1'), [
      'RollingUpdate',
      2,
      1,
      2,
    ]);
  });
});

describe('Services', () => {
  it('join the workloads whose template has all their labels', () => {
    const model = modelOf(
      deployment({ labels: 'app: orders\ntier: api' }) +
        deployment({ name: 'orders-worker', labels: 'app: orders\ntier: worker' }) +
        service('app: orders, tier: api'),
    );
    const found = only(model.services);
    assert.deepEqual(names(found.workloads.items), ['orders']);
    assert.equal(found.workloads.complete, true);
    assert.deepEqual(names(workload(model, 'orders').services.items), ['orders']);
    assert.deepEqual(workload(model, 'orders-worker').services.items, []);
  });

  it('join across an absent namespace, never across two different ones', () => {
    const join = (own: string) =>
      names(
        only(modelOf(deployment({}) + service('app: orders', { namespace: own })).services)
          .workloads.items,
      );
    assert.deepEqual(join('shop'), ['orders']);
    assert.deepEqual(join(''), ['orders']);
    assert.deepEqual(join('warehouse'), []);
  });

  it('select nothing on purpose with an empty selector', () => {
    const found = only(modelOf(deployment({}) + service('')).services);
    assert.equal(found.selector.state, 'absent');
    assert.deepEqual(found.workloads.items, []);
  });

  it('may select labels that pods get while they run', () => {
    const set = deployment({ kind: 'StatefulSet' });
    const select = (selector: string) => {
      const { workloads, nearMiss } = only(modelOf(set + service(selector)).services);
      return [names(workloads.items), workloads.complete, nearMiss?.message];
    };
    const pod = (name: string) => select(`statefulset.kubernetes.io/pod-name: ${name}`);
    assert.deepEqual(pod('orders-0'), [['orders'], true, undefined]);
    assert.deepEqual(pod('payments-0'), [[], true, undefined]);
    assert.deepEqual(select('app: orders, role: primary'), [[], false, undefined]);
    assert.deepEqual(select('app: orders, role: api'), [
      [],
      true,
      'StatefulSet orders has no label role (api is wanted)',
    ]);
    assert.deepEqual(select('app: payments, role: primary'), [[], true, undefined]);
  });

  it('are headless with clusterIP None', () => {
    const headless = (spec: string) =>
      only(modelOf(service('app: orders').replace('spec:', `spec:\n  ${spec}`)).services).headless;
    assert.equal(headless('clusterIP: None'), true);
    assert.equal(headless('clusterIP: 10.0.0.7'), false);
    assert.equal(headless('type: NodePort'), false);
  });

  it('prove nothing when pods may be unseen', () => {
    const dangling = deployment({ name: 'catalog' }) + service('app: checkout');
    const complete = (text: string, setting?: Setting) =>
      only(modelOf(text, setting).services).workloads.complete;
    assert.equal(complete(dangling), true);
    assert.equal(complete(dangling, { openBecause: 'a HelmRelease' }), false);
    assert.equal(complete(dangling, { unreadKinds: ['StatefulSet'] }), false);
    // Nothing else of that namespace is in the files: its pods stand elsewhere.
    const alone = deployment({ name: 'catalog' }) + service('app: x', { namespace: 'billing' });
    assert.equal(complete(alone), false);
    const system = { namespace: 'kube-system' };
    const cluster = deployment({ name: 'coredns', ...system }) + service('app: x', system);
    assert.equal(complete(cluster), false);
    const placeholder = deployment({ labels: `app: ${PLACEHOLDER}` }) + service('app: checkout');
    assert.equal(complete(placeholder), false);
    const different = deployment({ labels: `app: ${PLACEHOLDER}\ntier: web` });
    assert.equal(complete(different + service('app: checkout, tier: api')), true);
    const hook = deployment({ labels: 'app: checkout' }).replace(
      '  namespace: shop\n',
      '  namespace: shop\n  annotations: {helm.sh/hook: pre-install}\n',
    );
    assert.equal(complete(dangling + hook), false);
  });

  it('name the typo', () => {
    const miss = (labels: string, selector: string, options = {}) =>
      only(modelOf(deployment({ labels }) + service(selector, options)).services).nearMiss?.message;
    assert.equal(
      miss('app: orders', 'app: order'),
      'Deployment orders has the label app=orders, not app=order',
    );
    assert.equal(
      miss('app: orders\ntier: api', 'app: orders, tier: backend'),
      'Deployment orders has the label tier=api, not tier=backend',
    );
    assert.equal(
      miss('app: orders', 'app: orders, tier: api'),
      'Deployment orders has no label tier (api is wanted)',
    );
    assert.equal(
      miss('app.kubernetes.io/name: orders', 'app: orders'),
      'Deployment orders has the label app.kubernetes.io/name=orders, not app=orders',
    );
    assert.equal(
      miss('app: orders', 'app: orders', { namespace: 'default' }),
      'Deployment orders is in namespace shop, this Service in default',
    );
    assert.equal(miss('app: orders', 'app: payments', { name: 'payments' }), undefined);
    assert.equal(miss('app: orders-v1', 'app: orders-v2', { name: 'orders-v2' }), undefined);
  });

  it('have no near miss when they select something, or by more than labels', () => {
    const two = deployment({}) + deployment({ name: 'order' });
    assert.equal(only(modelOf(two + service('app: order')).services).nearMiss, undefined);
    const expressions = budget(
      'minAvailable: 1, selector: {matchLabels: {app: order}, matchExpressions: [{key: tier, operator: DoesNotExist}]}',
    );
    const found = only(modelOf(deployment({}) + expressions).podDisruptionBudgets);
    assert.equal(found.nearMiss, undefined);
    const plain = budget('minAvailable: 1, selector: {matchLabels: {app: order}}');
    assert.ok(only(modelOf(deployment({}) + plain).podDisruptionBudgets).nearMiss);
    const chosen = only(modelOf(two + plain).podDisruptionBudgets);
    assert.deepEqual([names(chosen.workloads.items), chosen.nearMiss], [['order'], undefined]);
  });

  it('do not take the workload of another Service for a typo', () => {
    const model = modelOf(
      deployment({}) + service('app: orders') + service('app: orderz', { name: 'orderz' }),
    );
    const dangling = model.services.find((s) => s.name === 'orderz');
    assert.equal(dangling?.nearMiss, undefined);
  });
});

describe('Services that carry traffic', () => {
  const traffic = (ports: string) =>
    names(
      workload(modelOf(deployment({}) + service('app: orders', { ports })), 'orders')
        .trafficServices,
    );

  it('have a port that is not only read by a monitoring system', () => {
    assert.deepEqual(traffic('[{name: metrics, port: 9090}]'), []);
    assert.deepEqual(traffic('[{name: http-metrics, port: 80}, {name: prometheus, port: 81}]'), []);
    assert.deepEqual(traffic('[{port: 9090, targetPort: metrics}]'), []);
    assert.deepEqual(traffic('[{name: http, port: 80}, {name: metrics, port: 9090}]'), ['orders']);
    assert.deepEqual(traffic('[{name: http, port: 80, targetPort: metrics}]'), ['orders']);
    assert.deepEqual(traffic('[{name: metricsql, port: 80}]'), ['orders']);
  });

  it('may be those whose ports cannot be read', () => {
    assert.deepEqual(traffic('[]'), ['orders']);
    assert.deepEqual(traffic(`[{name: "${PLACEHOLDER}", port: 80}]`), ['orders']);
    assert.deepEqual(traffic(`[{name: metrics, port: 9090}, "${PLACEHOLDER}"]`), ['orders']);
  });
});

describe('ports of Services', () => {
  const two = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      initContainers:
        - {name: migrate, image: 'acme/orders:1'}
        - {name: proxy, image: 'envoyproxy/envoy:v1.30.0', restartPolicy: Always, ports: [{containerPort: 9901}]}
      containers:
        - {name: api, image: 'acme/orders:1', ports: [{name: http, containerPort: 8080}]}
        - {name: metrics, image: 'acme/metrics:1', ports: [{containerPort: 9100}]}
`;
  const reached = (model: Model, name: string) => container(model, name).servicePorts.items.length;

  it('reach the container that declares the number or the name', () => {
    const ports = '[{name: a, port: 80, targetPort: http}, {name: b, port: 9100}]';
    const model = modelOf(two + service('app: orders', { ports }));
    assert.deepEqual(names(workload(model, 'orders').containers), ['api', 'metrics', 'proxy']);
    assert.equal(reached(model, 'api'), 1);
    assert.equal(reached(model, 'metrics'), 1);
    assert.equal(reached(model, 'proxy'), 0);
    assert.equal(container(model, 'proxy').nativeSidecar, true);
    assert.equal(container(model, 'proxy').servicePorts.complete, true);
  });

  it('reach nobody for certain when no container declares the number', () => {
    const ports = '[{port: 80, targetPort: 3000}]';
    const model = modelOf(two + service('app: orders', { ports }));
    assert.equal(reached(model, 'api'), 0);
    assert.equal(container(model, 'api').servicePorts.complete, false);
  });

  it('may reach a container whose ports cannot be read', () => {
    const ports = `ports: [{name: '${PLACEHOLDER}', containerPort: '${PLACEHOLDER}'}]`;
    const named = '[{port: 80, targetPort: http}]';
    const model = modelOf(
      deployment({ container: ports }) + service('app: orders', { ports: named }),
    );
    assert.equal(container(model, 'api').portsComplete, false);
    assert.equal(container(model, 'api').servicePorts.complete, false);
    assert.equal(container(modelOf(two), 'api').portsComplete, true);
  });

  it('reach the only container without its declaring anything', () => {
    const model = modelOf(deployment({}) + service('app: orders'));
    assert.equal(reached(model, 'api'), 1);
    const named = '[{port: 80, targetPort: http}]';
    const other = modelOf(deployment({}) + service('app: orders', { ports: named }));
    assert.equal(reached(other, 'api'), 0);
    assert.equal(container(other, 'api').servicePorts.complete, true);
  });
});

describe('containers', () => {
  it('have probes with the defaults of Kubernetes', () => {
    const model = modelOf(
      deployment({
        container: `ports: [{name: http, containerPort: 8080}]
readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 5}
livenessProbe: {httpGet: {path: /ready, port: 8080, scheme: HTTP}}`,
      }),
    );
    const api = container(model, 'api');
    assert.equal(api.readinessProbe.state, 'known');
    assert.equal(api.livenessProbe.state, 'known');
    if (api.readinessProbe.state !== 'known' || api.livenessProbe.state !== 'known') return;
    const ready = api.readinessProbe.value;
    assert.deepEqual(
      [
        ready.initialDelaySeconds,
        ready.periodSeconds,
        ready.timeoutSeconds,
        ready.failureThreshold,
        ready.successThreshold,
      ].map(read),
      [0, 5, 1, 3, 1],
    );
    assert.equal(ready.timeoutSeconds.state === 'known' && ready.timeoutSeconds.byDefault, true);
    assert.notEqual(ready.handlerKey, undefined);
    assert.equal(ready.handlerKey, api.livenessProbe.value.handlerKey);
  });

  it('tell handlers apart that do different things', () => {
    const key = (handler: string) => {
      const ports = 'ports: [{name: http, containerPort: 8080}]';
      const probe = container(
        modelOf(deployment({ container: `${ports}\nreadinessProbe: {${handler}}` })),
        'api',
      ).readinessProbe;
      assert.equal(probe.state, 'known');
      return probe.state === 'known' ? probe.value.handlerKey : '';
    };
    const http = key('httpGet: {path: /ready, port: http}');
    assert.notEqual(http, undefined);
    const different = [
      'httpGet: {path: /live, port: http}',
      'httpGet: {path: /ready, port: 8081}',
      'httpGet: {path: /ready, port: http, scheme: HTTPS}',
      'httpGet: {path: /ready, port: http, httpHeaders: [{name: Host, value: shop}]}',
      'tcpSocket: {port: http}',
      'grpc: {port: 8080}',
      'exec: {command: [cat, /ready]}',
    ].map(key);
    assert.equal(new Set([http, ...different]).size, 8);
    assert.ok(!different.includes(undefined));
    assert.equal(key('exec: {command: [cat, /ready]}'), key('exec: {command: [cat, /ready]}'));
    assert.equal(key(`httpGet: {path: '${PLACEHOLDER}', port: http}`), undefined);
    assert.equal(key('periodSeconds: 5'), undefined);
  });

  it('mount the volumes of their pod', () => {
    const model = modelOf(
      deployment({
        kind: 'StatefulSet',
        spec: 'volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]',
        pod: `volumes:
  - {name: scratch, emptyDir: {}}
  - {name: bare}
  - {name: generic, ephemeral: {}}
  - {name: node, hostPath: {path: /var/log}}
  - {name: settings, configMap: {name: orders}}
  - {name: share, nfs: {server: nas, path: /}}
  - {name: claim, persistentVolumeClaim: {claimName: elsewhere}}`,
        container: `volumeMounts:
  - {name: data, mountPath: /data}
  - {name: node, mountPath: /logs, readOnly: true}
  - {name: forgotten, mountPath: /oops}`,
      }),
    );
    const { volumes } = workload(model, 'orders');
    assert.deepEqual(
      volumes.map((v) => [v.name, v.type, read(v.accessModes)]),
      [
        ['scratch', 'emptyDir', 'absent'],
        ['bare', 'emptyDir', 'absent'],
        ['generic', 'emptyDir', 'absent'],
        ['node', 'hostPath', 'absent'],
        ['settings', 'configuration', 'absent'],
        ['share', 'other', 'absent'],
        ['claim', 'persistentVolumeClaim', 'unknown'],
        ['data', 'volumeClaimTemplate', ['ReadWriteOnce']],
      ],
    );
    assert.equal(volumes.find((v) => v.name === 'node')?.hostPath, '/var/log');
    assert.deepEqual(
      container(model, 'api').volumeMounts.map((m) => [m.mountPath, m.readOnly, m.volume?.name]),
      [
        ['/data', false, 'data'],
        ['/logs', true, 'node'],
        ['/oops', false, undefined],
      ],
    );
  });

  it('carry the identity, the place and the annotations that findings need', () => {
    const model = modelOf(
      deployment({}).replace(
        '      labels:\n        app',
        '      annotations: {team: shop, chaoslint.dev/ignore.x: "known"}\n      labels:\n        app',
      ),
    );
    const api = container(model, 'api');
    assert.equal(api.identity, 'apps/Deployment/shop/orders#api');
    assert.equal(api.label, 'container api of Deployment orders');
    assert.equal(api.at.endColumn - api.at.column, 'api'.length);
    assert.equal(api.annotations.get('chaoslint.dev/ignore.x')?.value, 'known');
    assert.equal(model.repository.at.path, 'shop.yaml');
  });

  it('are reported at their name when something is missing', () => {
    const api = container(modelOf(deployment({})), 'api');
    assert.equal(api.readinessProbe.state, 'absent');
    assert.deepEqual(api.readinessProbe.at, api.at);
    assert.deepEqual(api.resources.at, api.at);
  });

  it('get requests from limits, from the pod and from a LimitRange', () => {
    const resources = (text: string, setting?: Setting) => {
      const r = container(modelOf(text, setting), 'api').resources;
      return [r.cpuRequest, r.memoryRequest, r.cpuLimit, r.memoryLimit].map(read);
    };
    assert.deepEqual(resources(deployment({})), ['absent', 'absent', 'absent', 'absent']);
    assert.deepEqual(
      resources(
        deployment({ container: 'resources: {limits: {memory: 256Mi}, requests: {cpu: 1}}' }),
      ),
      ['1', '256Mi', 'absent', '256Mi'],
    );
    assert.deepEqual(
      resources(deployment({ pod: 'resources: {requests: {cpu: 500m}, limits: {memory: 1Gi}}' })),
      ['500m', '1Gi', 'absent', '1Gi'],
    );
    const range = (namespace: string, type = 'Container') => `---
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: ${namespace}}
spec: {limits: [{type: ${type}, default: {memory: 512Mi}, defaultRequest: {cpu: 100m}}]}
`;
    assert.deepEqual(resources(deployment({}) + range('shop')), [
      '100m',
      '512Mi',
      'absent',
      '512Mi',
    ]);
    assert.deepEqual(resources(deployment({}) + range('warehouse'))[0], 'absent');
    assert.deepEqual(resources(deployment({}) + range('shop', 'Pod'))[0], 'absent');
    assert.deepEqual(resources(deployment({}), { unreadKinds: ['LimitRange'] })[0], 'unknown');
    const assumed = { assume: { limitRange: ['cpuRequest'] as const } };
    assert.notEqual(resources(deployment({}), assumed)[0], 'absent');
    assert.equal(resources(deployment({}), assumed)[1], 'absent');
  });

  it('know data stores, and which of them keep data', () => {
    const store = (image: string, more = '') =>
      container(modelOf(deployment({ container: more }).replace('acme/orders:1.4.2', image)), 'api')
        .dataStore;
    assert.equal(store('acme/orders:1'), undefined);
    assert.equal(store('mirror.acme.example/db/postgres:16')?.name, 'PostgreSQL');
    assert.equal(store('postgres:16')?.dataPaths[0], '/var/lib/postgresql/data');
    assert.deepEqual(store('redis:7')?.dataPaths, []);
    assert.equal(store('redis:7', 'args: [--appendonly, "yes"]')?.dataPaths[0], '/data');
    assert.deepEqual(store('redis:7', 'args: [--save, "", --appendonly, "no"]')?.dataPaths, []);
    assert.deepEqual(store('memcached:1')?.dataPaths, []);
    const variable = (value: string) =>
      store('bitnami/redis:7', `env: [{name: REDIS_AOF_ENABLED, value: "${value}"}]`)?.dataPaths;
    assert.deepEqual(variable('yes'), ['/bitnami/redis/data']);
    assert.deepEqual(variable('no'), []);
  });

  it('know where an image of a data store keeps its data, or that builds differ', () => {
    const path = (image: string) =>
      container(modelOf(deployment({}).replace('acme/orders:1.4.2', image)), 'api').dataStore
        ?.dataPath;
    const paths = {
      'zookeeper:3.9': '/data',
      'confluentinc/cp-zookeeper:7.6': '/var/lib/zookeeper/data',
      'confluentinc/cp-kafka:7.6': '/var/lib/kafka/data',
      'bitnami/kafka:3.7': '/bitnami/kafka',
      'bitnamilegacy/postgresql:16': '/bitnami/postgresql',
      'registry.example.com/bitnami/valkey-cluster:8': undefined,
      'mirror.example.com/hub/postgres:16': '/var/lib/postgresql/data',
      'timescale/timescaledb-ha:pg16': '/home/postgres/pgdata',
      'docker.elastic.co/elasticsearch/elasticsearch:8.1.0': '/usr/share/elasticsearch/data',
      'prom/prometheus:v2.53.0': '/prometheus',
      'wurstmeister/kafka:2': undefined,
      'centos/postgresql:12': undefined,
      'influxdb:1.8': undefined,
      'minio/minio:1': undefined,
    };
    assert.deepEqual(
      Object.fromEntries(Object.keys(paths).map((image) => [image, path(image)])),
      paths,
    );
  });

  it('split image references as the container runtime does', () => {
    assert.deepEqual(imageReferenceOf('localhost:5000/shop/orders'), {
      text: 'localhost:5000/shop/orders',
      repository: 'shop/orders',
    });
    const pinned = imageReferenceOf('ghcr.io/acme/orders:1.2@sha256:abc');
    assert.deepEqual(
      [pinned.repository, pinned.tag, pinned.digest],
      ['acme/orders', '1.2', 'sha256:abc'],
    );
    assert.equal(imageReferenceOf('docker.io/library/redis').repository, 'redis');
  });

  it('know images that nobody builds here', () => {
    const thirdParty = (text: string) => isThirdParty(imageReferenceOf(text));
    for (const text of [
      'nginx',
      'nginx:1.27',
      'bitnami/whatever:1',
      'quay.io/prometheus/node-exporter:v1',
      'registry.k8s.io/pause:3.9',
      'mirror.acme.example/hub/redis:7',
      'docker.io/istio/proxyv2:1.22',
      'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2',
    ])
      assert.equal(thirdParty(text), true, text);
    for (const text of [
      'acme/orders:1',
      'ghcr.io/acme/nginx:1',
      'orders',
      'node:22',
      'gcr.io/acme/api',
    ])
      assert.equal(thirdParty(text), false, text);
  });
});

describe('spread', () => {
  const spread = (pod: string, setting?: Setting) =>
    read(workload(modelOf(deployment({ pod }), setting), 'orders').spread);
  const constraint = (key: string, app: string) =>
    `topologySpreadConstraints: [{maxSkew: 1, topologyKey: ${key}, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: ${app}}}}]`;

  it('is a constraint over hosts or zones that matches its own labels', () => {
    assert.equal(spread(''), 'absent');
    assert.equal(spread(constraint('kubernetes.io/hostname', 'orders')), true);
    assert.equal(spread(constraint('topology.kubernetes.io/zone', 'orders')), true);
    assert.equal(spread(constraint('kubernetes.io/hostname', 'payments')), false);
    assert.equal(spread(constraint('acme.example/rack', 'orders')), false);
  });

  it('is an anti-affinity term, preferred or required', () => {
    const term = (namespaces: string) =>
      `{topologyKey: kubernetes.io/hostname, labelSelector: {matchExpressions: [{key: app, operator: In, values: [orders]}]}${namespaces}}`;
    const required = (namespaces = '') =>
      `affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [${term(namespaces)}]}}`;
    assert.equal(spread(required()), true);
    assert.equal(spread(required(', namespaces: [warehouse]')), false);
    assert.equal(
      spread(
        `affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: ${term('')}}]}}`,
      ),
      true,
    );
  });

  it('may be the word of the policy', () => {
    assert.equal(spread('', { assume: { spread: true } }), true);
  });
});

describe('PodDisruptionBudgets', () => {
  const selector = 'selector: {matchLabels: {app: orders}}';
  const allowed = (spec: string, replicas: number) => {
    const model = modelOf(deployment({ spec: `replicas: ${replicas}` }) + budget(spec));
    return read(only(model.podDisruptionBudgets).allowedDisruptions);
  };

  it('allow what the disruption controller allows', () => {
    assert.equal(allowed(`${selector}, minAvailable: 2`, 3), 1);
    assert.equal(allowed(`${selector}, minAvailable: 3`, 3), 0);
    assert.equal(allowed(`${selector}, minAvailable: 50%`, 3), 1);
    assert.equal(allowed(`${selector}, minAvailable: 67%`, 3), 0);
    assert.equal(allowed(`${selector}, maxUnavailable: 1%`, 3), 1);
    assert.equal(allowed(`${selector}, maxUnavailable: 0`, 3), 0);
    assert.equal(allowed(`${selector}, maxUnavailable: 5`, 3), 3);
    assert.equal(allowed(selector, 3), 0);
  });

  it('count the pods of all the workloads that they select', () => {
    const model = modelOf(
      deployment({ spec: 'replicas: 1', labels: 'app: orders\ntrack: stable' }) +
        deployment({ name: 'orders-canary', labels: 'app: orders\ntrack: canary' }) +
        budget(`${selector}, minAvailable: 1`),
    );
    const found = only(model.podDisruptionBudgets);
    assert.deepEqual(names(found.workloads.items), ['orders', 'orders-canary']);
    assert.equal(read(found.expectedPods), 2);
    assert.equal(read(found.allowedDisruptions), 1);
  });

  it('use the floor of the autoscaler', () => {
    const model = modelOf(
      deployment({ spec: 'replicas: 5' }) +
        autoscaler('minReplicas: 2') +
        budget(`${selector}, minAvailable: 2`),
    );
    assert.equal(read(only(model.podDisruptionBudgets).allowedDisruptions), 0);
  });

  it('select the whole namespace with {} in v1, and nothing in v1beta1 or without a selector', () => {
    const selected = (spec: string, apiVersion?: string) =>
      names(
        only(modelOf(deployment({}) + budget(spec, apiVersion)).podDisruptionBudgets).workloads
          .items,
      );
    assert.deepEqual(selected('selector: {}, minAvailable: 1'), ['orders']);
    assert.deepEqual(selected('selector: {}, minAvailable: 1', 'policy/v1beta1'), []);
    assert.deepEqual(selected('minAvailable: 1'), []);
  });

  it('read every operator of matchExpressions', () => {
    const selected = (expression: string) => {
      const selects = `selector: {matchExpressions: [{${expression}}]}, minAvailable: 1`;
      const { workloads } = only(
        modelOf(deployment({ labels: 'app: orders\ntier: api' }) + budget(selects))
          .podDisruptionBudgets,
      );
      return workloads.complete ? workloads.items.length === 1 : 'unknown';
    };
    assert.equal(selected('key: tier, operator: In, values: [web, api]'), true);
    assert.equal(selected('key: tier, operator: In, values: [web]'), false);
    assert.equal(selected('key: team, operator: In, values: [shop]'), false);
    assert.equal(selected('key: tier, operator: NotIn, values: [web]'), true);
    assert.equal(selected('key: tier, operator: NotIn, values: [api]'), false);
    assert.equal(selected('key: team, operator: NotIn, values: [shop]'), true);
    assert.equal(selected('key: tier, operator: Exists'), true);
    assert.equal(selected('key: team, operator: Exists'), false);
    assert.equal(selected('key: tier, operator: DoesNotExist'), false);
    assert.equal(selected('key: team, operator: DoesNotExist'), true);
    assert.equal(selected('key: tier, operator: Gt, values: ["1"]'), 'unknown');
  });

  it('may be made by somebody unseen', () => {
    const complete = (setting: Setting) =>
      workload(modelOf(deployment({}), setting), 'orders').podDisruptionBudgets.complete;
    assert.equal(complete({}), true);
    assert.equal(complete({ openBecause: 'a HelmRelease' }), true);
    assert.equal(complete({ unreadKinds: ['PodDisruptionBudget'] }), false);
    assert.equal(complete({ assume: { podDisruptionBudgets: true } }), false);
  });

  it('name pods without a replica count', () => {
    const model = modelOf(
      deployment({ kind: 'DaemonSet' }) + budget(`${selector}, maxUnavailable: 1`),
    );
    const found = only(model.podDisruptionBudgets);
    assert.deepEqual(names(found.workloadsWithoutController), ['orders']);
    assert.equal(read(found.expectedPods), 'unknown');
  });
});

describe('autoscalers', () => {
  it('miss their target, and name the typo', () => {
    const model = modelOf(deployment({ name: 'orderz' }) + autoscaler(''));
    const found = only(model.autoscalers);
    assert.equal(found.target, undefined);
    assert.equal(found.targetMayBeUnseen, false);
    assert.equal(found.nearMiss?.message, 'Deployment orderz exists, not orders');
    const set = only(modelOf(deployment({ kind: 'StatefulSet' }) + autoscaler('')).autoscalers);
    assert.equal(set.nearMiss?.message, 'StatefulSet orders exists, not a Deployment');
    const open = modelOf(deployment({ name: 'x' }) + autoscaler(''), { openBecause: 'operator' });
    assert.equal(only(open.autoscalers).targetMayBeUnseen, true);
  });

  it('mean what stands beside them, not a workload of that name in another tree', () => {
    const targetOf = (files: Readonly<Record<string, string>>) => {
      const { target, nearMiss } = only(modelOf(files).autoscalers);
      return target?.at.path ?? nearMiss?.message;
    };
    const orders = deployment({});
    const rollout = deployment({ kind: 'Rollout', apiVersion: 'argoproj.io/v1alpha1' });
    const files = { 'k8s/hpa.yaml': autoscaler(''), 'apps/orders/orders.yaml': orders };
    assert.equal(targetOf(files), 'apps/orders/orders.yaml');
    const miss = 'Rollout orders exists, not a Deployment';
    assert.equal(targetOf({ ...files, 'k8s/orders.yaml': rollout }), miss);
    const set = deployment({ kind: 'StatefulSet' });
    assert.equal(targetOf({ ...files, 'k8s/orders.yaml': rollout, 'a.yaml': set }), miss);
    assert.equal(targetOf({ ...files, 'other/orders.yaml': rollout }), 'apps/orders/orders.yaml');
    const below = {
      'k8s/hpa.yaml': autoscaler(''),
      'k8s/orders.yaml': rollout,
      'k8s/app/orders.yaml': orders,
    };
    assert.equal(targetOf(below), 'k8s/app/orders.yaml');
  });

  it('measure CPU when they name no metric', () => {
    const metrics = (spec: string) =>
      only(modelOf(deployment({}) + autoscaler(spec)).autoscalers).metrics.map(
        ({ type, resource, targetType }) => [type, resource, targetType].join(' '),
      );
    assert.deepEqual(metrics(''), ['Resource cpu Utilization']);
    assert.deepEqual(
      metrics(
        'metrics: [{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1Gi}}}, {type: Pods, pods: {}}]',
      ),
      ['Resource memory AverageValue', 'other  unknown'],
    );
  });

  it('read the triggers of KEDA', () => {
    const triggers =
      ", triggers: [{type: cpu, metricType: Utilization, metadata: {value: '60', containerName: api}}, {type: kafka, metadata: {topic: orders}}]";
    const found = only(modelOf(deployment({}) + scaledObject(triggers)).autoscalers);
    assert.deepEqual(
      found.metrics.map((m) => [m.type, m.resource, m.container, m.targetType]),
      [
        ['ContainerResource', 'cpu', 'api', 'Utilization'],
        ['other', '', undefined, 'unknown'],
      ],
    );
  });
});

describe('backends', () => {
  const ingress = (backend: string, namespace = 'shop') => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: ${namespace}}
spec:
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: ${backend}}
          - {path: /api, pathType: Prefix, backend: ${backend}}
`;
  const here = deployment({}) + service('app: orders', { ports: '[{name: http, port: 80}]' });
  const backend = (text: string, setting?: Setting) => only(modelOf(text, setting).backends);

  it('find the Service and its port by number and by name', () => {
    const byNumber = backend(here + ingress('{service: {name: orders, port: {number: 80}}}'));
    assert.equal(byNumber.service?.name, 'orders');
    assert.equal(read(byNumber.portExists), true);
    const byName = backend(here + ingress('{service: {name: orders, port: {name: http}}}'));
    assert.equal(read(byName.portExists), true);
    const wrong = backend(here + ingress('{service: {name: orders, port: {number: 8080}}}'));
    assert.equal(read(wrong.portExists), false);
  });

  it('miss the Service, and name the typo', () => {
    const found = backend(here + ingress('{service: {name: order, port: {number: 80}}}'));
    assert.equal(found.service, undefined);
    assert.equal(found.mayBeUnseen, false);
    assert.equal(found.nearMiss?.message, 'Service orders exists, not order');
    const open = { unreadKinds: ['Service'] };
    assert.equal(
      backend(here + ingress('{service: {name: web, port: {number: 80}}}'), open).mayBeUnseen,
      true,
    );
  });

  it('skip resource backends and read v1beta1', () => {
    assert.deepEqual(
      modelOf(here + ingress('{resource: {kind: Bucket, name: static}}')).backends,
      [],
    );
    const old = ingress('{serviceName: orders, servicePort: http}').replace(
      'networking.k8s.io/v1',
      'networking.k8s.io/v1beta1',
    );
    assert.equal(read(backend(here + old).portExists), true);
  });

  it('read Gateway API routes with their own namespaces', () => {
    const route = (reference: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: edge}
spec: {rules: [{backendRefs: [${reference}]}]}
`;
    const found = backend(here + route('{name: orders, namespace: shop, port: 80}'));
    assert.equal(found.service?.name, 'orders');
    assert.equal(
      backend(here + route('{name: orders, namespace: billing, port: 80}')).mayBeUnseen,
      true,
    );
    assert.deepEqual(modelOf(here + route('{kind: Bucket, name: static}')).backends, []);
    const own = route('{name: orders, port: 80}').replace('edge', 'shop');
    assert.equal(backend(here + own).service?.name, 'orders');
    assert.equal(
      backend(here + own).identity,
      'gateway.networking.k8s.io/HTTPRoute/shop/web#orders:80',
    );
  });

  it('read OpenShift Routes, whose port is a port of the pods', () => {
    const ports = '[{name: web, port: 80, targetPort: 8080}]';
    const route = (port: string | number) => `---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec: {to: {kind: Service, name: orders}, port: {targetPort: ${port}}}
`;
    const shop = deployment({}) + service('app: orders', { ports });
    assert.equal(read(backend(shop + route(8080)).portExists), true);
    assert.equal(read(backend(shop + route('web')).portExists), true);
    assert.equal(read(backend(shop + route(80)).portExists), false);
  });
});

describe('images', () => {
  it('are listed once per reference, with what replaces them', () => {
    const model = modelOf(
      deployment({ name: 'orders' }) +
        deployment({ name: 'audit' }).replace('acme/audit:1.4.2', 'acme/orders:1.4.2'),
      { replacedImages: new Map([['acme/orders', 'kustomize images']]) },
    );
    const image = only(model.images);
    assert.equal(image.containers.length, 2);
    assert.equal(image.replacedBy, 'kustomize images');
  });
});

describe('the mesh', () => {
  it('has routes with timeouts and retries', () => {
    const model = modelOf(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  http:
    - name: main
      timeout: 1.5s
      retries: {attempts: 3, perTryTimeout: 500ms}
      route: [{destination: {host: orders}}]
    - redirect: {uri: /new}
`);
    const [main, redirect] = model.meshRoutes;
    assert.ok(main && redirect);
    assert.deepEqual([main.timeout, main.retries, main.perTryTimeout].map(read), [1500, 3, 500]);
    assert.equal(main.callsService, true);
    assert.equal(redirect.callsService, false);
    assert.equal(redirect.timeout.state, 'absent');
  });

  it('finds outlier detection wherever it stands', () => {
    const rule = (policy: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec: {host: orders, ${policy}}
`;
    const detection = (policy: string) => {
      const found = only(modelOf(rule(policy)).destinationRules);
      return [found.trafficPolicy.state, found.outlierDetection.state];
    };
    assert.deepEqual(detection('trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}'), ['known', 'absent']);
    assert.deepEqual(detection('trafficPolicy: {outlierDetection: {interval: 5s}}'), [
      'known',
      'known',
    ]);
    assert.deepEqual(
      detection('trafficPolicy: {portLevelSettings: [{outlierDetection: {interval: 5s}}]}'),
      ['known', 'known'],
    );
    assert.deepEqual(
      detection('subsets: [{name: v1, trafficPolicy: {outlierDetection: {interval: 5s}}}]'),
      ['known', 'known'],
    );
  });
});

describe('experiments', () => {
  const chaos = (kind: string, spec: string, namespace = 'shop') => `---
apiVersion: chaos-mesh.org/v1alpha1
kind: ${kind}
metadata: {name: break-orders, namespace: ${namespace}}
spec: ${spec}
`;
  const shop = deployment({}) + deployment({ name: 'payments', namespace: 'billing' });

  it('hit the pods of their own namespace when they name none', () => {
    const model = modelOf(
      shop +
        chaos(
          'PodChaos',
          '{action: pod-kill, mode: one, selector: {labelSelectors: {app: orders}}}',
        ),
    );
    const found = only(model.experiments);
    assert.deepEqual(names(found.targets.items), ['orders']);
    assert.equal(found.durationBound, false);
    assert.equal(found.hasLabelSelector, true);
    assert.equal(found.mode, 'one');
    assert.equal(found.scheduled, false);
    assert.deepEqual(
      workload(model, 'orders').experiments.items.map((e) => e.action),
      ['pod-kill'],
    );
  });

  it('hit the namespaces that they name, and nothing with a wrong label', () => {
    const targets = (selector: string, namespace?: string) =>
      only(
        modelOf(
          shop +
            chaos('NetworkChaos', `{action: delay, mode: all, selector: ${selector}}`, namespace),
        ).experiments,
      );
    const billing = targets('{namespaces: [billing], labelSelectors: {app: payments}}');
    assert.deepEqual(names(billing.targets.items), ['payments']);
    assert.equal(billing.durationBound, true);
    assert.equal(billing.duration.state, 'absent');
    const typo = targets('{labelSelectors: {app: order}}');
    assert.deepEqual(typo.targets, { items: [], complete: true });
    assert.equal(
      typo.nearMiss?.message,
      'Deployment orders has the label app=orders, not app=order',
    );
    assert.equal(targets('{nodes: [worker-1]}').targets.complete, false);
    assert.equal(targets('{labelSelectors: {app: x}}', 'elsewhere').targets.complete, false);
    const named = targets('{pods: {shop: [orders-7d9f-xk2p4]}}');
    assert.deepEqual(names(named.targets.items), ['orders']);
  });

  it('stand in Schedules and Workflows', () => {
    const schedule = only(
      modelOf(
        shop +
          chaos(
            'Schedule',
            "{schedule: '0 4 * * *', type: PodChaos, podChaos: {action: pod-failure, mode: one, duration: 30s, selector: {labelSelectors: {app: orders}}}}",
          ),
      ).experiments,
    );
    assert.deepEqual(
      [schedule.faultKind, schedule.action, schedule.scheduled, read(schedule.duration)],
      ['PodChaos', 'pod-failure', true, '30s'],
    );
    const workflow = only(
      modelOf(
        shop +
          chaos(
            'Workflow',
            '{entry: all, templates: [{name: all, templateType: Serial, children: [slow]}, {name: slow, templateType: NetworkChaos, deadline: 2m, networkChaos: {action: delay, mode: all, selector: {labelSelectors: {app: orders}}}}]}',
          ),
      ).experiments,
    );
    assert.deepEqual(
      [workflow.faultKind, workflow.scheduled, read(workflow.duration), workflow.identity],
      ['NetworkChaos', false, '2m', 'chaos-mesh.org/Workflow/shop/break-orders#slow'],
    );
    assert.deepEqual(names(workflow.targets.items), ['orders']);
  });

  it('of Litmus name their application by label, namespace and kind', () => {
    const engine = (kind: string) => `---
apiVersion: litmuschaos.io/v1alpha1
kind: ChaosEngine
metadata: {name: orders-chaos, namespace: litmus}
spec:
  appinfo: {appns: shop, applabel: 'app=orders', appkind: ${kind}}
  experiments:
    - name: pod-delete
      spec: {components: {env: [{name: TOTAL_CHAOS_DURATION, value: '60'}]}}
`;
    const found = only(modelOf(shop + engine('deployment')).experiments);
    assert.deepEqual(names(found.targets.items), ['orders']);
    assert.deepEqual(
      [found.framework, found.faultKind, read(found.duration)],
      ['Litmus', 'pod-delete', '60'],
    );
    assert.deepEqual(only(modelOf(shop + engine('statefulset')).experiments).targets.items, []);
    const typo = only(
      modelOf(shop + engine('deployment').replace('app=orders', 'app=order')).experiments,
    );
    assert.deepEqual(typo.targets, { items: [], complete: true });
    assert.equal(
      typo.nearMiss?.message,
      'Deployment orders has the label app=orders, not app=order',
    );
  });

  it('may be run by a CronJob', () => {
    const cron = (command: string) => `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: weekly}
spec:
  schedule: '0 4 * * 1'
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: run, image: 'bitnami/kubectl:1', command: ${command}}]}}}}
`;
    const outside = (command: string) =>
      modelOf(shop + cron(command)).repository.experimentsScheduledOutside;
    assert.equal(outside('[kubectl, apply, -f, chaos/pod-kill.yaml]'), true);
    assert.equal(outside('[kubectl, get, pods]'), false);
  });
});

describe('alerts', () => {
  it('are the alerting rules of PrometheusRules', () => {
    const model = modelOf(`
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: orders, namespace: shop}
spec:
  groups:
    - name: orders
      rules:
        - record: orders:rate
          expr: rate(orders_total[5m])
        - alert: OrdersFail
          expr: orders:rate == 0
          annotations: {summary: no orders}
`);
    const alert = only(model.alerts);
    assert.equal(alert.name, 'OrdersFail');
    assert.equal(read(alert.expression), 'orders:rate == 0');
    assert.equal(alert.runbookUrl.state, 'absent');
    assert.equal(only(model.repository.alerts), alert);
  });
});

describe('cron schedules', () => {
  it('have a shortest period', () => {
    const cases: readonly (readonly [string, number | undefined])[] = [
      ['* * * * *', 1],
      ['*/5 * * * *', 5],
      ['0,50 * * * *', 10],
      ['0 * * * *', 60],
      ['30 2 * * *', 1440],
      ['0 9-17 * * 1-5', 60],
      ['0 4 * * SUN', 7 * 1440],
      ['0 0 1 * *', 28 * 1440],
      ['55 23 * * *', 1440],
      ['0 0 13 * FRI', 1440],
      ['@hourly', 60],
      ['@every 90s', 1.5],
      ['CRON_TZ=Europe/Berlin 0 3 * * *', 1440],
      ['0 0 31 2 *', undefined],
      ['0 */6 * * *', 360],
      ['0 22,2 * * *', 240],
      ['0 0 1,15 * *', 14 * 1440],
      ['0 0 * jan,jul mon', 7 * 1440],
      ['60 * * * *', undefined],
      ['0 24 * * *', undefined],
      ['0 0 0 * *', undefined],
      ['0 0 * * 5-1', undefined],
      ['*/0 * * * *', undefined],
      ['H * * * *', undefined],
      ['every day', undefined],
    ];
    for (const [schedule, minutes] of cases)
      assert.equal(periodMinutesOf(schedule), minutes, schedule);
  });
});

describe('durations and names', () => {
  it('are read as Go reads them', () => {
    assert.equal(millisecondsOf('1m30s'), 90_000);
    assert.equal(millisecondsOf('250ms'), 250);
    assert.equal(millisecondsOf('0'), 0);
    assert.equal(millisecondsOf('10'), undefined);
  });

  it('tell a slip from another name', () => {
    assert.equal(isTypo('orders', 'order'), true);
    assert.equal(isTypo('payments-api', 'paymnets-api'), true);
    assert.equal(isTypo('orders-v1', 'orders-v2'), false);
    assert.equal(isTypo('redis-ro', 'redis-rw'), false);
    assert.equal(isTypo('orders', 'orders-db'), false);
    assert.equal(isTypo('cart', 'shop'), false);
  });
});

describe('the model', () => {
  const files: Readonly<Record<string, string>> = {
    'a/orders.yaml': deployment({ spec: 'replicas: 2' }),
    'a/payments.yaml': deployment({ name: 'payments' }),
    'b/orders-service.yaml': service('app: orders'),
    'b/payments-service.yaml': service('app: payments', { name: 'payments', namespace: '' }),
    'b/dangling.yaml': service('app: payment', { name: 'pay' }),
    'c/budget.yaml': budget('selector: {}, minAvailable: 2'),
    'c/autoscaler.yaml': autoscaler('minReplicas: 2'),
    'c/second.yaml': autoscaler('minReplicas: 3', 'orders-2'),
    'd/chaos.yaml': `apiVersion: chaos-mesh.org/v1alpha1
kind: PodChaos
metadata: {name: kill, namespace: shop}
spec: {action: pod-kill, mode: one, selector: {labelSelectors: {app: orders}}}
`,
  };

  /** JSON without cycles: a joined object inside another is its identity. */
  function projection(model: Model): unknown {
    const plain = (value: unknown, depth: number): unknown => {
      if (value instanceof Map) return [...value].map((entry) => plain(entry, depth));
      if (Array.isArray(value)) return value.map((item) => plain(item, depth));
      if (typeof value !== 'object' || value === null) return value;
      if ('identity' in value && depth > 0) return value.identity;
      const inner = 'identity' in value ? depth + 1 : depth;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, plain(item, inner)]),
      );
    };
    return Object.entries(model).map(([key, value]) => [key, plain(value, 0)]);
  }

  it('does not depend on the order of the files', () => {
    const wanted = projection(modelOf(files));
    assert.ok(JSON.stringify(wanted).includes('autoscaling/HorizontalPodAutoscaler/shop/orders-2'));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.entries(files), { minLength: Object.keys(files).length }),
        (shuffled) => {
          assert.deepEqual(projection(modelOf(Object.fromEntries(shuffled))), wanted);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('joins in both directions', () => {
    const model = modelOf(files);
    for (const one of model.services)
      for (const target of one.workloads.items)
        assert.ok(target.services.items.includes(one), `${one.label} and ${target.label}`);
    for (const one of model.podDisruptionBudgets)
      for (const target of one.workloads.items)
        assert.ok(target.podDisruptionBudgets.items.includes(one));
    assert.equal(model.services.flatMap((s) => s.workloads.items).length, 2);
  });
});
