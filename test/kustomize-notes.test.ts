/** What a run says of kustomizations and of other templates that it cannot read, and OpenShift templates, which it can. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import type { MapNode, Node } from '../src/facts.ts';
import { discover } from '../src/files/discover.ts';
import { notRead } from '../src/files/not-read.ts';
import { kustomizationsNotBuilt } from '../src/kustomizations.ts';

type Files = Readonly<Record<string, string>>;

const facts = (files: Files) =>
  Object.entries(files).map(([path, text]) => extractManifest({ path, text }));

describe('a kustomization that is not wholly built', () => {
  const told = (text: string, files: Files = {}) =>
    kustomizationsNotBuilt(facts({ 'eu/kustomization.yaml': text, ...files }), () => false).map(
      ({ path, message }) => `${path}: ${message}`,
    );

  it('is told of once, whatever it takes in from elsewhere', () => {
    const [one, ...more] = told(
      'resources:\n- https://github.com/acme/shop//deploy?ref=v1\n- git@example.com:acme/shop.git\n- github.com/acme/other\ncomponents: ["ssh://git@example.com/x"]\npatches: [{path: "https://example.com/p.yaml"}]\n',
    );
    assert.deepEqual(more, []);
    assert.equal(
      one,
      'eu/kustomization.yaml: It takes in https://github.com/acme/shop//deploy?ref=v1 and 4 more, which is never fetched, so what comes from there is not checked: kustomize build eu | chaoslint -',
    );
  });

  it('is told of for its charts', () => {
    assert.match(
      told('helmCharts: [{name: redis, repo: "https://x"}]\n')[0] ?? '',
      /the chart redis,/,
    );
    assert.match(
      told('helmChartInflationGenerator: [{chartName: redis}]\n')[0] ?? '',
      /the chart redis,/,
    );
  });

  it('is told of for files and folders that are not here, and only for those', () => {
    const here = {
      'base/kustomization.yaml': 'resources: []\n',
      'eu/app.yaml': 'kind: X\n',
      'eu/p.yaml': 'a: 1\n',
    };
    const text =
      'resources: [../base/, ./app.yaml, gone.yaml, ../none, ../../outside]\npatches: [{path: p.yaml}, {path: q.yaml}]\npatchesStrategicMerge: ["{kind: X}"]\n';
    assert.deepEqual(told(text, here), [
      'eu/kustomization.yaml: It names gone.yaml and 3 more, not among these files, so what comes from there is not checked: kustomize build eu | chaoslint -',
    ]);
    const [both = ''] = told('resources: [gone.yaml, "https://example.com/x"]\n');
    assert.match(
      both,
      /takes in https:..example.com.x, which is never fetched and names gone.yaml,/,
    );
  });

  it('is told of for the functions that it needs, and not for what is built in', () => {
    const inline = (apiVersion: string) =>
      `\n  - |-\n    apiVersion: ${apiVersion}\n    kind: Sidecars\n    metadata: {name: x}\n`;
    const [one, ...more] = told(`generators: [make.yaml]\ntransformers:${inline('acme.io/v1')}`, {
      'eu/make.yaml': 'apiVersion: acme.io/v1\nkind: Maker\nmetadata: {name: x}\n',
    });
    assert.deepEqual(more, []);
    assert.match(one ?? '', /It needs the function Maker and 1 more, never run here, so/);
    const builtIn = 'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: x}\n';
    assert.deepEqual(
      told(`transformers:${inline('builtin')}  - pre.yaml\n`, { 'eu/pre.yaml': builtIn }),
      [],
    );
  });

  it('never repeats what could be an escape sequence', () => {
    const [one = ''] = told('resources: ["https://example.com/\\e[31m"]\n');
    assert.match(one, /takes in a place that is not here/);
  });

  it('is no kustomization of local files, folders and texts', () => {
    assert.deepEqual(
      told(
        'resources: [../base, app.yaml, shop.example/app]\npatches:\n- path: p.yaml\n- patch: |\n    kind: X\npatchesStrategicMerge:\n- |-\n  a: "https://example.com"\n',
        {
          'eu/shop.example/app/kustomization.yaml': 'resources: []\n',
          'base/kustomization.yaml': 'resources: []\n',
          'eu/app.yaml': '',
          'eu/p.yaml': '',
        },
      ),
      [],
    );
  });
});

describe('files that make objects and are not YAML', () => {
  it('are told of once a kind', () => {
    const paths = [
      'k8s/main.jsonnet',
      'k8s/lib.libsonnet',
      'a/app.cue',
      'cue.mod/x.cue',
      'types.dhall',
      'deploy/app.yaml.j2',
      'deploy/app.yml.tmpl',
      'deploy/app.yaml.erb',
      'cdk8s.yaml',
      'infra/Pulumi.yaml',
      'cdk.json',
      'app.yaml',
      'README.md.tmpl',
    ];
    const expected = [
      'k8s/lib.libsonnet: 2 Jsonnet files are',
      'a/app.cue: 1 CUE file is',
      'types.dhall: 1 Dhall file is',
      'deploy/app.yaml.j2: 1 Jinja file is',
      'deploy/app.yaml.erb: 1 ERB file is',
      'deploy/app.yml.tmpl: 1 template file is',
      'cdk8s.yaml: The cdk8s program',
      'infra/Pulumi.yaml: The Pulumi program',
      'cdk.json: The AWS CDK program',
    ];
    for (const some of [paths, [...paths].reverse()]) {
      const told = notRead(some).map(({ path, message }) => `${path}: ${message}`);
      assert.deepEqual(
        told.map((one, index) => one.startsWith(expected[index] ?? '-')),
        expected.map(() => true),
        told.join('\n'),
      );
    }
    assert.deepEqual(notRead(['a.yaml', 'b.ts', 'c.json']), []);
  });

  it('are found in a folder, and not read; those of charts and examples are not told of', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chaoslint-not-read-'));
    try {
      for (const path of [
        'k8s/a.jsonnet',
        'examples/b.jsonnet',
        'chart/Chart.yaml',
        'chart/c.yaml.tmpl',
      ]) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), 'name: x\n');
      }
      const { notifications, files } = await discover({
        cwd: folder,
        paths: [],
        isolated: true,
        ignored: [],
        include: [],
      });
      assert.deepEqual(
        notifications.map(({ id, path }) => [id, path]),
        [['not-read', 'k8s/a.jsonnet']],
      );
      assert.deepEqual(
        files.map(({ path }) => path),
        ['chart/Chart.yaml'],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are templates when they are YAML for ytt', () => {
    const text =
      '#@ load("@ytt:data", "data")\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  replicas: #@ data.values.replicas\n';
    for (const some of [text, text.slice(text.indexOf('\n') + 1)]) {
      const [file] = facts({ 'app.yaml': some });
      assert.deepEqual(file?.resources, []);
      assert.deepEqual(
        file?.unread.map(({ kinds, why }) => [kinds, why]),
        [[['Deployment'], 'template']],
      );
    }
    const [mail] = facts({
      'a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: a} #@home\n',
    });
    assert.equal(mail?.resources.length, 1);
  });
});

describe('an OpenShift template', () => {
  const template = `apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: shop}
objects:
  - apiVersion: apps.openshift.io/v1
    kind: DeploymentConfig
    metadata:
      name: \${NAME}-api
      namespace: \${SPACE}
      labels: {app: "\${NAME}"}
    spec:
      replicas: \${{REPLICAS}}
      paused: \${{PAUSED}}
      template:
        spec:
          containers:
            - name: api
              image: "\${IMAGE}:\${TAG}"
              command: [sh, -c, "echo \${NAME} \${OTHER}"]
parameters:
  - {name: NAME, value: orders}
  - {name: SPACE, required: true}
  - name: REPLICAS
    value: "3"
  - {name: PAUSED, value: "true"}
  - {name: IMAGE, value: acme/orders}
  - {name: TAG, value: 1.20}
  - {name: SECRET, generate: expression, from: "[a-z]{8}"}
`;

  function at(node: Node | undefined, ...keys: readonly (string | number)[]): Node {
    let found = node;
    for (const key of keys)
      found =
        typeof key === 'number'
          ? found?.kind === 'sequence'
            ? found.items[key]
            : undefined
          : found?.kind === 'map'
            ? found.entries.find((entry) => entry.key === key)?.value
            : undefined;
    return found ?? assert.fail(keys.join('.'));
  }

  function body(): MapNode {
    const [file] = facts({ 'shop.yaml': template });
    const [object, ...more] = file?.resources ?? [];
    assert.deepEqual(more, []);
    assert.equal(object?.name, 'orders-api');
    assert.equal(object.namespaceUnknown, true);
    return object.body ?? assert.fail();
  }

  it('has the defaults of its parameters, at their places', () => {
    const replicas = at(body(), 'spec', 'replicas');
    assert.ok(replicas.kind === 'scalar');
    assert.equal(replicas.value, 3);
    assert.equal(template.slice(...replicas.range), '"3"');
    const paused = at(body(), 'spec', 'paused');
    assert.ok(paused.kind === 'scalar');
    assert.equal(paused.value, true);
    const label = at(body(), 'metadata', 'labels', 'app');
    assert.ok(label.kind === 'scalar');
    assert.equal(label.value, 'orders');
    const image = at(body(), 'spec', 'template', 'spec', 'containers', 0, 'image');
    assert.ok(image.kind === 'scalar');
    assert.equal(image.value, 'acme/orders:1.20');
    assert.match(template.slice(...image.range), /IMAGE/);
  });

  it('does not know what has no default', () => {
    assert.equal(at(body(), 'metadata', 'namespace').kind, 'unknown');
    const command = at(body(), 'spec', 'template', 'spec', 'containers', 0, 'command', 2);
    assert.ok(command.kind === 'unknown');
    assert.equal(command.text, ['echo orders $', '{OTHER}'].join(''));
  });

  it('with texts that grow is bounded', () => {
    const names = Array.from({ length: 200 }, () => ['$', '{A}'].join('')).join('');
    const objects = Array.from(
      { length: 300 },
      (_, i) =>
        `  - {apiVersion: v1, kind: Service, metadata: {name: s${i}}, spec: {a: "${names}"}}\n`,
    ).join('');
    const started = performance.now();
    const [file] = facts({
      't.yaml': `apiVersion: v1\nkind: Template\nobjects:\n${objects}parameters:\n  - {name: A, value: "${'x'.repeat(10_000)}"}\n`,
    });
    assert.equal(file?.resources.length, 300);
    assert.ok(performance.now() - started < 5000);
  });
});
