/** What charts and their sets of values see of each other and of plain manifests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { defaultPolicy } from '../src/config/policy.ts';
import { analyse } from '../src/run.ts';

type Files = Readonly<Record<string, string>>;

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';

function reportOf(files: Files) {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  return analyse(sources, defaultPolicy);
}

const found = (files: Files) =>
  reportOf(files).findings.map(({ rule, at }) => `${rule} ${at.path}:${at.line}`);

/** A Deployment that no rule minds. */
function workload(name: string, replicas = '3'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app: orders}}
      containers:
        - name: api
          image: acme/orders:1.4.2
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: http}}
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 128Mi}}
`;
}

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: orders}
  ports: [{port: 80, targetPort: http}]
`;
const budget = (name: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: ${name}}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: orders}}
`;
const ingress = (backend: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: ${backend}, port: {number: 80}}}
`;

const NAMED = '{{ .Release.Name }}-orders';
const chart = (folder = 'charts/shop/'): Files => ({
  [`${folder}Chart.yaml`]: CHART,
  [`${folder}templates/orders.yaml`]: workload(NAMED),
  [`${folder}templates/service.yaml`]: service(NAMED),
  [`${folder}templates/budget.yaml`]: budget(NAMED),
});

describe('a chart that renders', () => {
  it('is closed: what refers to nothing in it is found', () => {
    assert.deepEqual(
      found({ ...chart(), 'charts/shop/templates/ingress.yaml': ingress(NAMED) }),
      [],
    );
    assert.deepEqual(
      found({
        ...chart(),
        'charts/shop/templates/ingress.yaml': ingress('{{ .Release.Name }}-pay'),
      }),
      ['ingress-targets-nothing charts/shop/templates/ingress.yaml:10'],
    );
  });

  it('is seen by plain manifests, and sees them', () => {
    const { 'charts/shop/templates/budget.yaml': _, ...withoutBudget } = chart();
    assert.deepEqual(found(withoutBudget), [
      'missing-pod-disruption-budget charts/shop/templates/orders.yaml:2',
    ]);
    assert.deepEqual(found({ ...withoutBudget, 'policies/budget.yaml': budget('orders') }), []);
  });

  it('has names that plain manifests may guess only when something gives the release a name', () => {
    const wrong = { ...chart(), 'ingress.yaml': ingress('shop-payments-api') };
    assert.deepEqual(found(wrong), []);
    const deploy = '#!/bin/sh\nhelm upgrade --install shop charts/shop --namespace shop\n';
    assert.deepEqual(found({ ...wrong, 'deploy.sh': deploy }), [
      'ingress-targets-nothing ingress.yaml:10',
    ]);
    const right = { ...chart(), 'ingress.yaml': ingress('shop-orders') };
    assert.deepEqual(found({ ...right, 'deploy.sh': deploy }), []);
  });

  it('whose namespace nobody gives meets every namespace', () => {
    const { 'charts/shop/templates/budget.yaml': _, ...rest } = chart();
    const inNamespace = (text: string, namespace: string) =>
      text.replace('metadata: {', `metadata: {namespace: ${namespace}, `);
    const files = {
      ...rest,
      'charts/shop/templates/orders.yaml': inNamespace(
        workload(NAMED),
        '{{ .Release.Namespace | quote }}',
      ),
      'policies/budget.yaml': inNamespace(budget('orders'), 'shop'),
    };
    assert.deepEqual(found(files), []);
    const deploy = (namespace: string) =>
      `#!/bin/sh\nhelm upgrade --install shop charts/shop -n ${namespace}\n`;
    assert.deepEqual(found({ ...files, 'deploy.sh': deploy('shop') }), []);
    assert.deepEqual(found({ ...files, 'deploy.sh': deploy('web') }), [
      'missing-pod-disruption-budget charts/shop/templates/orders.yaml:2',
      'orphan-pod-disruption-budget policies/budget.yaml:3',
    ]);
  });

  it('with a part that nobody can tell is open', () => {
    const files = {
      ...chart(),
      'charts/shop/templates/ingress.yaml': ingress('{{ .Release.Name }}-pay'),
      'charts/shop/templates/more.yaml': `{{ if mystery . }}\n${service('{{ .Release.Name }}-pay')}{{ end }}`,
    };
    assert.deepEqual(found(files), []);
  });
});

describe('sets of values', () => {
  const files = {
    ...chart(''),
    'templates/orders.yaml': workload(NAMED, '{{ .Values.replicas }}'),
    'values.yaml': 'replicas: 1\n',
  };

  it('are contexts of their own: two budgets of two sets do not overlap', () => {
    const report = reportOf({
      ...files,
      'values-prod-eu.yaml': 'replicas: 3\n',
      'values-prod-us.yaml': 'replicas: 4\n',
    });
    assert.deepEqual(
      report.findings.map(({ rule }) => rule),
      [],
    );
  });

  it('of environments that are not production keep the rules on replicas silent', () => {
    for (const name of ['values-dev.yaml', 'values.staging.yaml', 'values/test.yaml'])
      assert.deepEqual(
        reportOf({ ...files, [name]: 'replicas: 2\n' }).findings.map(({ contexts }) => contexts),
        [['.']],
        name,
      );
    const deploy = { 'ci/deploy-staging.sh': 'helm upgrade shop . -f values-x.yaml\n' };
    assert.deepEqual(
      found({
        ...files,
        ...deploy,
        'values.yaml': 'replicas: 3\n',
        'values-x.yaml': 'replicas: 1\n',
      }),
      [],
    );
  });

  it('of production replace values.yaml alone, wherever they lie', () => {
    for (const name of [
      'values-prod.yaml',
      'values.production.yaml',
      'values/live.yaml',
      'environments/prod/values.yaml',
      'env/prd.yml',
    ])
      assert.deepEqual(found({ ...files, [name]: 'replicas: 3\n' }), [], name);
    for (const name of ['values-example.yaml', 'values.schema.yaml', 'ci/prod-values.yaml'])
      assert.equal(found({ ...files, [name]: 'replicas: 3\n' }).length, 1, name);
  });

  it('give the same findings in every order of the files', () => {
    const all = {
      ...files,
      'values-prod.yaml': 'replicas: 2\n',
      'values-dev.yaml': 'replicas: 1\n',
      'argo.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec: {source: {path: ., helm: {valueFiles: [values-prod.yaml]}}}\n',
      'ingress.yaml': ingress('shop-orders'),
    };
    const sources = Object.entries(all).map(([path, text]) => ({ path, text }));
    const seen = (some: typeof sources) => analyse(some, defaultPolicy).findings;
    const expected = seen(sources);
    assert.equal(expected.length, 1);
    fc.assert(
      fc.property(fc.shuffledSubarray(sources, { minLength: sources.length }), (shuffled) => {
        assert.deepEqual(seen(shuffled), expected);
      }),
      { numRuns: 20 },
    );
  });
});
