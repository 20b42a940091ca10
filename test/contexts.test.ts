/** What lands together in one cluster: copies, overlays, patches, environments, unseen makers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { nonProductionPartOf } from '../src/model/link/environments.ts';
import { link } from '../src/model/link/link.ts';
import type { LinkSettings } from '../src/model/link/objects.ts';
import { whyOpen } from '../src/model/link/open.ts';
import type { Model, Value } from '../src/model/model.ts';

type Files = Readonly<Record<string, string>>;

const SETTINGS: LinkSettings = {
  environments: { production: [], nonProduction: [] },
  assume: { limitRange: [], mesh: false, spread: false, podDisruptionBudgets: false },
};

function modelOf(files: Files, environments: Partial<LinkSettings['environments']> = {}): Model {
  const facts = Object.entries(files).map(([path, text]) => extractManifest({ path, text }));
  return link(facts, {
    ...SETTINGS,
    environments: { ...SETTINGS.environments, ...environments },
  });
}

const HOLE = ['$', '{NAME}'].join('');

function workload(
  options: {
    name?: string;
    namespace?: string;
    kind?: string;
    spec?: string;
    pod?: string;
    container?: string;
  } = {},
): string {
  const { name = 'orders', namespace, kind = 'Deployment', spec = '', pod = '' } = options;
  return `---
apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
${namespace === undefined ? '' : `  namespace: ${namespace}\n`}spec:
  replicas: 2
${spec}  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
${pod}      containers:
        - name: api
          image: acme/${name}:1.4.2
${options.container ?? ''}`;
}

function named(kind: string, name = 'orders', spec = '', apiVersion?: string): string {
  const versions: Record<string, string> = {
    PodDisruptionBudget: 'policy/v1',
    Ingress: 'networking.k8s.io/v1',
    HorizontalPodAutoscaler: 'autoscaling/v2',
  };
  return `---
apiVersion: ${apiVersion ?? versions[kind] ?? 'v1'}
kind: ${kind}
metadata:
  name: ${name}
${spec}`;
}

const service = (name = 'orders') =>
  named('Service', name, `spec:\n  selector: {app: ${name}}\n  ports: [{port: 80}]\n`);
const budget = (name = 'orders', app = name) =>
  named(
    'PodDisruptionBudget',
    name,
    `spec:\n  maxUnavailable: 1\n  selector: {matchLabels: {app: ${app}}}\n`,
  );
const ingress = (to: string, name = 'edge') =>
  named('Ingress', name, `spec:\n  defaultBackend: {service: {name: ${to}, port: {number: 80}}}\n`);
const kustomization = (text: string) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${text}`;

function read<T>(value: Value<T>): T | 'unknown' | 'absent' {
  return value.state === 'known' ? value.value : value.state;
}

const contextNames = (model: Model) => model.contexts.map(({ name }) => name);

function inContext(model: Model, context: string, name = 'orders') {
  const found = model.workloads.filter((w) => w.context.name === context && w.name === name);
  assert.equal(found.length, 1, `${found.length} workloads ${name} in ${context}`);
  const [only] = found;
  assert.ok(only);
  return only;
}

const budgetsOf = (model: Model, context: string, name = 'orders') =>
  inContext(model, context, name).podDisruptionBudgets.items.map((b) => b.name);

describe('plain manifests', () => {
  it('form one context, across all directories', () => {
    const model = modelOf({ 'apps/orders.yaml': workload(), 'policies/pdb.yaml': budget() });
    assert.deepEqual(contextNames(model), ['']);
    assert.deepEqual(budgetsOf(model, ''), ['orders']);
  });

  it('with copies split at the topmost directories that hold only one', () => {
    const model = modelOf({
      'k8s/eu/apps/orders.yaml': workload(),
      'k8s/eu/pdb.yaml': budget(),
      'k8s/us/orders.yaml': workload(),
      'k8s/shared/payments.yaml': workload({ name: 'payments' }),
    });
    assert.deepEqual(contextNames(model), ['', 'k8s/eu', 'k8s/us']);
    assert.deepEqual(budgetsOf(model, 'k8s/eu'), ['orders']);
    assert.deepEqual(budgetsOf(model, 'k8s/us'), []);
    assert.equal(inContext(model, 'k8s/us').podDisruptionBudgets.complete, true);
    assert.equal(inContext(model, '', 'payments').at.path, 'k8s/shared/payments.yaml');
  });

  it('with three copies, two of them in one directory', () => {
    const model = modelOf({
      'a/orders.yaml': workload(),
      'b/x/orders.yaml': workload(),
      'b/y/orders.yaml': workload(),
      'b/pdb.yaml': budget(),
    });
    assert.deepEqual(contextNames(model), ['', 'a', 'b/x', 'b/y']);
    for (const context of ['a', 'b/x', 'b/y'])
      assert.deepEqual(budgetsOf(model, context), ['orders']);
  });

  it('with a copy below the other one: the upper copy alone is the branch', () => {
    const model = modelOf({
      'k8s/orders.yaml': workload(),
      'k8s/service.yaml': service(),
      'k8s/next/orders.yaml': workload(),
    });
    assert.deepEqual(contextNames(model), ['', 'k8s/next', 'k8s/orders.yaml']);
    for (const context of ['k8s/next', 'k8s/orders.yaml'])
      assert.equal(inContext(model, context).services.items.length, 1);
  });

  it('with copies in one directory, and in one file', () => {
    const files = modelOf({
      'k8s/orders.yaml': workload(),
      'k8s/orders-next.yaml': workload(),
      'k8s/pdb.yaml': budget(),
    });
    assert.deepEqual(contextNames(files), ['', 'k8s/orders-next.yaml', 'k8s/orders.yaml']);
    const documents = modelOf({ 'orders.yaml': workload() + workload() + budget() });
    assert.deepEqual(contextNames(documents), ['', 'orders.yaml#1', 'orders.yaml#2']);
    for (const model of [files, documents])
      assert.deepEqual(
        model.podDisruptionBudgets.map((b) => b.workloads.items.length),
        [1],
      );
  });

  it('with nested sets of copies: every leaf sees what stands above it, and no alternative', () => {
    const model = modelOf({
      'dev1/payments.yaml': workload({ name: 'payments' }),
      'canary/payments.yaml': workload({ name: 'payments' }),
      'live/payments.yaml': workload({ name: 'payments' }),
      'live/eu/orders.yaml': workload(),
      'live/us/orders.yaml': workload(),
      'live/us/ingress.yaml': ingress('payments') + service('payments'),
    });
    assert.deepEqual(contextNames(model), ['canary', 'dev1', 'live', 'live/eu', 'live/us']);
    const [backend] = model.backends;
    assert.equal(backend?.service?.workloads.items[0]?.at.path, 'live/payments.yaml');
  });

  it('are not split by copies of what no join looks at', () => {
    const shared = named('Namespace', 'shop') + named('ConfigMap', 'settings');
    const model = modelOf({
      'a/orders.yaml': shared + workload(),
      'b/payments.yaml': shared + workload({ name: 'payments' }),
    });
    assert.deepEqual(contextNames(model), ['']);
  });

  it('are not split by equal names in two namespaces', () => {
    const model = modelOf({
      'a/orders.yaml': workload({ namespace: 'shop' }),
      'b/orders.yaml': workload({ namespace: 'backoffice' }),
    });
    assert.deepEqual(contextNames(model), ['']);
  });

  it('are split when one of two copies says no namespace: they may be one', () => {
    const model = modelOf({
      'a/orders.yaml': workload({ namespace: 'shop' }),
      'b/orders.yaml': workload(),
    });
    assert.deepEqual(contextNames(model), ['a', 'b']);
  });

  it('take an alternative that goes by the same name in another place', () => {
    const model = modelOf({
      'orders/eu/orders.yaml': workload(),
      'orders/us/orders.yaml': workload() + ingress('payments'),
      'payments/eu/payments.yaml': workload({ name: 'payments' }) + service('payments'),
      'payments/us/payments.yaml': workload({ name: 'payments' }) + service('payments'),
    });
    const [backend] = model.backends;
    assert.equal(backend?.context.name, 'orders/us');
    assert.equal(backend?.service?.at.path, 'payments/us/payments.yaml');
  });

  it('in no branch find what stands in any one of them', () => {
    const model = modelOf({
      'apps/catalog/redis.yaml': workload({ name: 'redis' }),
      'apps/catalog/catalog.yaml': workload({ name: 'catalog' }) + service('catalog'),
      'apps/payments/redis.yaml': workload({ name: 'redis' }),
      'apps/payments/payments.yaml': workload({ name: 'payments' }) + service('payments'),
      'edge/catalog.yaml': ingress('catalog', 'catalog'),
      'edge/payments.yaml': ingress('payments', 'payments'),
    });
    assert.deepEqual(
      model.backends.map((backend) => backend.service?.name),
      ['catalog', 'payments'],
    );
  });

  it('report every object once, however many contexts see it', () => {
    const model = modelOf({
      'a/orders.yaml': workload(),
      'b/orders.yaml': workload(),
      'shared.yaml': workload({ name: 'payments' }) + service('payments') + budget('payments'),
    });
    assert.equal(model.workloads.length, 3);
    assert.equal(model.services.length, 1);
    assert.equal(model.podDisruptionBudgets.length, 1);
    assert.equal(model.images.length, 3);
  });

  it('leave out workloads without containers: some tool merges them into another', () => {
    const fragment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\n';
    const model = modelOf({
      'a/orders.yaml': workload(),
      'a/more-replicas.yaml': `${fragment}spec: {replicas: 5}\n`,
    });
    assert.deepEqual(contextNames(model), ['']);
    assert.equal(model.workloads.length, 1);
  });
});

describe('fragments', () => {
  it('are workloads without a selector, which the API server rejects', () => {
    const part = workload({ name: 'manager' }).replace(
      / {2}selector:[\s\S]*?(?= {2}template:)/,
      '',
    );
    assert.doesNotMatch(part, /selector/);
    assert.equal(modelOf({ 'config/patch.yaml': part }).workloads.length, 0);
    const older = part.replace('apps/v1', 'apps/v1beta2');
    assert.equal(modelOf({ 'config/patch.yaml': older }).workloads.length, 1);
  });

  it('are workloads none of whose containers has an image', () => {
    const part = workload({ name: 'manager' }).replace('          image: acme/manager:1.4.2\n', '');
    assert.equal(modelOf({ 'config/patch.yaml': part }).workloads.length, 0);
    const sidecar = `${part}        - name: proxy\n          image: envoyproxy/envoy:v1.30.1\n`;
    assert.equal(modelOf({ 'config/patch.yaml': sidecar }).workloads.length, 1);
    const hidden = part.replace('- name: api\n', `- name: api\n          image: ${HOLE}\n`);
    assert.equal(modelOf({ 'config/patch.yaml': hidden }).workloads.length, 1);
  });
});

describe('overlays', () => {
  const base = {
    'base/kustomization.yaml': kustomization('resources: [orders.yaml, service.yaml]\n'),
    'base/orders.yaml': workload(),
    'base/service.yaml': service(),
  };

  it('are one context each; a base that they use is none', () => {
    const model = modelOf({
      ...base,
      'overlays/eu/kustomization.yaml': kustomization('resources: [../../base, pdb.yaml]\n'),
      'overlays/eu/pdb.yaml': budget(),
      'overlays/us/kustomization.yaml': kustomization('bases: [../../base/]\n'),
    });
    assert.deepEqual(contextNames(model), ['overlays/eu', 'overlays/us']);
    assert.deepEqual(budgetsOf(model, 'overlays/eu'), ['orders']);
    assert.deepEqual(budgetsOf(model, 'overlays/us'), []);
    const identities = new Set(model.workloads.map(({ identity }) => identity));
    assert.deepEqual([...identities], ['apps/Deployment/_/orders']);
    assert.equal(new Set(model.workloads.map(({ at }) => at.start)).size, 1);
  });

  it('keep the identity of the base under a prefix, a suffix and a namespace', () => {
    const model = modelOf({
      ...base,
      'eu/kustomization.yaml': kustomization(
        'resources: [../base, hpa.yaml]\nnamespace: shop-eu\nnamePrefix: eu-\nnameSuffix: -v2\n',
      ),
      'eu/hpa.yaml': named(
        'HorizontalPodAutoscaler',
        'orders',
        'spec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}\n  minReplicas: 4\n  maxReplicas: 9\n',
      ),
    });
    const orders = inContext(model, 'eu', 'eu-orders-v2');
    assert.equal(orders.namespace, 'shop-eu');
    assert.equal(orders.identity, 'apps/Deployment/_/orders');
    assert.equal(orders.services.items.length, 1);
    assert.equal(read(orders.replicas.floor), 4);
  });

  it('make the selector that a Service or a workload has not, but none of a PodDisruptionBudget', () => {
    const model = (labels: string) =>
      modelOf({
        'eu/kustomization.yaml': kustomization(`resources: [shop.yaml]\n${labels}`),
        'eu/shop.yaml':
          named('Service', 'orders', 'spec:\n  ports: [{port: 80}]\n') +
          named('PodDisruptionBudget', 'orders', 'spec: {maxUnavailable: 1}\n') +
          workload().replace('  selector:\n    matchLabels: {app: orders}\n', ''),
      });
    for (const labels of [
      'commonLabels: {team: shop}\n',
      'labels: [{pairs: {team: shop}, includeSelectors: true}]\n',
    ]) {
      const made = inContext(model(labels), 'eu');
      const [found] = made.services.items;
      assert.ok(found?.selector.state === 'known');
      assert.deepEqual([...found.selector.value], [['team', 'shop']]);
      assert.equal(read(made.selectorMatchesTemplate), true);
      assert.equal(made.podDisruptionBudgets.items.length, 0);
    }
    const kept = inContext(model('labels: [{pairs: {team: shop}}]\n'), 'eu');
    assert.equal(kept.services.items.length, 0);
  });

  it('say the namespace that a base leaves open', () => {
    const autoscaler = (namespace: string) =>
      named(
        'HorizontalPodAutoscaler',
        'orders',
        `  namespace: ${namespace}\nspec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: gone}\n  maxReplicas: 9\n`,
      );
    const mayBeUnseen = (text: string) =>
      modelOf({
        'eu/kustomization.yaml': kustomization(`resources: [orders.yaml, hpa.yaml]\n${text}`),
        'eu/orders.yaml': workload({ namespace: 'shop' }),
        'eu/hpa.yaml': autoscaler(HOLE),
      }).autoscalers.map(({ targetMayBeUnseen }) => targetMayBeUnseen);
    assert.deepEqual(mayBeUnseen(''), [true]);
    assert.deepEqual(mayBeUnseen('namespace: shop\n'), [false]);
  });

  it('that differ in their prefixes alone do not see each other', () => {
    const model = modelOf({
      ...base,
      'eu/kustomization.yaml': kustomization('resources: [../base, pdb.yaml]\nnamePrefix: eu-\n'),
      'eu/pdb.yaml': budget(),
      'us/kustomization.yaml': kustomization('resources: [../base]\nnamePrefix: us-\n'),
    });
    assert.deepEqual(budgetsOf(model, 'us', 'us-orders'), []);
  });

  it('that hold the same object do not see each other, although they share no base', () => {
    const model = modelOf({
      'eu/kustomization.yaml': kustomization('resources: [orders.yaml, pdb.yaml]\n'),
      'eu/orders.yaml': workload(),
      'eu/pdb.yaml': budget('orders-eu', 'orders'),
      'us/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'us/orders.yaml': workload(),
    });
    assert.deepEqual(budgetsOf(model, 'eu'), ['orders-eu']);
    assert.deepEqual(budgetsOf(model, 'us'), []);
  });

  it('find what stands in other overlays and in plain manifests, and report only their own', () => {
    const model = modelOf({
      ...base,
      'edge/kustomization.yaml': kustomization('resources: [ingress.yaml]\n'),
      'edge/ingress.yaml': ingress('orders'),
      'policies/pdb.yaml': budget(),
    });
    assert.deepEqual(contextNames(model), ['', 'base', 'edge']);
    assert.equal(model.backends[0]?.service?.name, 'orders');
    assert.deepEqual(budgetsOf(model, 'base'), ['orders']);
    assert.equal(model.podDisruptionBudgets.length, 1);
    assert.equal(model.podDisruptionBudgets[0]?.workloads.items.length, 1);
  });

  it('of the base of the run are called "."', () => {
    const model = modelOf({
      'kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'orders.yaml': workload(),
    });
    assert.deepEqual(contextNames(model), ['.']);
  });

  it('count a base once that they reach on two ways, and twice under two names', () => {
    const model = modelOf({
      ...base,
      'left/kustomization.yaml': kustomization('resources: [../base]\n'),
      'right/kustomization.yaml': kustomization('resources: [../base]\n'),
      'green/kustomization.yaml': kustomization('resources: [../base]\nnamePrefix: green-\n'),
      'all/kustomization.yaml': kustomization('resources: [../left, ../right, ../green]\n'),
    });
    assert.deepEqual(contextNames(model), ['all']);
    assert.deepEqual(
      model.workloads.map(({ name }) => name),
      ['orders', 'green-orders'],
    );
  });

  it('see only what has to do with them when there are many, and lose no join', () => {
    const files: Record<string, string> = { 'policies/all.yaml': '' };
    const count = 150;
    for (let index = 0; index < count; index++) {
      const name = `app${index}`;
      files[`apps/${name}/base/kustomization.yaml`] = kustomization('resources: [app.yaml]\n');
      files[`apps/${name}/base/app.yaml`] = workload({ name }) + service(name);
      for (const region of ['eu', 'us'])
        files[`apps/${name}/${region}/kustomization.yaml`] =
          kustomization('resources: [../base]\n');
      files[`edge/${name}/kustomization.yaml`] = kustomization('resources: [ingress.yaml]\n');
      files[`edge/${name}/ingress.yaml`] = ingress(name, name);
      files['policies/all.yaml'] += budget(`${name}-budget`, name);
    }
    const model = modelOf(files);
    assert.equal(model.contexts.length, 3 * count + 1);
    assert.equal(model.workloads.length, 2 * count);
    for (const { podDisruptionBudgets, name } of model.workloads)
      assert.deepEqual(
        podDisruptionBudgets.items.map((item) => item.name),
        [`${name}-budget`],
      );
    assert.equal(model.backends.length, count);
    for (const { service: found, route } of model.backends) assert.equal(found?.name, route.name);
    for (const { workloads } of model.podDisruptionBudgets) assert.equal(workloads.items.length, 1);
  });

  const open: readonly [string, string][] = [
    ['a remote base', 'resources: [../base, "https://example.com/shop?ref=v1"]\n'],
    ['a remote base in short', 'resources: [../base, github.com/acme/shop//deploy]\n'],
    ['a path that leaves the base of the run', 'resources: [../base, ../../../other]\n'],
    ['an absolute path', 'resources: [../base, /etc/shop]\n'],
    ['a file that is not there', 'resources: [../base, gone.yaml]\n'],
    ['a placeholder', `resources: [../base, "${HOLE}"]\n`],
    ['charts', 'resources: [../base]\nhelmCharts: [{name: redis}]\n'],
    ['generators', 'resources: [../base]\ngenerators: [make.yaml]\n'],
    ['a component that is not there', 'resources: [../base]\ncomponents: [../gone]\n'],
    ['itself', 'resources: [../base, ../eu]\n'],
  ];
  for (const [what, text] of open)
    it(`are open with ${what}`, () => {
      const model = modelOf({ ...base, 'eu/kustomization.yaml': kustomization(text) });
      assert.notEqual(inContext(model, 'eu').context.openBecause, undefined);
    });

  it('are closed when everything is here, generated configuration included', () => {
    const model = modelOf({
      ...base,
      'eu/kustomization.yaml': kustomization(
        'resources: [../base]\nconfigMapGenerator: [{name: settings, literals: [A=1]}]\n',
      ),
    });
    assert.equal(inContext(model, 'eu').context.openBecause, undefined);
  });

  it('have their own images, whoever else runs the same one', () => {
    const overlay = (name: string) => ({
      [`${name}/kustomization.yaml`]: kustomization('resources: [app.yaml]\n'),
      [`${name}/app.yaml`]: workload({ name }).replace(`acme/${name}`, 'acme/shared'),
    });
    const { images } = modelOf({ ...overlay('catalog'), ...overlay('mailer') });
    assert.deepEqual(
      images.map(({ context, at, containers }) => [context.name, at.path, containers.length]),
      [
        ['catalog', 'catalog/app.yaml', 1],
        ['mailer', 'mailer/app.yaml', 1],
      ],
    );
  });

  it('set names, tags and digests of images, where they write them', () => {
    const imageIn = (images: string, image = 'acme/orders:1.4.2', more: Files = {}) => {
      const model = modelOf({
        'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
        'base/orders.yaml': workload().replace('acme/orders:1.4.2', image),
        'eu/kustomization.yaml': kustomization(`resources: [../base]\nimages: [${images}]\n`),
        ...more,
      });
      const [found] = model.images;
      assert.ok(found);
      return found;
    };
    const textIn = (images: string, image?: string) => imageIn(images, image).reference.text;
    assert.equal(textIn('{name: acme/orders, newTag: 2.0.0}', 'acme/orders'), 'acme/orders:2.0.0');
    assert.equal(textIn('{name: acme/orders, newTag: 1.20}'), 'acme/orders:1.20');
    assert.equal(textIn('{name: acme/orders, newTag: latest}'), 'acme/orders:latest');
    assert.equal(
      textIn('{name: acme/orders, newTag: latest}', 'acme/orders:1@sha256:abc'),
      'acme/orders:latest',
    );
    assert.equal(textIn('{name: acme/orders, digest: "sha256:abc"}'), 'acme/orders@sha256:abc');
    assert.equal(
      textIn('{name: acme/orders, newName: eu.example/o}', 'acme/orders'),
      'eu.example/o',
    );
    assert.equal(textIn('{name: acme/orders, newName: o}, {name: o, newTag: v9}'), 'o:v9');
    assert.equal(textIn('{name: orders, newTag: v9}'), 'acme/orders:1.4.2');
    assert.equal(textIn('{name: acme/orders}, {newTag: v9}'), 'acme/orders:1.4.2');
    const moved = imageIn('{name: acme/orders, newTag: latest}');
    assert.equal(moved.at.path, 'eu/kustomization.yaml');
    assert.equal(moved.replacedBy, undefined);
  });

  it('set image tags that cannot be read, and names that automation knows under the old one', () => {
    const replacedBy = (images: string, more: Files = {}) =>
      modelOf({
        'eu/kustomization.yaml': kustomization(`resources: [orders.yaml]\nimages: [${images}]\n`),
        'eu/orders.yaml': workload(),
        ...more,
      }).images.map((image) => image.replacedBy);
    assert.deepEqual(replacedBy(`{name: acme/orders, newTag: "${HOLE}"}`), [
      'eu/kustomization.yaml',
    ]);
    const many = Array.from({ length: 501 }, (_, i) => `{name: acme/a${i}, newTag: latest}`);
    assert.deepEqual(replacedBy(`${many.join(', ')}, {name: acme/orders, newTag: latest}`), [
      'eu/kustomization.yaml',
    ]);
    const renamed = '{name: acme/orders, newName: eu.example/orders, newTag: latest}';
    assert.deepEqual(replacedBy(renamed), [undefined]);
    const [by] = replacedBy(renamed, {
      'deploy.sh': 'kustomize edit set image acme/orders=eu.example/orders:$SHA\n',
    });
    assert.match(by ?? '', /kustomize edit set image/);
  });

  it('add labels to objects, templates and selectors', () => {
    const model = modelOf({
      ...base,
      'eu/kustomization.yaml': kustomization(
        'resources: [../base, pdb.yaml]\nlabels: [{pairs: {region: eu}, includeSelectors: true}]\ncommonLabels: {team: shop}\n',
      ),
      'eu/pdb.yaml': named(
        'PodDisruptionBudget',
        'orders',
        'spec:\n  minAvailable: 1\n  selector: {matchLabels: {region: eu, team: shop}}\n',
      ),
    });
    const orders = inContext(model, 'eu');
    assert.deepEqual(budgetsOf(model, 'eu'), ['orders']);
    assert.equal(read(orders.selectorMatchesTemplate), true);
    assert.equal(orders.services.items.length, 1);
    const labels = read(orders.podLabels);
    assert.ok(labels instanceof Map);
    assert.deepEqual([...labels.keys()].sort(), ['app', 'region', 'team']);
  });
});

describe('patches', () => {
  function patched(text: string, more: Files = {}, base = workload()) {
    const model = modelOf({
      'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'base/orders.yaml': base,
      'eu/kustomization.yaml': kustomization(`resources: [../base]\n${text}`),
      ...more,
    });
    assert.deepEqual(contextNames(model), ['eu']);
    assert.equal(model.workloads.length, 1);
    return inContext(model, 'eu');
  }
  const patch = (spec: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n${spec}`;

  it('replicas: sets the number, at its place in the kustomization', () => {
    const { replicas } = patched('replicas:\n  - name: orders\n    count: 5\n');
    assert.equal(read(replicas.floor), 5);
    assert.equal(replicas.floor.at.path, 'eu/kustomization.yaml');
    assert.equal(replicas.floor.at.line, 6);
  });

  it('in a file are merged, and are no objects of their own', () => {
    const orders = patched('patches: [{path: more.yaml}]\n', {
      'eu/more.yaml': patch(
        '  replicas: 4\n  template:\n    spec:\n      containers:\n        - name: api\n          readinessProbe: {httpGet: {path: /ready, port: 80}}\n        - name: proxy\n          image: envoyproxy/envoy:v1.30.1\n',
      ),
    });
    assert.equal(read(orders.replicas.floor), 4);
    assert.equal(orders.replicas.floor.at.path, 'eu/more.yaml');
    assert.deepEqual(
      orders.containers.map(({ name, at }) => [name, at.path]),
      [
        ['api', 'base/orders.yaml'],
        ['proxy', 'eu/more.yaml'],
      ],
    );
    const probe = orders.containers[0]?.readinessProbe;
    assert.ok(probe?.state === 'known');
    assert.equal(probe.value.at.path, 'eu/more.yaml');
    assert.equal(orders.containers[0]?.image.state, 'known');
  });

  it('in the kustomization itself are merged, at their places', () => {
    const lines = [
      'patches:',
      '  - patch: |-',
      '      apiVersion: apps/v1',
      '      kind: Deployment',
      '      metadata:',
      '        name: orders',
      '      spec:',
      '        replicas: 6 # peak',
      '        template:',
      '          spec:',
      '            terminationGracePeriodSeconds: 90',
      '            containers:',
      '              - name: api',
      '                args: ["--fast"]',
      '',
    ];
    const orders = patched(lines.join('\n'));
    assert.equal(read(orders.replicas.floor), 6);
    assert.equal(orders.replicas.floor.at.line, 11);
    assert.equal(orders.replicas.floor.at.column, 19);
    assert.equal(read(orders.terminationGracePeriodSeconds), 90);
    assert.deepEqual(read(orders.containers[0]?.args ?? assert.fail()), ['--fast']);
    assert.equal(orders.containers.length, 1);
  });

  it('patchesStrategicMerge takes paths and texts', () => {
    const orders = patched('patchesStrategicMerge:\n  - more.yaml\n', {
      'eu/more.yaml': patch('  replicas: 7\n'),
    });
    assert.equal(read(orders.replicas.floor), 7);
  });

  it('of JSON operations set, add and remove', () => {
    const orders = patched(
      [
        'patches:',
        '  - target: {kind: Deployment, name: orders}',
        '    patch: |',
        '      - op: replace',
        '        path: /spec/replicas',
        '        value: 8',
        '      - op: add',
        '        path: /spec/template/spec/containers/0/livenessProbe',
        '        value:',
        '          tcpSocket:',
        '            port: 80',
        '      - op: add',
        '        path: /spec/template/spec/containers/-',
        '        value:',
        '          name: proxy',
        '          image: envoyproxy/envoy:v1.30.1',
        '',
      ].join('\n'),
    );
    assert.equal(read(orders.replicas.floor), 8);
    assert.equal(orders.containers[0]?.livenessProbe.state, 'known');
    assert.deepEqual(
      orders.containers.map(({ name }) => name),
      ['api', 'proxy'],
    );
    const json = patched(
      `patchesJson6902: [{target: {kind: Deployment, name: orders}, patch: '[{"op": "remove", "path": "/spec/replicas"}]'}]\n`,
    );
    assert.equal(json.specReplicas.state, 'absent');
  });

  it('of JSON operations in a file of YAML or JSON are applied, and point there', () => {
    const floor = (text: string, name = 'orders', path = 'ops.yaml') =>
      patched(`patches: [{path: ${path}, target: {kind: Deployment, name: ${name}}}]\n`, {
        [`eu/${path}`]: text,
      }).replicas.floor;
    const operations = '# more\n---\n- op: replace\n  path: /spec/replicas\n  value: 8\n';
    const found = floor(operations);
    assert.equal(read(found), 8);
    assert.equal(found.at.path, 'eu/ops.yaml');
    assert.equal(found.at.line, 5);
    assert.equal(read(floor(operations, 'payments')), 2);
    const json = '[{"op": "replace", "path": "/spec/replicas", "value": 7}]';
    assert.equal(read(floor(json, 'orders', 'ops.json')), 7);
    assert.equal(read(floor('- op: remove\n  path: /spec/replicas\n')), 1);
  });

  it('of JSON operations in a file that cannot be read make what they are meant for unknown', () => {
    for (const text of [
      `- op: replace\n  path: ${HOLE}\n  value: 8\n`,
      '- op: replace\n  path: /spec/replicas\n  value: [8\n',
      '- op: move\n  from: /spec/paused\n  path: /spec/replicas\n',
      '- path: /spec/replicas\n  value: 8\n',
    ]) {
      const files = { 'eu/ops.yaml': text };
      const orders = patched('patches: [{path: ops.yaml, target: {kind: Deployment}}]\n', files);
      assert.equal(read(orders.replicas.floor), 'unknown', text);
    }
  });

  it('for a kind, a pattern or a label selector meet what these select', () => {
    const inline = (target: string) =>
      `patches:\n  - target: ${target}\n    patch: |\n      - op: replace\n        path: /spec/replicas\n        value: 9\n`;
    assert.equal(read(patched(inline('{kind: Deployment}')).replicas.floor), 9);
    assert.equal(read(patched(inline('{kind: StatefulSet}')).replicas.floor), 2);
    assert.equal(read(patched(inline('{kind: Deployment, name: .*}')).replicas.floor), 9);
    const floorOf = (target: string) => read(patched(inline(target)).replicas.floor);
    assert.equal(floorOf('{kind: Deployment, name: "ord(ers)?"}'), 9);
    assert.equal(floorOf('{kind: Deployment, name: "ord"}'), 2);
    assert.equal(floorOf('{kind: Deployment, name: "ord{1}ers"}'), 'unknown');
    assert.equal(floorOf('{kind: Deployment, labelSelector: app=orders}'), 2);
    const labels = `commonLabels: {app: orders}\n`;
    const relabelled = patched(inline('{labelSelector: app=orders}'), {
      'base/kustomization.yaml': kustomization(`resources: [orders.yaml]\n${labels}`),
    });
    assert.equal(read(relabelled.replicas.floor), 9);
  });

  it('that merge into what a selector that cannot be read picks may meet an object', () => {
    const target = (selector: string) =>
      `patches: [{path: more.yaml, target: {kind: Deployment${selector}}}]\n`;
    const files = {
      'eu/more.yaml': patch(
        '  replicas: 4\n  template: {spec: {containers: [{name: api, image: acme/next:2.0.0}, {name: proxy}]}}\n',
      ),
    };
    assert.equal(read(patched(target(''), files).replicas.floor), 4);
    assert.equal(read(patched(target(', labelSelector: tier=web'), files).replicas.floor), 2);
    const perhaps = patched(target(`, labelSelector: "${HOLE}"`), files);
    assert.equal(read(perhaps.replicas.floor), 'unknown');
    assert.equal(perhaps.containers[0]?.image.state, 'unknown');
  });

  it('delete objects and fields', () => {
    const probe = '          readinessProbe: {httpGet: {path: /ready, port: 80}}\n';
    const gone = patched(
      'patches: [{path: more.yaml}]\n',
      {
        'eu/more.yaml': patch(
          '  replicas: null\n  template: {spec: {containers: [{name: api, readinessProbe: null}]}}\n',
        ),
      },
      workload({ container: probe }),
    );
    assert.equal(gone.containers[0]?.readinessProbe.state, 'absent');
    assert.equal(gone.specReplicas.state, 'absent');
    const model = modelOf({
      'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'base/orders.yaml': workload() + budget(),
      'eu/kustomization.yaml': kustomization('resources: [../base]\npatches: [{path: no.yaml}]\n'),
      'eu/no.yaml': `$patch: delete\n${budget().replace('---\n', '')}`,
    });
    assert.deepEqual(budgetsOf(model, 'eu'), []);
  });

  it('that cannot be read make the object unknown, never absent', () => {
    const unclear = [
      'patches: [{path: gone.yaml}]\n',
      'patches:\n  - patch: |\n      spec: [replicas\n',
      'patches:\n  - patch: "spec"\n',
      'resources: [../base]\ntransformers: [x.yaml]\n'.replace('resources: [../base]\n', ''),
      'replacements: [{path: replace.yaml}]\n',
    ];
    for (const text of unclear) {
      const orders = patched(text);
      assert.equal(read(orders.replicas.floor), 'unknown', text);
      assert.deepEqual(orders.containers, [], text);
    }
    const nameless = patched('patches: [{patch: "spec: {replicas: 4}"}]\n');
    assert.equal(read(nameless.replicas.floor), 'unknown');
    assert.equal(nameless.containers.length, 1);
  });

  it('replacements make the fields that they name unknown', () => {
    const orders = patched(
      'replacements: [{source: {kind: ConfigMap, name: s, fieldPath: data.n}, targets: [{select: {kind: Deployment, name: orders}, fieldPaths: [spec.replicas]}]}]\n',
    );
    assert.equal(read(orders.replicas.floor), 'unknown');
    assert.equal(orders.containers.length, 1);
  });

  it('of components meet what the overlay gathered, and bring their own objects', () => {
    const model = modelOf({
      'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'base/orders.yaml': workload(),
      'components/large/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [pdb.yaml]\nreplicas: [{name: orders, count: 12}]\n',
      'components/large/pdb.yaml': budget(),
      'eu/kustomization.yaml': kustomization(
        'resources: [../base]\ncomponents: [../components/large]\n',
      ),
    });
    assert.deepEqual(contextNames(model), ['eu']);
    assert.equal(read(inContext(model, 'eu').replicas.floor), 12);
    assert.deepEqual(budgetsOf(model, 'eu'), ['orders']);
  });
});

describe('environments', () => {
  const isProduction = (path: string, environments: Partial<LinkSettings['environments']> = {}) =>
    nonProductionPartOf(path, {
      ...SETTINGS,
      environments: { ...SETTINGS.environments, ...environments },
    }) === undefined;

  it('are told by segments and words of a name', () => {
    for (const path of [
      'k8s/dev',
      'overlays/Development/eu',
      'local',
      'clusters/test/shop',
      'shop-qa',
      'eu.staging',
      'preview_12',
      'review',
      'sandbox',
      'minikube',
      'kind',
      'qa2',
    ])
      assert.equal(isProduction(path), false, path);
    for (const path of [
      '',
      'k8s',
      'production',
      'latest',
      'contest',
      'localhost-gateway',
      'test-report',
      'kind-mapper',
      'devices',
      'reviews',
      'stagings',
    ])
      assert.equal(isProduction(path), true, path);
  });

  it('follow the policy', () => {
    assert.equal(isProduction('eu/staging', { production: ['staging'] }), true);
    assert.equal(isProduction('eu/staging', { production: ['eu/staging'] }), true);
    assert.equal(isProduction('eu/canary', { nonProduction: ['canary'] }), false);
    assert.equal(isProduction('eu/canary/x', { nonProduction: ['eu/canary'] }), false);
  });

  it('hold for plain manifests by their directories, without any copy', () => {
    const model = modelOf({
      'k8s/dev/orders.yaml': workload(),
      'k8s/payments.yaml': workload({ name: 'payments' }),
      'k8s/policies/pdb.yaml': budget(),
    });
    assert.deepEqual(contextNames(model), ['', 'k8s/dev']);
    assert.equal(inContext(model, 'k8s/dev').context.production, false);
    assert.deepEqual(budgetsOf(model, 'k8s/dev'), ['orders']);
    assert.equal(inContext(model, '', 'payments').context.production, true);
  });

  it('hold for overlays and for copies', () => {
    const model = modelOf({
      'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'base/orders.yaml': workload(),
      'overlays/dev/kustomization.yaml': kustomization('resources: [../../base]\n'),
      'overlays/live/kustomization.yaml': kustomization('resources: [../../base]\n'),
      'plain/staging/payments.yaml': workload({ name: 'payments' }),
      'plain/live/payments.yaml': workload({ name: 'payments' }),
    });
    assert.deepEqual(
      model.contexts.map(({ name, production }) => [name, production]),
      [
        ['overlays/dev', false],
        ['overlays/live', true],
        ['plain/live', true],
        ['plain/staging', false],
      ],
    );
  });
});

describe('unseen makers', () => {
  it('are all custom resources but the known harmless ones', () => {
    for (const [group, kind] of [
      ['monitoring.coreos.com', 'Prometheus'],
      ['postgresql.cnpg.io', 'Cluster'],
      ['kafka.strimzi.io', 'Kafka'],
      ['serving.knative.dev', 'Service'],
      ['argoproj.io', 'Application'],
      ['argoproj.io', 'Workflow'],
      ['helm.toolkit.fluxcd.io', 'HelmRelease'],
      ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
      ['keda.sh', 'ScaledJob'],
      ['install.istio.io', 'IstioOperator'],
      ['jobset.x-k8s.io', 'JobSet'],
      ['example.com', 'Shop'],
    ] as const)
      assert.notEqual(whyOpen(group, kind), undefined, `${group} ${kind}`);
    for (const [group, kind] of [
      ['', 'ConfigMap'],
      ['apps', 'Deployment'],
      ['rbac.authorization.k8s.io', 'Role'],
      ['gateway.networking.k8s.io', 'HTTPRoute'],
      ['snapshot.storage.k8s.io', 'VolumeSnapshotClass'],
      ['monitoring.coreos.com', 'ServiceMonitor'],
      ['cert-manager.io', 'Certificate'],
      ['networking.istio.io', 'VirtualService'],
      ['keda.sh', 'ScaledObject'],
      ['argoproj.io', 'Rollout'],
      ['chaos-mesh.org', 'PodChaos'],
    ] as const)
      assert.equal(whyOpen(group, kind), undefined, `${group} ${kind}`);
  });

  it('open the contexts that see them', () => {
    const cluster = named('Cluster', 'ledger', '', 'postgresql.cnpg.io/v1');
    const model = modelOf({
      'a/orders.yaml': workload(),
      'a/ledger.yaml': cluster,
      'b/orders.yaml': workload(),
    });
    assert.notEqual(inContext(model, 'a').context.openBecause, undefined);
    assert.equal(inContext(model, 'b').context.openBecause, undefined);
  });

  it('charts open the plain context and add none of their kinds to it', () => {
    const model = modelOf({
      'orders.yaml': workload(),
      'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'charts/shop/templates/pdb.yaml':
        'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: {{ .Values.name }}\n',
    });
    const orders = inContext(model, '');
    assert.match(orders.context.openBecause ?? '', /charts\/shop is not rendered/);
    assert.equal(orders.podDisruptionBudgets.complete, true);
  });

  it('manifests of a chart that need no rendering are a context of their own', () => {
    const model = modelOf({
      'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'charts/shop/templates/orders.yaml': workload(),
      'payments.yaml': workload({ name: 'payments' }),
      'charts/shop/templates/pdb.yaml':
        'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: {{ .Values.name }}\n',
    });
    const orders = inContext(model, 'charts/shop');
    assert.equal(orders.podDisruptionBudgets.complete, false);
    assert.equal(inContext(model, '', 'payments').podDisruptionBudgets.complete, true);
    assert.notEqual(orders.context.openBecause, undefined);
  });

  it('templates outside of charts and broken documents hide what they name', () => {
    const template =
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: {{ .name }}\n';
    const broken = 'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: orders\n';
    for (const text of [template, broken]) {
      const plain = modelOf({ 'orders.yaml': workload(), 'pdb.yaml': text });
      assert.equal(inContext(plain, '').podDisruptionBudgets.complete, false);
      const overlay = modelOf({
        'eu/kustomization.yaml': kustomization('resources: [orders.yaml, pdb.yaml]\n'),
        'eu/orders.yaml': workload(),
        'eu/pdb.yaml': text,
      });
      assert.equal(inContext(overlay, 'eu').podDisruptionBudgets.complete, false);
    }
  });
});

describe('automation', () => {
  const latest = (name: string, image: string) =>
    workload({ name }).replace(`acme/${name}:1.4.2`, image);
  const manifests = [
    { path: 'orders.yaml', text: latest('orders', 'acme/orders:latest') },
    { path: 'redis.yaml', text: latest('cache', 'redis:latest') },
  ].map(extractManifest);
  /** Whether orders and redis are replaced when automation names this image. */
  function replaced(image: string): readonly boolean[] {
    const [first, ...others] = manifests;
    assert.ok(first);
    const imageReplacements = [{ image, by: 'skaffold', range: [0, 1] as const }];
    const automation = { imageReplacements, experimentRuns: [] };
    const model = link([{ ...first, automation }, ...others], SETTINGS);
    return model.images.map(({ replacedBy }) => replacedBy === 'skaffold');
  }

  it('replaces the images that it names, with or without their registry', () => {
    assert.deepEqual(replaced('acme/orders'), [true, false]);
    assert.deepEqual(replaced('registry.example.com:5000/acme/orders'), [true, false]);
    assert.deepEqual(replaced('redis'), [false, true]);
    assert.deepEqual(replaced('acme/payments'), [false, false]);
  });

  it('that names none replaces what is built here, and nothing else', () => {
    assert.deepEqual(replaced('*'), [true, false]);
  });
});

describe('any repository', () => {
  const pool: Files = {
    'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
    'base/orders.yaml': workload() + service(),
    'overlays/dev/kustomization.yaml': kustomization(
      'resources: [../../base]\nreplicas: [{name: orders, count: 1}]\n',
    ),
    'overlays/live/kustomization.yaml': kustomization(
      'resources: [../../base, pdb.yaml]\npatches: [{path: more.yaml}]\n',
    ),
    'overlays/live/pdb.yaml': budget(),
    'overlays/live/more.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec: {replicas: 3}\n',
    'a/payments.yaml': workload({ name: 'payments' }),
    'b/payments.yaml': workload({ name: 'payments' }),
    'b/again.yaml': workload({ name: 'payments' }),
    'dev/catalog.yaml': workload({ name: 'catalog' }),
    'edge.yaml': ingress('orders') + ingress('payments', 'other'),
    'ledger.yaml': named('Cluster', 'ledger', '', 'postgresql.cnpg.io/v1'),
  };
  const summary = (model: Model) => ({
    contexts: model.contexts,
    workloads: model.workloads.map(({ context, identity, at, replicas, podDisruptionBudgets }) => ({
      context: context.name,
      identity,
      at,
      floor: replicas.floor,
      budgets: podDisruptionBudgets.items.map((b) => b.identity),
    })),
    backends: model.backends.map(({ identity, service }) => [identity, service?.at]),
    images: model.images.map(({ identity, at, context }) => [identity, at, context.name]),
  });

  it('means the same in every order of its files', () => {
    const expected = summary(modelOf(pool));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.entries(pool), { minLength: Object.keys(pool).length }),
        (entries) => {
          assert.deepEqual(summary(modelOf(Object.fromEntries(entries))), expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('reports every object in a context that has no second one of its name', () => {
    fc.assert(
      fc.property(fc.subarray(Object.entries(pool)), (entries) => {
        const model = modelOf(Object.fromEntries(entries));
        const seen = new Set<string>();
        for (const { context, identity } of model.workloads) {
          const key = `${context.name} ${identity}`;
          assert.equal(seen.has(key), false, key);
          seen.add(key);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('hostile repositories', () => {
  const soon = (limit: number, run: () => void) => {
    const start = performance.now();
    run();
    const took = performance.now() - start;
    assert.ok(took < limit, `took ${Math.round(took)} ms`);
  };

  it('kustomizations in a cycle end, and still show their objects', () => {
    const model = modelOf({
      'a/kustomization.yaml': kustomization('resources: [../b, orders.yaml]\n'),
      'a/orders.yaml': workload(),
      'b/kustomization.yaml': kustomization('resources: [../a]\ncomponents: [../b, ../a]\n'),
    });
    assert.deepEqual(contextNames(model), ['a']);
    assert.notEqual(inContext(model, 'a').context.openBecause, undefined);
  });

  it('bases that double at every level stay bounded', () => {
    for (const key of ['resources', 'components']) {
      const files: Record<string, string> = {
        'k0/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
        'k0/orders.yaml': workload(),
      };
      for (let level = 1; level <= 28; level++)
        files[`k${level}/kustomization.yaml`] = kustomization(
          `${key}: [../k${level - 1}, ../k${level - 1}/, ../k${level - 1}/.]\n`,
        );
      soon(20_000, () => assert.ok(modelOf(files).contexts.length > 0));
    }
  });

  it('a chain of thousands of bases does not end the stack', () => {
    const files: Record<string, string> = {};
    for (let level = 0; level < 5000; level++)
      files[`k${level}/kustomization.yaml`] = kustomization(`resources: [../k${level + 1}]\n`);
    soon(20_000, () => modelOf(files));
  });

  it('thousands of copies and builds take time in proportion', () => {
    const copies: Record<string, string> = {};
    const overlays: Record<string, string> = {
      'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'base/orders.yaml': workload(),
    };
    for (let index = 0; index < 1200; index++) {
      copies[`apps/a${index}/orders.yaml`] = workload() + service() + budget();
      copies[`shared/s${index}.yaml`] = workload({ name: `s${index}` });
      overlays[`o/o${index}/kustomization.yaml`] = kustomization('resources: [../../base]\n');
    }
    soon(30_000, () => {
      const model = modelOf(copies);
      assert.equal(model.contexts.length, 1201);
      assert.equal(model.workloads.length, 2400);
      // What is not looked at counts as unread.
      assert.equal(inContext(model, '', 's7').podDisruptionBudgets.complete, false);
    });
    soon(30_000, () => assert.equal(modelOf(overlays).workloads.length, 1200));
  });

  it('patches with absurd names and paths change nothing else', () => {
    const deep = `/${'a/'.repeat(5000)}b`;
    const model = modelOf({
      'eu/kustomization.yaml': kustomization(
        [
          'resources: [orders.yaml]',
          'patches:',
          '  - target: {kind: Deployment, name: "(a+)+$"}',
          '    patch: |',
          '      - op: replace',
          `        path: ${deep}`,
          '        value: 1',
          '  - patch: |',
          `      ${'- '.repeat(3000)}x`,
          '  - patch: |',
          '      __proto__:',
          '        polluted: true',
          '',
        ].join('\n'),
      ),
      'eu/orders.yaml': workload(),
    });
    assert.equal(model.workloads.length, 1);
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });
});
