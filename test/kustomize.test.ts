/**
 * What kustomizations build. Every folder of test/data/kustomize with an expected.yaml is one: that file is what `kustomize build
 * --load-restrictor LoadRestrictionsNone` prints, which is checked too where kustomize is (CHAOSLINT_KUSTOMIZE, or on the PATH).
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { kustomize } from '../scripts/oracle/kustomize.ts';
import { compareObjects, type Manifest } from '../scripts/oracle/manifests.ts';
import { extractManifest, extractWhole } from '../src/extract/kubernetes/extract.ts';
import type { FileFacts, Node } from '../src/facts.ts';
import { locate } from '../src/location.ts';
import type { BuiltObject } from '../src/model/link/built.ts';
import { cursorOn } from '../src/model/link/cursor.ts';
import {
  type ChartRequest,
  kustomizationsOf,
  type Overlay,
  overlaysOf,
  type Surroundings,
} from '../src/model/link/kustomize/kustomize.ts';
import { patternOf } from '../src/model/link/kustomize/pattern.ts';
import { sha256 } from '../src/model/link/kustomize/sha256.ts';

const root = fileURLToPath(new URL('data/kustomize/', import.meta.url));

const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => statSync(`${root}${path}`).isFile())
  .sort();
const text = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const fixtures = paths.flatMap((path) => /^([\w-]+)\/expected\.yaml$/.exec(path)?.[1] ?? []);

function dataOf(node: Node): unknown {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, dataOf(value)]));
    case 'sequence':
      return node.items.map(dataOf);
    case 'unknown':
      return { unknown: node.why };
    case 'scalar':
      return node.value;
  }
}

function manifests(bodies: readonly (Node | undefined)[]): readonly Manifest[] {
  return bodies.map((body) => dataOf(body ?? assert.fail('an object without a body')) as Manifest);
}

describe('a kustomization', () => {
  const files = paths
    .filter((path) => !path.endsWith('/expected.yaml'))
    .map((path) => extractWhole({ path, text: text(path) }));
  const { build } = overlaysOf(files, {
    content: (path) => (existsSync(`${root}${path}`) ? text(path) : undefined),
  });

  for (const name of fixtures)
    it(`builds ${name} as kustomize does`, () => {
      const expected = extractWhole({ path: 'expected.yaml', text: text(`${name}/expected.yaml`) });
      const theirs = manifests(expected.resources.map(({ body }) => body));
      const built = build(name);
      const { differences, equal } = compareObjects(
        manifests(built.objects.map(({ body }) => body)),
        theirs,
      );
      assert.deepEqual(differences, []);
      assert.equal(equal, theirs.length);
      assert.ok(equal > 0);
      assert.equal(built.openBecause, undefined);
    });

  const program = kustomize.find();
  it('is expected to be what kustomize prints', {
    skip: program === undefined ? 'kustomize is not on this machine' : false,
  }, () => {
    assert.ok(program !== undefined);
    const compared = [...kustomize.compare(root, program)];
    const built = new Map(compared.map((one) => [one.name, one]));
    for (const name of fixtures) {
      const one = built.get(name);
      assert.deepEqual(one?.differences, [], name);
      assert.equal(one?.theirError, undefined, name);
    }
  });
});

type Files = Readonly<Record<string, string>>;

const HOLE = ['$', '{NAME}'].join('');
const kustomization = (more: string) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${more}`;
const ORDERS = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: api
          image: acme/orders:1.4.2
          envFrom:
            - configMapRef: {name: settings}
`;

function factsOf(files: Files): readonly FileFacts[] {
  return Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => extractManifest({ path, text: content }));
}

function built(files: Files, directory = 'eu', surroundings: Surroundings = {}): Overlay {
  return overlaysOf(factsOf(files), surroundings).build(directory);
}

/** An overlay `eu` over the Deployment of the shop. */
function overlay(more: string, others: Files = {}, surroundings: Surroundings = {}): Overlay {
  const files = {
    'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
    'base/orders.yaml': ORDERS,
    'eu/kustomization.yaml': kustomization(`resources: [../base]\n${more}`),
    ...others,
  };
  return built(files, 'eu', surroundings);
}

function orders({ objects }: Overlay): BuiltObject {
  return objects.find(({ kind }) => kind === 'Deployment') ?? assert.fail('no Deployment');
}

/** The value below keys, and `path:line` of its place. */
function at(
  object: BuiltObject,
  ...keys: readonly (string | number)[]
): readonly [unknown, string] {
  let cursor = cursorOn(object.file, object.body, object.facts.kindRange);
  for (const key of keys)
    cursor =
      typeof key === 'string' ? cursor.get(key) : (cursor.items[key] ?? assert.fail('no item'));
  const { path, line } = cursor.at;
  const value = cursor.node === undefined ? undefined : dataOf(cursor.node);
  return [value, `${path}:${line}`];
}

const CONTAINER = ['spec', 'template', 'spec', 'containers', 0] as const;

describe('a value of a build stands', () => {
  it('in the patch that sets it, inline or in a file, in block or flow style', () => {
    const inline = orders(
      overlay(
        'patches:\n  - patch: |-\n\n      # more\n      kind: Deployment\n      apiVersion: apps/v1\n      metadata: {name: orders}\n      spec:\n        replicas: 6\n',
      ),
    );
    assert.deepEqual(at(inline, 'spec', 'replicas'), [6, 'eu/kustomization.yaml:12']);
    const folded = orders(
      overlay(
        `patches: [{target: {kind: Deployment}, patch: '[{"op": "replace", "path": "/spec/replicas", "value": 7}]'}]\n`,
      ),
    );
    assert.deepEqual(at(folded, 'spec', 'replicas'), [7, 'eu/kustomization.yaml:4']);
    const file = orders(
      overlay('patches: [{path: more.yaml, target: {kind: Deployment}}]\n', {
        'eu/more.yaml': 'kind: Deployment\nmetadata: {name: x}\nspec:\n  replicas: 8\n',
      }),
    );
    assert.deepEqual(at(file, 'spec', 'replicas'), [8, 'eu/more.yaml:4']);
    assert.deepEqual(at(file, ...CONTAINER, 'image'), ['acme/orders:1.4.2', 'base/orders.yaml:11']);
  });

  it('at the place of an inline patch, exactly', () => {
    const files = factsOf({
      'base/orders.yaml': ORDERS,
      'base/kustomization.yaml': kustomization(
        'resources: [orders.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: replace\n      path: /spec/replicas\n      value: 9\n',
      ),
    });
    const object = orders(overlaysOf(files).build('base'));
    const cursor = cursorOn(object.file, object.body, object.facts.kindRange).get(
      'spec',
      'replicas',
    );
    const [kustomized] = files;
    assert.ok(kustomized !== undefined);
    assert.deepEqual(cursor.at, locate(kustomized, [197, 198]));
    assert.equal(cursor.at.column, 14);
  });

  it('in the entry of images, replicas, labels and namespace', () => {
    const object = orders(
      overlay(
        'images:\n  - name: acme/orders\n    newTag: "2"\nreplicas:\n  - name: orders\n    count: 5\ncommonLabels:\n  team: shop\nnamespace: live\n',
      ),
    );
    const file = 'eu/kustomization.yaml';
    assert.deepEqual(at(object, ...CONTAINER, 'image'), ['acme/orders:2', `${file}:6`]);
    assert.deepEqual(at(object, 'spec', 'replicas'), [5, `${file}:9`]);
    assert.deepEqual(at(object, 'metadata', 'labels', 'team'), ['shop', `${file}:11`]);
    assert.deepEqual(at(object, 'metadata', 'namespace'), ['live', `${file}:12`]);
    assert.deepEqual(at(object, 'metadata', 'name'), ['orders', 'base/orders.yaml:4']);
  });

  it('for a name and a reference where their files write them', () => {
    const object = orders(
      overlay('namePrefix: eu-\nconfigMapGenerator: [{name: settings, literals: [A=1]}]\n'),
    );
    assert.deepEqual(at(object, 'metadata', 'name'), ['eu-orders', 'base/orders.yaml:4']);
    const reference = at(object, ...CONTAINER, 'envFrom', 0, 'configMapRef', 'name');
    assert.deepEqual(reference, ['eu-settings-89g4tffbfk', 'base/orders.yaml:13']);
  });

  it('in a replacement for what it copies', () => {
    const object = orders(
      overlay(
        'replacements:\n  - source: {kind: Deployment, fieldPath: spec.replicas}\n    targets:\n      - select: {kind: Deployment}\n        options: {create: true}\n        fieldPaths:\n          - spec.minReadySeconds\n',
      ),
    );
    assert.deepEqual(at(object, 'spec', 'minReadySeconds'), [2, 'eu/kustomization.yaml:10']);
  });
});

describe('what cannot be read', () => {
  it('of a generator leaves the names that objects join by', () => {
    const { objects } = overlay('configMapGenerator: [{name: settings, files: [a.txt]}]\n');
    const made = objects.find(({ kind }) => kind === 'ConfigMap');
    assert.equal(made?.name, 'settings');
    const { facts } = made ?? assert.fail();
    assert.equal(facts.name, 'settings');
    const content = { content: (path: string) => (path === 'eu/a.txt' ? 'x' : undefined) };
    const known = overlay('configMapGenerator: [{name: settings, files: [a.txt]}]\n', {}, content);
    const name = known.objects.find(({ kind }) => kind === 'ConfigMap')?.name;
    assert.match(name ?? '', /^settings-[0-9a-z]{10}$/);
  });

  it('of a transformer makes objects unknown and the build open', () => {
    for (const text of [
      'transformers: [gone.yaml]\n',
      'transformers: [krm.yaml]\n',
      'transformers:\n  - |-\n    apiVersion: acme.io/v1\n    kind: Sidecars\n    metadata: {name: x}\n',
      'transformers: ["https://example.com/t"]\n',
    ]) {
      const made = overlay(text, {
        'eu/krm.yaml': 'apiVersion: acme.io/v1\nkind: Sidecars\nmetadata: {name: x}\n',
      });
      assert.notEqual(made.openBecause, undefined, text);
      const [spec] = at(orders(made), 'spec');
      assert.ok(spec !== null && typeof spec === 'object' && 'unknown' in spec, text);
    }
  });

  it('of a generator makes the build open and nothing unknown', () => {
    for (const text of [
      'generators: [gone.yaml]\n',
      'generators:\n  - |-\n    apiVersion: acme.io/v1\n    kind: Maker\n    metadata: {name: x}\n',
      'resources: [../base, github.com/acme/shop//deploy?ref=v1]\n'.replace('../base, ', ''),
    ]) {
      const made = text.startsWith('resources')
        ? overlay('', {
            'eu/kustomization.yaml': kustomization(
              'resources: [../base, github.com/acme/shop//deploy?ref=v1]\n',
            ),
          })
        : overlay(text);
      assert.notEqual(made.openBecause, undefined, text);
      assert.equal(at(orders(made), 'spec', 'replicas')[0], 2, text);
    }
  });

  it('of a placeholder stays a placeholder, and is replaced by what is known', () => {
    const base = { 'base/orders.yaml': ORDERS.replace('acme/orders:1.4.2', `acme/orders:${HOLE}`) };
    const [image] = at(orders(overlay('', base)), ...CONTAINER, 'image');
    assert.deepEqual(image, { unknown: 'a placeholder' });
    const named = { 'base/orders.yaml': ORDERS.replace('acme/orders:1.4.2', '$(IMAGE)') };
    const known = overlay(
      'vars: [{name: IMAGE, objref: {apiVersion: apps/v1, kind: Deployment, name: orders}, fieldref: {fieldpath: metadata.name}}]\nconfigurations: [c.yaml]\n',
      {
        ...named,
        'eu/c.yaml':
          'varReference:\n- path: spec/template/spec/containers/image\n  kind: Deployment\n',
      },
    );
    assert.equal(at(orders(known), ...CONTAINER, 'image')[0], 'orders');
  });
  it('of the types of custom resources makes those unknown, and no others', () => {
    const rollout =
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: front}\nspec: {replicas: 2}\n';
    const own = '{"x-kubernetes-identity": "", "$ref": "shop.Rollout"}';
    const endless = `{"shop.Rollout": {"Schema": {"properties": {"apiVersion": {}, "kind": {}, "metadata": {}, "a": ${own}, "b": ${own}}}}}`;
    const started = performance.now();
    for (const types of [undefined, 'a: [', endless]) {
      const more = types === undefined ? {} : { 'eu/types.json': types };
      const files = { ...more, 'eu/rollout.yaml': rollout };
      const made = overlay('namePrefix: eu-\ncrds: [types.json]\n', {
        ...files,
        'base/kustomization.yaml': kustomization('resources: [orders.yaml, ../eu/rollout.yaml]\n'),
      });
      const object = made.objects.find(({ kind }) => kind === 'Rollout');
      const [spec] = at(object ?? assert.fail(), 'spec');
      assert.ok(spec !== null && typeof spec === 'object' && 'unknown' in spec, types);
      assert.equal(at(orders(made), 'spec', 'replicas')[0], 2);
    }
    assert.ok(performance.now() - started < 10_000);
  });

  it('of a schema makes lists that merge unknown, in all that is built with it', () => {
    const patch = `patches: [{patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: orders}, spec: {replicas: 3, template: {spec: {containers: [{name: api, tty: true}]}}}}'}]\n`;
    const files = {
      'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'base/orders.yaml': ORDERS,
      'eu/kustomization.yaml': kustomization(`resources: [../base]\n${patch}`),
      'us/kustomization.yaml': kustomization(
        'resources: [../eu]\nopenapi: {path: "https://example.com/schema.json"}\n',
      ),
      'ap/kustomization.yaml': kustomization('resources: [../us]\n'),
    };
    for (const order of [
      ['eu', 'us', 'ap'],
      ['ap', 'us', 'eu'],
    ]) {
      const { build } = overlaysOf(factsOf(files));
      for (const directory of order) {
        const object = orders(build(directory));
        assert.equal(at(object, 'spec', 'replicas')[0], 3, directory);
        const [containers] = at(object, 'spec', 'template', 'spec', 'containers');
        if (directory === 'eu') {
          assert.equal(at(object, ...CONTAINER, 'image')[0], 'acme/orders:1.4.2');
          assert.equal(at(object, ...CONTAINER, 'tty')[0], true);
        } else
          assert.deepEqual(containers, { unknown: 'a list that merges as an openapi file says' });
      }
    }
  });

  it('of a label with the version of kustomize is the label alone', () => {
    const object = orders(overlay('buildMetadata: [originAnnotations, managedByLabel]\n'));
    const [label, place] = at(object, 'metadata', 'labels', 'app.kubernetes.io/managed-by');
    assert.deepEqual(label, { unknown: 'the version of kustomize' });
    assert.equal(place, 'eu/kustomization.yaml:4');
    const without = orders(overlay('buildMetadata: [originAnnotations]\n'));
    assert.equal(at(without, 'metadata', 'labels')[0], undefined);
    assert.equal(at(without, 'metadata', 'annotations')[0], undefined);
  });
});

describe('helmCharts', () => {
  const charts = `namespace: live
helmGlobals: {chartHome: ../charts}
helmCharts:
  - name: redis
    releaseName: cache
    valuesFile: values.yaml
    additionalValuesFiles: [more.yaml]
    valuesInline: {replicas: 3}
    includeCRDs: true
    skipTests: true
`;

  it('ask a renderer for local charts, and take in what it makes', () => {
    const asked: ChartRequest[] = [];
    const made = extractManifest({
      path: 'charts/redis/made.yaml',
      text: ORDERS.replace('name: orders', 'name: redis'),
    });
    const found = overlay(
      charts,
      {},
      {
        renderChart: (request) => {
          asked.push(request);
          const objects = made.resources.map((facts) => ({ file: made, facts }));
          return { objects, openBecause: undefined };
        },
      },
    );
    assert.equal(found.openBecause, undefined);
    assert.deepEqual(
      found.objects.map(({ name, namespace }) => [name, namespace]),
      [
        ['orders', 'live'],
        ['redis', 'live'],
      ],
    );
    const [request] = asked;
    assert.equal(request?.chart, 'charts/redis');
    assert.equal(request?.releaseName, 'cache');
    assert.equal(request?.namespace, 'live');
    const values = request?.values.map((one) => (typeof one === 'string' ? one : dataOf(one)));
    assert.deepEqual(values, ['eu/values.yaml', { replicas: 3 }, 'eu/more.yaml']);
    assert.equal(request?.without, 'tests');
  });

  it('make the build open when nobody renders them', () => {
    assert.match(overlay(charts).openBecause ?? '', /helmCharts/);
    assert.match(
      overlay(charts, {}, { renderChart: () => undefined }).openBecause ?? '',
      /helmCharts/,
    );
  });
});

describe('a hostile kustomization', () => {
  it('with a pattern that explodes is matched in no time', () => {
    const started = performance.now();
    const name = `${'a'.repeat(60)}!`;
    const pattern = patternOf('(a+)+$', true);
    assert.equal(pattern?.(name), false);
    const made = overlay(
      `patches: [{target: {kind: Deployment, name: "((o|r)*)*((d|e)*)*x"}, patch: '[{"op": "remove", "path": "/spec/replicas"}]'}]\n`,
    );
    assert.equal(at(orders(made), 'spec', 'replicas')[0], 2);
    assert.ok(performance.now() - started < 2000);
  });

  it('with too many patches makes objects unknown in no time', () => {
    const many = Array.from({ length: 2000 }, (_, i) => `  - {name: n${i}, count: 1}\n`).join('');
    const names = Array.from({ length: 600 }, (_, i) =>
      ORDERS.replace('name: orders', `name: o${i}`),
    );
    const started = performance.now();
    const made = built({
      'eu/kustomization.yaml': kustomization(`resources: [all.yaml]\nreplicas:\n${many}`),
      'eu/all.yaml': names.join('---\n'),
    });
    assert.ok(performance.now() - started < 20_000);
    const [spec] = at(orders(made), 'spec');
    assert.ok(spec !== null && typeof spec === 'object' && 'unknown' in spec);
  });

  it('with huge texts, long paths and many entries is bounded', () => {
    const deep = Array.from({ length: 300 }, () => 'a').join('/');
    const dotted = deep.replaceAll('/', '.');
    const made = overlay(
      `patches: [{target: {kind: Deployment}, patch: '[{"op": "add", "path": "/${deep}", "value": 1}]'}]\nreplacements: [{sourceValue: x, targets: [{select: {kind: Deployment}, fieldPaths: [${dotted}], options: {create: true}}]}]\nconfigMapGenerator: [{name: c, files: [${Array.from({ length: 5000 }, (_, i) => `k${i}=big`).join(', ')}]}]\n`,
      {},
      { content: () => 'x'.repeat(10_000) },
    );
    assert.ok(orders(made).body !== undefined);
    const map = made.objects.find(({ kind }) => kind === 'ConfigMap');
    const [data] = at(map ?? assert.fail(), 'data');
    assert.ok(data !== null && typeof data === 'object' && 'unknown' in data);
  });

  it('of any shape never throws', () => {
    const scalar = fc.constantFrom(
      'x',
      '../base',
      'orders.yaml',
      '{}',
      '[]',
      'null',
      '3',
      '"*"',
      '&a [*a]',
    );
    const value = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc
        .array(scalar, { maxLength: 2 })
        .map(
          (items) =>
            `[{name: ${items[0] ?? 'a'}, target: {kind: ${items[1] ?? 'b'}}, path: orders.yaml, select: x}]`,
        ),
    );
    const key = fc.constantFrom(
      'resources',
      'components',
      'patches',
      'patchesStrategicMerge',
      'patchesJson6902',
      'namePrefix',
      'namespace',
      'labels',
      'commonLabels',
      'commonAnnotations',
      'images',
      'replicas',
      'configMapGenerator',
      'secretGenerator',
      'generatorOptions',
      'replacements',
      'vars',
      'transformers',
      'generators',
      'configurations',
      'helmCharts',
      'helmGlobals',
      'crds',
      'openapi',
      'buildMetadata',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 6 }), (fields) => {
        const text = fields.map(([name, field]) => `${name}: ${field}\n`).join('');
        const made = built({
          'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
          'base/orders.yaml': ORDERS,
          'eu/orders.yaml': ORDERS,
          'eu/kustomization.yaml': kustomization(text),
        });
        assert.ok(Array.isArray(made.objects));
      }),
      { numRuns: 300 },
    );
  });
});

describe('patterns', () => {
  const alphabet = fc.constantFrom('a', 'b', '-', '.');
  const part = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    'a*',
    'b+',
    '(a|b)',
    '(ab)*',
    '(?:b|-)?',
    '\\.',
    '\\w',
    '$',
    '^',
  );

  it('match what regular expressions match', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 5 }),
        fc.array(alphabet, { maxLength: 6 }),
        fc.boolean(),
        (parts, letters, whole) => {
          const source = parts.join('');
          const expected = new RegExp(whole ? `^(?:${source})$` : source).test(letters.join(''));
          assert.equal(patternOf(source, whole)?.(letters.join('')), expected, source);
        },
      ),
    );
  });

  it('that are beyond names are not decided', () => {
    for (const source of [
      'a{2}',
      '(?i)a',
      '[[:alpha:]]',
      '\\pL',
      '(a',
      '[a',
      '*',
      'a'.repeat(2000),
    ])
      assert.equal(patternOf(source, true), undefined, source);
  });
});

describe('the builds of a run', () => {
  it('do not depend on the order of files', () => {
    const files = factsOf({
      'base/kustomization.yaml': kustomization('resources: [orders.yaml]\n'),
      'base/orders.yaml': ORDERS,
      'eu/kustomization.yaml': kustomization('resources: [../base]\nnamePrefix: eu-\n'),
      'us/kustomization.yaml': kustomization('resources: [../base]\nnamePrefix: us-\n'),
    });
    const names = (some: readonly FileFacts[]) =>
      kustomizationsOf(some).overlays.map(({ directory, objects }) => [
        directory,
        objects.map(({ name }) => name),
      ]);
    const expected = [
      ['eu', ['eu-orders']],
      ['us', ['us-orders']],
    ];
    assert.deepEqual(names(files), expected);
    assert.deepEqual(names([...files].reverse()), expected);
  });
});

it('sha256 is that of the standard', () => {
  assert.equal(sha256(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(
    sha256('a'.repeat(119)),
    '31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb',
  );
});
