/** Charts: what is found in rendered templates, where it stands, and which values decide it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { defaultPolicy, type Policy } from '../src/config/policy.ts';
import { parsePolicy } from '../src/config/read.ts';
import type { ChartFile } from '../src/facts.ts';
import type { Finding, Report } from '../src/finding.ts';
import { analyse } from '../src/run.ts';
import { readFolder, repositoryRoot } from './cases.ts';

type Files = Readonly<Record<string, string>>;

/** Manifests and what only charts have, as the files layer tells them apart. */
function reportOf(
  files: Files,
  policy: Policy = defaultPolicy,
  more: readonly ChartFile[] = [],
): Report {
  const isManifest = (path: string) =>
    /\.(?:ya?ml|json|sh)$/.test(path) && !/(?:^|\/)charts\/[^/]+\/charts\//.test(path);
  const all = Object.entries(files).map(([path, text]) => ({ path, text }));
  return analyse(
    all.filter(({ path }) => isManifest(path)),
    policy,
    {
      charts: [
        ...all
          .filter(({ path }) => !isManifest(path))
          .map(({ path, text }) => ({ path, data: text })),
        ...more,
      ],
    },
  );
}

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';

/** A Deployment with a Service in front, as a template. */
function workload(replicas: string, name = 'orders', extra = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app: ${name}}}
      containers:
        - name: api
          image: acme/${name}:1.4.2
${extra}          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: http}}
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 128Mi}}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
  ports: [{port: 80, targetPort: http}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: ${name}}}
`;
}

const spelled = ({ rule, at }: Finding) => `${rule} ${at.path}:${at.line}`;
const found = (report: Report) => report.findings.map(spelled);
const told = (report: Report) => report.notifications.map(({ id, path }) => `${id} ${path}`);
const related = (finding: Finding | undefined, report: Report) =>
  (finding?.related ?? []).map(({ at, message }) => {
    const line = report.sources.get(at.path)?.split('\n')[at.line - 1]?.trim();
    return `${message} | ${at.path}: ${line}`;
  });

test('the shop as a chart: production values count instead of values.yaml alone', () => {
  const report = analyse(readFolder(join(repositoryRoot, 'fixtures/chart')), defaultPolicy);
  const lines = report.findings.map(({ rule, at, contexts }) => {
    const line = report.sources.get(at.path)?.split('\n')[at.line - 1]?.trim();
    return [rule, `${at.path}: ${line}`, contexts.join()];
  });
  const production = '. (values-production.yaml)';
  assert.deepEqual(lines, [
    [
      'blocking-pod-disruption-budget',
      'templates/budgets.yaml: minAvailable: {{ $.Values.budget.minAvailable }}',
      production,
    ],
    ['too-few-replicas', 'templates/services.yaml: replicas: {{ $service.replicas }}', production],
  ]);
  const [budget, replicas] = report.findings;
  assert.match(budget?.message ?? '', /\(budget\.minAvailable decides 1 more\)$/);
  assert.match(replicas?.message ?? '', /shop-orders runs 2 replicas/);
  assert.equal(
    related(replicas, report).at(-1),
    'set by services.orders.replicas | values-production.yaml: replicas: 2',
  );
  assert.deepEqual(report.notifications, []);
  assert.equal(report.counts.workloads, 2);
  assert.equal(report.counts.unread, 0);
});

describe('a finding in a chart', () => {
  it('stands on the line of the template and names the key of the value', () => {
    const report = reportOf({
      'shop/Chart.yaml': CHART,
      'shop/values.yaml': '# the shop\norders:\n  replicas: 1\n',
      'shop/templates/orders.yaml': workload('{{ .Values.orders.replicas }}'),
    });
    assert.deepEqual(found(report), ['too-few-replicas shop/templates/orders.yaml:6']);
    const [finding] = report.findings;
    assert.equal(finding?.at.column, 13);
    assert.equal(
      related(finding, report).at(-1),
      'set by orders.replicas | shop/values.yaml: replicas: 1',
    );
  });

  describe('about something that is missing names the value that left it out', () => {
    const values = `pdb:
  create: false
probes:
  readiness: { enabled: false }
resources: {}
sidecar: { enabled: false }
extra: { memory: 1Gi }
persistence:
  enabled: false
`;
    const template = (name: string, image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 3
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ${image}
          ports: [{ name: http, containerPort: 8080 }]
          {{- if .Values.probes.readiness.enabled }}
          readinessProbe:
            httpGet: { path: /ready, port: http }
          {{- end }}
          RESOURCES
      {{- if .Values.sidecar.enabled }}
        - name: sidecar
          image: acme/sidecar:1.0.0
          resources: {}
      {{- end }}
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: http }] }
`;
    const budget = `{{- if and .Values.pdb.create (not .Values.nothing) }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: orders }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: orders } } }
{{- end }}
`;
    for (const [how, text, key] of [
      ['toYaml', 'resources: {{- toYaml .Values.resources | nindent 12 }}', 'resources'],
      [
        'with',
        '{{- with .Values.resources }}\n          resources: {{- toYaml . | nindent 12 }}\n          {{- end }}',
        'resources',
      ],
      [
        'if inside',
        'resources:\n            {{- if .Values.resources }}\n            requests: {{ .Values.resources.requests }}\n            {{- end }}',
        'resources',
      ],
      ['nothing', '# none', undefined],
    ] as const)
      it(how, () => {
        const report = reportOf({
          'Chart.yaml': CHART,
          'values.yaml': values,
          'templates/orders.yaml': template('orders', 'acme/orders:1.4.2').replace(
            'RESOURCES',
            text,
          ),
          'templates/pdb.yaml': budget,
        });
        const settings = new Map(
          report.findings.map((finding) => [
            finding.rule,
            related(finding, report).filter((one) => one.startsWith('set by')),
          ]),
        );
        assert.deepEqual(settings.get('missing-readiness-probe'), [
          'set by probes.readiness.enabled | values.yaml: readiness: { enabled: false }',
        ]);
        assert.deepEqual(
          settings.get('missing-resource-requests'),
          key === undefined ? [] : ['set by resources | values.yaml: resources: {}'],
        );
        assert.deepEqual(settings.get('missing-pod-disruption-budget'), [
          'set by pdb.create | values.yaml: create: false',
        ]);
        const fix = report.findings.find(
          ({ rule }) => rule === 'missing-pod-disruption-budget',
        )?.fix;
        assert.equal(
          fix,
          'Let the chart write the PodDisruptionBudget that it has: pdb.create decides it',
        );
      });
  });

  it('of the tag names the tag and not the name of the image', () => {
    const report = reportOf({
      'Chart.yaml': CHART,
      'values.yaml': 'registry: ghcr.io/\nname: acme/orders\ntag: latest\n',
      'templates/orders.yaml': workload('3').replace(
        'acme/orders:1.4.2',
        '"{{ .Values.registry }}{{ .Values.name }}:{{ .Values.tag }}"',
      ),
    });
    const [finding] = report.findings;
    assert.equal(finding?.rule, 'mutable-image-tag');
    assert.deepEqual(related(finding, report), ['set by tag | values.yaml: tag: latest']);
    assert.match(
      finding?.fix ?? '',
      /, by tag in values\.yaml; in the rendered manifest:\nimage: /,
    );
  });

  it('that one value decides for several workloads is one finding', () => {
    const report = reportOf({
      'Chart.yaml': CHART,
      'values.yaml': 'replicas: 1\n',
      'templates/orders.yaml': workload('{{ .Values.replicas }}'),
      'templates/payments.yaml': workload('{{ .Values.replicas }}', 'payments'),
    });
    assert.deepEqual(found(report), ['too-few-replicas templates/orders.yaml:6']);
    assert.match(report.findings[0]?.message ?? '', /\(replicas decides 1 more\)$/);
  });

  it('stands in the named template that wrote it', () => {
    const report = reportOf({
      'shop/Chart.yaml': CHART,
      'shop/templates/_helpers.tpl': `{{/* all */}}\n{{- define "shop.orders" -}}\n${workload('1')}{{- end -}}\n`,
      'shop/templates/orders.yaml': '# one line\n{{ include "shop.orders" . }}\n',
    });
    assert.deepEqual(found(report), ['too-few-replicas shop/templates/_helpers.tpl:8']);
  });

  it('on a value that a named template puts together stands where it is called', () => {
    const image = workload('3').replace(
      'acme/orders:1.4.2',
      '"{{ include "shop.name" . }}:{{ .Values.tag }}"',
    );
    const report = reportOf({
      'shop/Chart.yaml': CHART,
      'shop/values.yaml': 'tag: latest\n',
      'shop/templates/_helpers.tpl':
        '{{- define "shop.name" -}}acme/{{ .Chart.Name }}{{- end -}}\n',
      'shop/templates/orders.yaml': image,
    });
    assert.deepEqual(found(report), ['mutable-image-tag shop/templates/orders.yaml:18']);
    const [finding] = report.findings;
    assert.equal(finding?.at.column, 18);
    assert.match(related(finding, report).join(), /set by tag \| shop\/values.yaml: tag: latest/);
  });

  it('is silenced by a comment at the template and by one at the value', () => {
    const comment = '# chaoslint-disable-next-line too-few-replicas -- one is enough here\n';
    const template = workload('{{ .Values.replicas }}').replace(
      '  replicas',
      `${comment}  replicas`,
    );
    const values = 'replicas: 1\n';
    const atTemplate = reportOf({
      'Chart.yaml': CHART,
      'values.yaml': values,
      'templates/orders.yaml': template,
    });
    const atValue = reportOf({
      'Chart.yaml': CHART,
      'values.yaml': comment + values,
      'templates/orders.yaml': workload('{{ .Values.replicas }}'),
    });
    for (const report of [atTemplate, atValue]) {
      assert.deepEqual(found(report), []);
      assert.equal(report.suppressed.length, 1);
    }
  });

  it('of several sets is one finding that names the sets', () => {
    const report = reportOf({
      'Chart.yaml': CHART,
      'values.yaml': 'replicas: 1\n',
      'values-production.yaml': 'replicas: 2\n',
      'values-prod-eu.yaml': 'replicas: 1\n',
      'templates/orders.yaml': workload('{{ .Values.replicas }}'),
    });
    assert.deepEqual(found(report), ['too-few-replicas templates/orders.yaml:6']);
    const [finding] = report.findings;
    assert.deepEqual(finding?.contexts, ['. (values-prod-eu.yaml)', '. (values-production.yaml)']);
    assert.deepEqual(related(finding, report).slice(1), [
      'set by replicas | values-prod-eu.yaml: replicas: 1',
      'set by replicas | values-production.yaml: replicas: 2',
      'in . (values-production.yaml): Deployment orders runs 2 replicas, so one killed pod takes 1/2 of its capacity; at least 3 are wanted | values-production.yaml: replicas: 2',
    ]);
  });
});

it('a chart that is installed twice has each finding once', () => {
  const name = '{{ .Release.Name }}-orders\n  namespace: {{ .Release.Namespace }}';
  const report = reportOf({
    'shop/Chart.yaml': CHART,
    'shop/templates/orders.yaml': workload('{{ 1 }}').replace('name: orders', `name: ${name}`),
    'deploy.sh': 'helm upgrade eu ./shop -n eu --set a=1\nhelm upgrade us ./shop -n us --set a=2\n',
  });
  assert.deepEqual(found(report), ['too-few-replicas shop/templates/orders.yaml:7']);
  assert.equal(report.findings[0]?.contexts.length, 2);
});

describe('values', () => {
  const template = {
    'Chart.yaml': CHART,
    'templates/orders.yaml': workload('{{ .Values.replicas }}'),
  };

  it('that a pipeline gives, and single ones on its command line, count', () => {
    const files = (command: string) => ({
      'deploy/shop/Chart.yaml': CHART,
      'deploy/shop/values.yaml': 'replicas: 1\n',
      'deploy/shop/live.yaml': 'replicas: 3\n',
      'deploy/shop/templates/orders.yaml': workload('{{ .Values.replicas }}'),
      'deploy.sh': `#!/bin/sh\n${command}\n`,
    });
    const values = 'helm upgrade --install shop ./deploy/shop -n shop -f deploy/shop/live.yaml';
    assert.deepEqual(found(reportOf(files(values))), []);
    assert.deepEqual(found(reportOf(files('helm upgrade --install shop ./deploy/shop'))), [
      'too-few-replicas deploy/shop/templates/orders.yaml:6',
    ]);
    assert.deepEqual(found(reportOf(files(`${values} --set replicas=2`))), [
      'too-few-replicas deploy/shop/templates/orders.yaml:6',
    ]);
    // What a variable holds, nobody can tell.
    assert.deepEqual(
      found(reportOf(files('helm upgrade shop ./deploy/shop --set replicas=$N'))),
      [],
    );
  });

  it('of Argo CD, Flux, a helmfile and the policy count', async () => {
    const chart = {
      'charts/shop/Chart.yaml': CHART,
      'charts/shop/values.yaml': 'replicas: 1\n',
      'charts/shop/live.yaml': 'replicas: 3\n',
      'charts/shop/templates/orders.yaml': workload('{{ .Values.replicas }}'),
    };
    const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  source:
    repoURL: https://git.example.com/shop.git
    path: charts/shop
    helm:
      valueFiles: [live.yaml]
`;
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop}
spec:
  chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: shop}}}
  values:
    replicas: 3
`;
    const helmfile = `releases:
  - name: shop
    chart: ./charts/shop
    values: [charts/shop/live.yaml]
`;
    const policy = await parsePolicy(
      'helm:\n  - chart: charts/shop\n    set: {replicas: 3}\n',
      '.chaoslint.yaml',
      [],
    );
    assert.equal(found(reportOf(chart)).length, 1);
    for (const [path, text] of [
      ['argo/shop.yaml', application],
      ['flux/shop.yaml', release],
      ['helmfile.yaml', helmfile],
    ] as const)
      assert.deepEqual(found(reportOf({ ...chart, [path]: text })), [], path);
    assert.deepEqual(found(reportOf(chart, policy)), []);
  });

  it('of staging are rendered, and do not replace values.yaml', () => {
    const report = reportOf({
      ...template,
      'values.yaml': 'replicas: 1\n',
      'values-staging.yaml': 'replicas: 3\n',
    });
    assert.deepEqual(found(report), ['too-few-replicas templates/orders.yaml:6']);
    assert.deepEqual(report.findings[0]?.contexts, ['.']);
  });

  it('that nobody gives are unknown: rules are silent', () => {
    const required = workload('{{ required "how many?" .Values.replicas }}');
    const report = reportOf({ 'Chart.yaml': CHART, 'templates/orders.yaml': required });
    assert.deepEqual(found(report), []);
    assert.deepEqual(told(report), []);
    assert.equal(report.counts.workloads, 1);
  });

  it('that are unknown in a condition make what stands under it unknown, and nothing else', () => {
    const files = (extra: string) => ({
      'Chart.yaml': CHART,
      'templates/orders.yaml': workload('3', 'orders', extra),
    });
    const probe =
      '          {{- if mystery .Values.debug }}\n          env: [{name: A, value: b}]\n          {{- end }}\n';
    const sure = reportOf(files(''));
    const unsure = reportOf(files(probe));
    assert.deepEqual(found(sure), []);
    assert.deepEqual(found(unsure), []);
    assert.equal(unsure.counts.workloads, 1);
    const whole = reportOf({
      'Chart.yaml': CHART,
      'templates/orders.yaml': `{{- if mystery .Values.on }}\n${workload('1')}{{- end }}\n`,
    });
    assert.deepEqual(found(whole), []);
  });
});

describe('what nobody can tell', () => {
  const whole = (change: (text: string) => string, helpers = ''): Files => ({
    'Chart.yaml': CHART,
    'templates/_helpers.tpl': helpers,
    'templates/orders.yaml': change(workload('3')),
  });
  const labels = '{{ define "unknown" }}\n{{ mystery . }}\n{{ end }}';
  const cases: Readonly<Record<string, (text: string) => string>> = {
    'is a value': (text) => text.replace('replicas: 3', 'replicas: {{ mystery }}'),
    'is a value behind a colon': (text) => text.replace('replicas: 3', 'replicas: {{- mystery }}'),
    'is a part of a value': (text) => text.replace(':1.4.2', ':{{ mystery }}'),
    'is a part in quotes': (text) =>
      text.replace('acme/orders:1.4.2', '"acme/{{ include "unknown" . }}:{{ mystery }}"'),
    'is a variable': (text) =>
      `{{- $unknown := mystery }}\n${text.replace(':1.4.2', ':{{ .Chart.Name }}:{{ $unknown }}')}`,
    'is a block behind a key': (text) =>
      text.replace(
        'topologySpreadConstraints:',
        'affinity:\n        {{- mystery | toYaml | nindent 8 }}\n      topologySpreadConstraints:',
      ),
    'is an entry of a map': (text) =>
      text.replace('          ports:', '          {{- mystery | nindent 10 }}\n          ports:'),
    'is an entry on a line of its own': (text) =>
      text.replace('          ports:', '          {{ mystery }}\n          ports:'),
    'is an item of a list': (text) =>
      text.replace(
        '      containers:',
        '      volumes:\n        - name: a\n          emptyDir: {}\n        {{- mystery | nindent 8 }}\n      containers:',
      ),
    'is a whole container': (text) =>
      text.replace(
        '---\napiVersion: v1',
        '        {{- if mystery }}\n        - name: proxy\n          image: acme/proxy:1.0.0\n        {{- end }}\n---\napiVersion: v1',
      ),
    'is how often something is there': (text) =>
      text.replace(
        '          ports:',
        '          env:\n            {{- range mystery }}\n            - name: {{ . }}\n              value: x\n            {{- end }}\n          ports:',
      ),
    'is a key': (text) =>
      text.replace('metadata:\n', 'metadata:\n  labels:\n    {{ mystery }}: x\n'),
    'is a branch': (text) =>
      text.replace('replicas: 3', '{{ if mystery }}replicas: 1{{ else }}replicas: 2{{ end }}'),
  };
  for (const [name, change] of Object.entries(cases))
    it(`${name}: the rest is read, and rules are silent`, () => {
      const report = reportOf(whole(change, labels));
      assert.deepEqual(found(report), []);
      assert.deepEqual(told(report), []);
      assert.equal(report.counts.workloads, 1);
      assert.equal(report.counts.unread, 0);
    });

  it('hides nothing beside it', () => {
    const change = (text: string) =>
      text
        .replace('          ports:', '          {{ mystery }}\n          ports:')
        .replace('replicas: 3', 'replicas: 2');
    assert.deepEqual(found(reportOf(whole(change))), ['too-few-replicas templates/orders.yaml:6']);
  });

  it('may be what is missing: its absence is not claimed', () => {
    const missing = (text: string) => text.replace(/ *readinessProbe.*\n/, '');
    assert.deepEqual(
      found(reportOf(whole((text) => missing(text).replace('1.4.2', '{{ "1.4.2" }}')))),
      ['missing-readiness-probe templates/orders.yaml:17'],
    );
    const unknown = (text: string) =>
      missing(text).replace(
        '          ports:',
        '          {{- mystery | nindent 10 }}\n          ports:',
      );
    assert.deepEqual(found(reportOf(whole(unknown))), []);
  });
});

describe('subcharts', () => {
  const parent = `${CHART}dependencies:\n  - name: cache\n    version: 1.0.0\n    repository: https://charts.example.com\n    condition: cache.enabled\n`;
  const files = (values: string) => ({
    'charts/shop/Chart.yaml': parent,
    'charts/shop/values.yaml': values,
    'charts/shop/templates/orders.yaml': workload('3'),
    'charts/shop/charts/cache/Chart.yaml': 'apiVersion: v2\nname: cache\nversion: 1.0.0\n',
    'charts/shop/charts/cache/values.yaml': 'replicas: 1\n',
    'charts/shop/charts/cache/templates/cache.yaml': workload('{{ .Values.replicas }}', 'cache'),
  });

  it('of a registry are reported only where our own values are the cause, and there', () => {
    assert.deepEqual(found(reportOf(files('cache: {enabled: true}\n'))), []);
    const report = reportOf(files('cache:\n  enabled: true\n  replicas: 2\n'));
    assert.deepEqual(found(report), ['too-few-replicas charts/shop/values.yaml:3']);
    assert.equal(
      report.findings[0]?.at.renderedFrom,
      'charts/shop/charts/cache/templates/cache.yaml',
    );
    assert.deepEqual(found(reportOf(files('cache:\n  enabled: false\n  replicas: 2\n'))), []);
  });

  it('of a registry are not reported where our own values only name things, or are one part', () => {
    const image = {
      ...files('cache:\n  nameOverride: memo\n  registry: registry.example.com\n'),
      'charts/shop/charts/cache/values.yaml': 'replicas: 1\ntag: latest\n',
      'charts/shop/charts/cache/templates/cache.yaml': workload(
        '1',
        '{{ .Values.nameOverride }}',
      ).replace(
        'image: acme/{{ .Values.nameOverride }}:1.4.2',
        'image: "{{ .Values.registry }}/cache:{{ .Values.tag }}"',
      ),
    };
    const report = reportOf(image);
    assert.equal(report.counts.workloads, 2);
    assert.deepEqual(found(report), []);
  });

  it('of our own are reported where they stand', () => {
    const own = { ...files(''), 'charts/shop/Chart.yaml': CHART };
    assert.deepEqual(found(reportOf(own)), [
      'too-few-replicas charts/shop/charts/cache/templates/cache.yaml:6',
    ]);
  });

  it('in archives are rendered for the model', () => {
    const { 'charts/shop/Chart.yaml': chart, ...rest } = files('cache:\n  replicas: 2\n');
    const packed = Object.entries(rest).filter(([path]) => path.includes('/charts/cache/'));
    const unpacked = Object.fromEntries(
      Object.entries(rest).filter(([path]) => !path.includes('/charts/cache/')),
    );
    const archive = tarOf(
      packed.map(([path, text]) => [path.slice('charts/shop/charts/'.length), text]),
    );
    const report = reportOf({ ...unpacked, 'charts/shop/Chart.yaml': chart ?? '' }, defaultPolicy, [
      { path: 'charts/shop/charts/cache-1.0.0.tgz', data: archive },
    ]);
    assert.deepEqual(found(report), ['too-few-replicas charts/shop/values.yaml:2']);
    assert.equal(report.counts.workloads, 2);
  });

  it('that another chart of the repository is made of are reported through it', () => {
    const umbrella = `apiVersion: v2\nname: all\nversion: 1.0.0\ndependencies:\n  - {name: shop, version: 1.0.0, repository: "file://../shop"}\n`;
    const report = reportOf({
      'charts/all/Chart.yaml': umbrella,
      'charts/all/values.yaml': 'shop: {replicas: 2}\n',
      'charts/shop/Chart.yaml': CHART,
      'charts/shop/values.yaml': 'replicas: 1\n',
      'charts/shop/templates/orders.yaml': workload('{{ .Values.replicas }}'),
    });
    assert.deepEqual(found(report), ['too-few-replicas charts/shop/templates/orders.yaml:6']);
    assert.match(report.findings[0]?.message ?? '', /runs 2 replicas/);
    assert.equal(
      related(report.findings[0], report).at(-1),
      'set by shop.replicas | charts/all/values.yaml: shop: {replicas: 2}',
    );
  });

  it('that live elsewhere are told once, and what is missing is not claimed', () => {
    const report = reportOf({
      'values-only/Chart.yaml': parent,
      'values-only/values.yaml': 'cache: {replicas: 1}\n',
    });
    assert.deepEqual(found(report), []);
    assert.deepEqual(told(report), ['chart-elsewhere values-only/Chart.yaml']);
  });

  it('are told too where templates of the chart were rendered, by name, unless all sets of values switch them off', () => {
    const needs = (condition: string) =>
      `${CHART}dependencies:\n  - {name: broker, version: 1.0.0, repository: "https://charts.example.org", condition: ${condition}}\n`;
    const report = (values: string) =>
      reportOf({
        'shop/Chart.yaml': needs('broker.enabled'),
        'shop/values.yaml': values,
        'shop/templates/orders.yaml': workload('{{ 1 }}'),
      });
    const [note] = report('broker: {enabled: true}\n').notifications;
    assert.equal(note?.id, 'chart-elsewhere');
    assert.match(note?.message ?? '', /^It needs broker, .*helm dependency build brings it$/);
    assert.deepEqual(report('broker: {enabled: false}\n').notifications, []);
  });

  it('are told where nothing can be rendered without them', () => {
    const report = reportOf({
      'shop/Chart.yaml': `${CHART}dependencies:\n  - {name: common, version: 1.0.0, repository: "https://charts.example.org"}\n`,
      'shop/templates/orders.yaml': workload('{{ include "common.replicas" . }}'),
    });
    assert.deepEqual(told(report), [
      'chart-elsewhere shop/Chart.yaml',
      'template-not-rendered shop/Chart.yaml',
    ]);
  });
});

/** A gzipped tar archive of text files. */
function tarOf(files: readonly (readonly [path: string, text: string])[]): Uint8Array {
  const blocks = files.flatMap(([path, text]) => {
    const header = Buffer.alloc(512);
    const content = Buffer.from(text);
    header.write(path, 0);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\0', 257);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

describe('templates that Helm would not render', () => {
  it('are told, and the others are checked', () => {
    const report = reportOf({
      'shop/Chart.yaml': CHART,
      'shop/templates/orders.yaml': workload('{{ 1 }}'),
      'shop/templates/payments.yaml': workload('{{ .Values.payments.replicas }}', 'payments'),
    });
    assert.deepEqual(found(report), ['too-few-replicas shop/templates/orders.yaml:6']);
    assert.deepEqual(told(report), ['template-not-rendered shop/templates/payments.yaml']);
    assert.equal(report.notifications[0]?.at?.line, 6);
    assert.equal(report.counts.unread, 1);
  });

  it('make their kinds count as unread: their absence is not claimed', () => {
    const [deployment = '', service = '', budget = ''] = workload('3').split('---\n');
    const files = {
      'shop/Chart.yaml': CHART,
      'shop/templates/orders.yaml': `${deployment}---\n${service}`,
    };
    assert.deepEqual(found(reportOf(files)), [
      'missing-pod-disruption-budget shop/templates/orders.yaml:2',
    ]);
    const broken = `# {{ .Values.no.such }}\n${budget}`;
    assert.deepEqual(found(reportOf({ ...files, 'shop/templates/budget.yaml': broken })), []);
  });
});

describe('hostile charts', () => {
  it('of any text end, without a defect', () => {
    const word = fc.constantFrom(
      ...'{{ }} {{- -}} .Values . $x := = | if end range with else define "a" include tpl toYaml nindent 4 a: - b : \n   --- kind: Pod & * << [ ] { } " \' ( ) .Files.Get 1 nil ! % \\ ~ null true printf "%s" .. / charts templates dict list "x" index required default'.split(
        ' ',
      ),
      '\n',
      ' ',
      '  ',
    );
    const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, text, text, (meta, values, template, helpers) => {
        const report = reportOf({
          'shop/Chart.yaml': `${CHART}${meta}\n`,
          'shop/values.yaml': values,
          'shop/values-prod.yaml': meta,
          'shop/templates/a.yaml': template,
          'shop/templates/b.yaml': workload(`{{ ${template} }}`),
          'shop/templates/_c.tpl': helpers,
        });
        assert.ok(report.complete);
        assert.doesNotMatch(JSON.stringify(report.notifications), /defect/);
      }),
      { numRuns: 300 },
    );
  });

  it('that loop without end are left with one notification', () => {
    const report = reportOf({
      'Chart.yaml': CHART,
      'templates/orders.yaml': `{{ range until 1000000000 }}{{ . }}{{ end }}\n${workload('1')}`,
    });
    assert.deepEqual(found(report), []);
    assert.deepEqual(told(report), ['template-not-rendered Chart.yaml']);
  });

  it('end after a few, however many there are', () => {
    const files = Array.from({ length: 40 }, (_, index) => [
      [`c${index}/Chart.yaml`, CHART],
      [`c${index}/values-prod.yaml`, 'a: 1\n'],
      [
        `c${index}/templates/a.yaml`,
        '{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}kind: Pod',
      ],
    ]).flat();
    const report = reportOf(Object.fromEntries(files));
    assert.equal(report.notifications.length, 40);
    assert.match(report.notifications.at(-1)?.message ?? '', /more work than a chart may/);
  });

  it('do not read files outside of themselves', () => {
    const report = reportOf({
      'secret.yaml': 'password: hunter2\n',
      'shop/Chart.yaml': CHART,
      'shop/templates/orders.yaml': workload('{{ .Files.Get "../secret.yaml" | len | add 1 }}'),
    });
    assert.deepEqual(found(report), ['too-few-replicas shop/templates/orders.yaml:6']);
    assert.match(report.findings[0]?.message ?? '', /runs 1 replica/);
  });

  it('with archives that are bombs, no archives, or point out of themselves are left unread', () => {
    const chart = `${CHART}dependencies: [{name: cache, version: 1.0.0}]\n`;
    const files = {
      'shop/Chart.yaml': chart,
      'shop/templates/orders.yaml': workload('{{ 1 }}'),
    };
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    for (const data of [bomb, Buffer.from('no archive'), gzipSync('no tar archive at all')]) {
      const report = reportOf(files, defaultPolicy, [{ path: 'shop/charts/cache.tgz', data }]);
      assert.deepEqual(found(report), []);
      assert.deepEqual(told(report), ['template-not-rendered shop/Chart.yaml']);
    }
    const outside = tarOf([
      ['cache/Chart.yaml', 'apiVersion: v2\nname: cache\nversion: 1.0.0\n'],
      ['../../../templates/evil.yaml', workload('1', 'evil')],
    ]);
    const report = reportOf(files, defaultPolicy, [{ path: 'shop/charts/c.tgz', data: outside }]);
    assert.equal(report.counts.workloads, 1);
  });

  it('that depend on themselves are charts all the same', () => {
    const chart = `${CHART}dependencies: [{name: shop, version: 1.0.0, repository: "file://../shop"}]\n`;
    const report = reportOf({ 'shop/Chart.yaml': chart, 'shop/templates/o.yaml': workload('1') });
    assert.deepEqual(found(report), ['too-few-replicas shop/templates/o.yaml:6']);
  });
});
