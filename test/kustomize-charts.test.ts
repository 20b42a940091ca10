/** Local charts that kustomizations inflate: the objects are those of `kustomize build --enable-helm`, and belong to the overlay. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCharts } from '../src/charts.ts';
import { defaultPolicy } from '../src/config/policy.ts';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import type { Node } from '../src/facts.ts';
import { overlaysOf } from '../src/model/link/kustomize/kustomize.ts';
import { analyse } from '../src/run.ts';

type Files = Readonly<Record<string, string>>;

const TEMPLATE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-mailer
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: mailer}}
  template:
    metadata: {labels: {app: mailer}}
    spec:
      containers:
        - name: mailer
          image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-check
  annotations: {helm.sh/hook: test}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: check, image: "acme/check:1"}]
`;
const CHART: Files = {
  'charts/mailer/Chart.yaml': 'apiVersion: v2\nname: mailer\nversion: 1.0.0\n',
  'charts/mailer/values.yaml': 'replicas: 1\nimage: {name: acme/mailer, tag: latest}\n',
  'charts/mailer/templates/mailer.yaml': TEMPLATE,
  'eu/values.yaml': 'replicas: 2\nimage: {tag: 1.2.3}\n',
  'eu/more.yaml': 'replicas: 7\n',
};
const eu = (entry: string, more = '') =>
  `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
helmGlobals: {chartHome: ../charts}
helmCharts:
  - {name: mailer, releaseName: post, ${entry}}
${more}`;

function build(files: Files) {
  const sources = Object.entries(files).map(([path, data]) => ({ path, data }));
  const facts = sources
    .filter(({ path }) => path.endsWith('.yaml'))
    .map(({ path, data }) => extractManifest({ path, text: data }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const charts = readCharts(facts, { files: sources, settings: defaultPolicy, installations: [] });
  return overlaysOf(charts.facts, charts.inflated).build('eu');
}

function at(node: Node | undefined, ...keys: readonly (string | number)[]): unknown {
  let found = node;
  for (const key of keys)
    if (found?.kind === 'map') found = found.entries.find((entry) => entry.key === key)?.value;
    else if (found?.kind === 'sequence' && typeof key === 'number') found = found.items[key];
    else return undefined;
  return found?.kind === 'scalar' ? found.value : found?.kind;
}

const CONTAINER = ['spec', 'template', 'spec', 'containers', 0] as const;

function mailer(files: Files) {
  const { objects } = build(files);
  return objects.find(({ kind }) => kind === 'Deployment') ?? assert.fail('no Deployment');
}

describe('a local chart of a kustomization', () => {
  it('is rendered with its values, and changed like all else', () => {
    const overlay = build({
      ...CHART,
      'eu/kustomization.yaml': eu(
        'valuesFile: values.yaml, valuesInline: {replicas: 3}, skipTests: true',
        'namespace: live\nnamePrefix: eu-\npatches:\n  - patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: post-mailer}, spec: {minReadySeconds: 9}}"\n',
      ),
    });
    assert.equal(overlay.openBecause, undefined);
    assert.deepEqual(
      overlay.objects.map(({ kind, name, namespace }) => [kind, name, namespace]),
      [['Deployment', 'eu-post-mailer', 'live']],
    );
    const body = overlay.objects[0]?.body;
    assert.equal(at(body, 'spec', 'replicas'), 3);
    assert.equal(at(body, 'spec', 'minReadySeconds'), 9);
    assert.equal(at(body, ...CONTAINER, 'image'), 'acme/mailer:1.2.3');
  });

  for (const [entry, replicas, image] of [
    ['', 1, 'acme/mailer:latest'],
    ['valuesFile: values.yaml', 2, 'acme/mailer:1.2.3'],
    ['valuesFile: values.yaml, additionalValuesFiles: [more.yaml]', 7, 'acme/mailer:1.2.3'],
    [
      'valuesInline: {replicas: 3}, valuesFile: values.yaml, additionalValuesFiles: [more.yaml]',
      7,
      'acme/mailer:1.2.3',
    ],
    [
      'valuesInline: {replicas: 3}, valuesFile: values.yaml, valuesMerge: merge',
      2,
      'acme/mailer:1.2.3',
    ],
    ['valuesInline: {replicas: 3}, valuesMerge: merge', 1, 'acme/mailer:latest'],
    [
      'valuesInline: {replicas: 3}, valuesFile: values.yaml, valuesMerge: replace',
      3,
      'acme/mailer:latest',
    ],
  ] as const)
    it(`has the values of {${entry}}`, () => {
      const { body } = mailer({ ...CHART, 'eu/kustomization.yaml': eu(entry) });
      assert.deepEqual(
        [at(body, 'spec', 'replicas'), at(body, ...CONTAINER, 'image')],
        [replicas, image],
      );
    });

  it('has its hooks unless they are left out', () => {
    const kinds = (entry: string) =>
      build({ ...CHART, 'eu/kustomization.yaml': eu(entry) }).objects.map(({ kind }) => kind);
    assert.deepEqual(kinds('').sort(), ['Deployment', 'Job']);
    assert.deepEqual(kinds('skipHooks: true'), ['Deployment']);
    assert.deepEqual(kinds('skipTests: true'), ['Deployment']);
  });

  it('leaves the build open when it is not known what it makes', () => {
    const broken = { ...CHART, 'charts/mailer/templates/x.yaml': '{{ fail "no" }}' };
    const { 'eu/values.yaml': _, ...without } = CHART;
    for (const [files, entry] of [
      [without, 'valuesFile: values.yaml'],
      [{ ...CHART, 'eu/values.yaml': 'a: [' }, 'valuesFile: values.yaml'],
      [CHART, 'nameTemplate: "x"'],
      [CHART, 'kubeVersion: "1.20"'],
      [broken, ''],
      [{ 'eu/values.yaml': '' }, ''],
    ] as const)
      assert.notEqual(
        build({ ...files, 'eu/kustomization.yaml': eu(entry) }).openBecause,
        undefined,
        entry,
      );
  });
});

describe('a report on a chart that a kustomization inflates', () => {
  const report = (files: Files) =>
    analyse(
      Object.entries(files).map(([path, text]) => ({ path, text })),
      defaultPolicy,
    );
  const replicas = (files: Files) =>
    report(files)
      .findings.filter(({ rule }) => rule === 'too-few-replicas')
      .map(({ at: place }) => `${place.path}:${place.line}`);

  it('has the findings of the overlay, at the template, and not those of values that nobody uses', () => {
    const alone = replicas(CHART);
    assert.equal(alone.length, 1, alone.join());
    assert.match(alone[0] ?? '', /^charts\/mailer\//);
    assert.deepEqual(
      replicas({ ...CHART, 'eu/kustomization.yaml': eu('valuesInline: {replicas: 3}') }),
      [],
    );
    const one = replicas({ ...CHART, 'eu/kustomization.yaml': eu('') });
    assert.deepEqual(one, alone);
  });

  it('says that it is not complete only where something is missing', () => {
    const notes = (files: Files) =>
      report(files).notifications.filter(({ id }) => id === 'kustomization-not-complete').length;
    assert.equal(notes({ ...CHART, 'eu/kustomization.yaml': eu('') }), 0);
    assert.equal(notes({ ...CHART, 'eu/kustomization.yaml': eu('nameTemplate: x') }), 1);
    assert.equal(notes({ 'eu/kustomization.yaml': eu('') }), 1);
  });
});
