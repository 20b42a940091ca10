/** Text to facts: what a manifest says, where it says it, and what cannot be told. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { parseYaml } from '../src/extract/kubernetes/parse.ts';
import type { FileFacts, MapNode, Node, ResourceFacts } from '../src/facts.ts';
import { lineStartsOf } from '../src/location.ts';

/** A variable that something else fills in. */
const variable = (name: string) => ['$', '{', name, '}'].join('');

const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: orders\n';

const extract = (text: string, path = 'shop.yaml') => extractManifest({ path, text });

function only<T>(items: readonly T[]): T {
  assert.equal(items.length, 1);
  const [item] = items;
  assert.ok(item !== undefined);
  return item;
}

/** A node as plain data; an unknown one is its reason in angle brackets. */
function plain(node: Node | undefined): unknown {
  switch (node?.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
    case 'sequence':
      return node.items.map(plain);
    case 'scalar':
      return node.value;
    case 'unknown':
      return `<${node.why}>`;
    default:
      return undefined;
  }
}

const fieldOf = (map: MapNode | undefined, key: string) =>
  map?.entries.find((entry) => entry.key === key)?.value;

/** The value of `spec` of the only object of a Pod manifest that ends with these lines. */
const spec = (text: string) => fieldOf(only(extract(HEAD + text).resources).body, 'spec');

const headers = (facts: FileFacts) =>
  facts.resources.map(({ apiVersion, resourceKind, name, namespace }) =>
    [apiVersion, resourceKind, namespace, name].filter((part) => part !== undefined).join(' '),
  );

const header = (object: ResourceFacts) => {
  const { apiVersion, resourceKind, name, namespace, namespaceUnknown } = object;
  return { apiVersion, resourceKind, name, namespace, namespaceUnknown };
};

const problems = (facts: FileFacts, text: string) =>
  facts.notifications.map(({ id, message, range }) => ({
    id,
    message,
    at: range === undefined ? undefined : text.slice(...range),
    line: range === undefined ? undefined : text.slice(0, range[0]).split('\n').length,
  }));

describe('scalars', () => {
  it('mean what kubectl reads', () => {
    const cases: readonly (readonly [string, string | number | boolean | null])[] = [
      ['yes', true],
      ['No', false],
      ['on', true],
      ['OFF', false],
      ['y', true],
      ['n', false],
      ['true', true],
      ['yEs', 'yEs'],
      ['010', 8],
      ['0o10', 8],
      ['0x1F', 31],
      ['-0x1f', -31],
      ['0b11', 3],
      ['08', 8],
      ['0', 0],
      ['1_000', 1000],
      ['+3', 3],
      ['1.50', 1.5],
      ['.5', 0.5],
      ['1e3', 1000],
      ['1:30', '1:30'],
      ['2001-12-14', '2001-12-14'],
      ['.inf', '.inf'],
      ['1.2.3', '1.2.3'],
      ['~', null],
      ['null', null],
      ['"yes"', 'yes'],
      ["'010'", '010'],
      ['!!str 010', '010'],
      ['!!int "3"', 3],
      ['!!binary aGk=', 'aGk='],
      ['!Ref orders', 'orders'],
      ['100m', '100m'],
      ['"a\\tb"', 'a\tb'],
    ];
    for (const [source, value] of cases) {
      assert.equal(plain(spec(`spec: ${source}\n`)), value, source);
    }
  });

  it('keep their source text, digits of large numbers too', () => {
    const node = spec('spec: 12345678901234567890 # bytes\n');
    assert.ok(node?.kind === 'scalar');
    assert.equal(node.text, '12345678901234567890');
    assert.equal(typeof node.value, 'number');
  });

  it('in blocks and over several lines', () => {
    const value = plain(
      spec('spec:\n  a: |\n    one\n    two\n\n  b: >-\n    three\n    four\n  c: five\n    six\n'),
    );
    assert.deepEqual(value, { a: 'one\ntwo\n', b: 'three four', c: 'five six' });
  });

  it('are keys as JSON has them', () => {
    assert.deepEqual(
      Object.keys(plain(spec('spec: {yes: 1, 8080: 2, "on": 3, ~: 4}\n')) as object),
      ['8080', 'true', 'on', 'null'],
    );
  });
});

describe('places', () => {
  const text = `apiVersion: apps/v1
kind: "Deployment" # the orders
metadata:
  name: orders
  labels: {app: orders, 'tier': &tier web}
spec:
  replicas: 3
  command:
    - sh
    - -c
    - |
      exec node

  args: [*tier]
  empty:
  # nothing below
status: {}

# the end
`;

  for (const [name, written] of [
    ['LF', text],
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${text}`],
    ['a document in front', `${HEAD}--- # second\n${text}`],
    ['a document with a byte order mark', `${HEAD}---\n\ufeff${text}`],
    ['a byte order mark in front of the marker', `${HEAD}\ufeff---\n${text}`],
  ] as const) {
    it(`are exact in a file with ${name}`, () => {
      const object = extract(written).resources.at(-1);
      assert.ok(object?.body);
      const at = (range: readonly [number, number]) => written.slice(...range).replaceAll('\r', '');
      assert.equal(at(object.kindRange), '"Deployment"');
      assert.equal(at(object.range), text.slice(0, text.indexOf('\n\n# the end')));
      const { body } = object;
      assert.deepEqual(
        body.entries.map(({ keyRange }) => at(keyRange)),
        ['apiVersion', 'kind', 'metadata', 'spec', 'status'],
      );
      const metadata = fieldOf(body, 'metadata');
      assert.ok(metadata?.kind === 'map');
      const labels = fieldOf(metadata, 'labels');
      assert.ok(labels?.kind === 'map');
      assert.equal(at(labels.range), "{app: orders, 'tier': &tier web}");
      assert.equal(at(labels.entries[1]?.keyRange ?? [0, 0]), "'tier'");
      assert.equal(at(labels.entries[1]?.value.range ?? [0, 0]), 'web');
      const inner = fieldOf(body, 'spec');
      assert.ok(inner?.kind === 'map');
      const command = fieldOf(inner, 'command');
      assert.ok(command?.kind === 'sequence');
      assert.equal(at(command.range), '- sh\n    - -c\n    - |\n      exec node');
      assert.equal(at(command.items[2]?.range ?? [0, 0]), '|\n      exec node');
      const args = fieldOf(inner, 'args');
      assert.ok(args?.kind === 'sequence');
      assert.equal(at(args.range), '[*tier]');
      assert.equal(at(args.items[0]?.range ?? [0, 0]), 'web', 'an alias is where its anchor is');
      assert.equal(at(fieldOf(inner, 'empty')?.range ?? [0, 9]), '');
      assert.ok(at(inner.range).endsWith('empty:'));
      const status = fieldOf(body, 'status');
      assert.equal(at(status?.range ?? [0, 0]), '{}');
    });
  }

  it('of every scalar cut its text out of the file', () => {
    const facts = extract(text);
    const visit = (node: Node): number => {
      if (node.kind === 'scalar') {
        assert.equal(text.slice(...node.range), node.text);
        return 1;
      }
      const inner =
        node.kind === 'map'
          ? node.entries.map(({ value }) => value)
          : node.kind === 'sequence'
            ? node.items
            : [];
      return inner.reduce((sum, item) => sum + visit(item), 0);
    };
    const { body } = only(facts.resources);
    assert.ok(body && visit(body) > 8);
  });

  it('of lines come along', () => {
    assert.deepEqual(extract(text).lineStarts, lineStartsOf(text));
  });
});

describe('anchors and merges', () => {
  it('are resolved', () => {
    const value = plain(
      spec(`spec:
  base: &base {cpu: 1, memory: 2}
  same: *base
  more: {<<: *base, memory: 3}
  both: {<<: [*base, {cpu: 9, disk: 4}]}
  quoted: {"<<": *base}
`),
    );
    assert.deepEqual(value, {
      base: { cpu: 1, memory: 2 },
      same: { cpu: 1, memory: 2 },
      more: { cpu: 1, memory: 3 },
      both: { cpu: 1, memory: 2, disk: 4 },
      quoted: { '<<': { cpu: 1, memory: 2 } },
    });
  });

  it('take the nearest anchor above', () => {
    assert.deepEqual(plain(spec('spec: [&a 1, *a, &a 2, *a]\n')), [1, 1, 2, 2]);
  });

  it('make unknown what YAML libraries read in two ways, and what is not there', () => {
    const value = plain(
      spec(
        'spec:\n  base: &base {cpu: 1}\n  late: {cpu: 2, <<: *base}\n  none: {a: 1, <<: *none}\n',
      ),
    );
    assert.deepEqual(value, {
      base: { cpu: 1 },
      late: { cpu: '<a key in front of a merge that has it too>' },
      none: '<a merge of something unknown>',
    });
  });
});

describe('duplicate keys', () => {
  it('are told, and the last one counts', () => {
    const text = `${HEAD}spec:\n  replicas: 1\n  replicas: 2\n`;
    const facts = extract(text);
    assert.deepEqual(plain(fieldOf(only(facts.resources).body, 'spec')), { replicas: 2 });
    assert.deepEqual(problems(facts, text), [
      {
        id: 'duplicate-key',
        message:
          'The key replicas stands twice in one map and the cluster takes the last one: remove the other',
        at: 'replicas',
        line: 7,
      },
    ]);
  });

  it('of a second object without a marker in front are told once', () => {
    const text = `${HEAD}spec: {}\n${HEAD.replace('orders', 'payments')}spec: {}\n---\n${HEAD}`;
    const facts = extract(text);
    assert.deepEqual(headers(facts), ['v1 Pod payments', 'v1 Pod orders']);
    assert.deepEqual(problems(facts, text), [
      {
        id: 'duplicate-key',
        message:
          'A second object starts here without a --- line in front of it and the cluster sees only this one: add the line',
        at: 'apiVersion',
        line: 6,
      },
    ]);
  });

  it('are not what a merge brings along', () => {
    const facts = extract(`${HEAD}a: &a {x: 1}\nspec: {<<: *a, x: 2}\n`);
    assert.deepEqual(facts.notifications, []);
  });
});

describe('documents', () => {
  it('of one file are all read', () => {
    const text = `# shop\n---\n${HEAD}---\n---\n# nothing\n---\n${HEAD}...\n---   \n${HEAD}--- {apiVersion: v1, kind: Service}\n`;
    assert.deepEqual(headers(extract(text)), [
      'v1 Pod orders',
      'v1 Pod orders',
      'v1 Pod orders',
      'v1 Service',
    ]);
  });

  it('end at no --- within a block scalar or behind other text', () => {
    const text = `${HEAD}spec: |\n  ---\n  a---\nmore: a --- b\n`;
    const { body } = only(extract(text).resources);
    assert.equal(plain(fieldOf(body, 'spec')), '---\na---\n');
  });

  it('may be JSON, with tabs and without', () => {
    const json = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'orders' },
      spec: { a: [1, null] },
    };
    for (const indent of [undefined, 2, '\t']) {
      const facts = extract(JSON.stringify(json, null, indent), 'shop.json');
      assert.deepEqual(plain(only(facts.resources).body), json);
      assert.deepEqual(facts.notifications, []);
    }
  });

  it('without an object say nothing', () => {
    for (const text of [
      '',
      'a: 1\n',
      'services:\n  orders:\n    image: acme/orders\n',
      'kind: Deployment\n',
      'apiVersion: v1\nkind:\nmetadata: {}\n',
      '- apiVersion: v1\n  kind: Pod\n',
      'apiVersion kind\n',
    ]) {
      const { resources, unread, notifications } = extract(text);
      assert.deepEqual([resources, unread, notifications], [[], [], []], text);
    }
  });

  it('that configure a tool are no objects', () => {
    for (const head of [
      'apiVersion: skaffold/v4beta6\nkind: Config\n',
      'apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n',
      'apiVersion: v1\nkind: Config\nclusters: []\n',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
    ])
      assert.deepEqual(extract(`${head}metadata: {name: a}\n`).resources, [], head);
  });
});

describe('headers', () => {
  it('are all that kinds have that nobody models, whatever the rest is', () => {
    const text = `apiVersion: v1 # core
kind: Secret
metadata:
  labels: {a: b}
  name: "dashboards"
  namespace: shop
data:
  kind: |
    kind: Deployment
  bad: [
# the end
`;
    const facts = extract(text);
    const object = only(facts.resources);
    assert.deepEqual(header(object), {
      apiVersion: 'v1',
      resourceKind: 'Secret',
      name: 'dashboards',
      namespace: 'shop',
      namespaceUnknown: undefined,
    });
    assert.equal(object.body, undefined);
    assert.equal(text.slice(...object.kindRange), 'Secret');
    assert.equal(text.slice(...object.range), text.slice(0, text.indexOf('\n# the end')));
    assert.deepEqual(facts.notifications, []);
  });

  it('are the same in flow style, indented and with another order', () => {
    for (const text of [
      '{apiVersion: acme.io/v1, kind: Queue, metadata: {name: q, namespace: shop}}',
      '  apiVersion: acme.io/v1\n  kind: Queue\n  metadata:\n    name: q\n    namespace: shop\n',
      'metadata:\n  name: q\n  namespace: shop\nkind: Queue\napiVersion: "acme.io/v1"\n',
      '"metadata": {"name": "q", "namespace": "shop"}\n"kind": Queue\n"apiVersion": acme.io/v1\n',
    ])
      assert.deepEqual(headers(extract(text)), ['acme.io/v1 Queue shop q'], text);
  });

  it('have no name when it is generated or filled in', () => {
    const name = (metadata: string, kind = 'Pod') =>
      header(only(extract(`apiVersion: v1\nkind: ${kind}\nmetadata: ${metadata}\n`).resources));
    for (const kind of ['Pod', 'Secret']) {
      assert.equal(name('{generateName: orders-}', kind).name, undefined);
      assert.equal(name(`{name: 'orders-${variable('ENV')}'}`, kind).name, undefined);
      assert.equal(name('{name: 123}', kind).name, '123');
      const filled = name(`{name: orders, namespace: '${variable('NS')}'}`, kind);
      assert.deepEqual([filled.namespace, filled.namespaceUnknown], [undefined, true]);
      assert.equal(name('{name: orders}', kind).namespaceUnknown, undefined);
    }
  });

  it('name the template of a rendered chart', () => {
    const text = `---
# Source: shop/templates/orders.yaml
${HEAD}---
# Source: shop/templates/config.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
---
${HEAD}spec:
  # Source: shop/templates/no.yaml
  a: 1
`;
    assert.deepEqual(
      extract(text, '<stdin>').resources.map((object) => object.renderedFrom),
      ['shop/templates/orders.yaml', 'shop/templates/config.yaml', undefined],
    );
  });
});

describe('lists and templates of objects', () => {
  it('are their items, nested ones too', () => {
    const text = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: List
    items:
      - {apiVersion: v1, kind: Pod, metadata: {name: orders}}
  - {apiVersion: v1, kind: Secret, metadata: {name: key}}
  - text
---
apiVersion: apps/v1
kind: DeploymentList
items:
  - metadata: {name: payments}
  - {kind: StatefulSet, metadata: {name: ledger}}
`;
    const facts = extract(text);
    assert.deepEqual(headers(facts), [
      'v1 Pod orders',
      'v1 Secret key',
      'apps/v1 Deployment payments',
      'apps/v1 StatefulSet ledger',
    ]);
    assert.equal(
      text.slice(...(facts.resources[0]?.range ?? [0, 0])),
      '{apiVersion: v1, kind: Pod, metadata: {name: orders}}',
    );
    assert.deepEqual(
      facts.resources.map(({ body }) => body !== undefined),
      [true, false, true, true],
    );
  });

  it('of OpenShift hold real workloads with parameters', () => {
    const text = `kind: Template
apiVersion: template.openshift.io/v1
metadata: {name: shop}
objects:
  - kind: DeploymentConfig
    apiVersion: apps.openshift.io/v1
    metadata: {name: "${variable('NAME')}"}
    spec:
      replicas: $${variable('{REPLICAS}')}
      template: {spec: {containers: [{name: api, image: "acme/orders:${variable('TAG')}"}]}}
`;
    for (const path of ['openshift.yaml', 'openshift/templates/shop.yaml']) {
      const facts = extract(text.replace('$$', '$'), path);
      const object = only(facts.resources);
      assert.equal(object.resourceKind, 'DeploymentConfig');
      assert.equal(object.name, undefined);
      assert.deepEqual(facts.unread, []);
      assert.deepEqual(plain(fieldOf(object.body, 'spec')), {
        replicas: '<a template expression>',
        template: { spec: { containers: [{ name: 'api', image: '<a placeholder>' }] } },
      });
    }
  });

  it('with a kind to be filled in may hold any workload', () => {
    const facts = extract(
      `apiVersion: apps/v1\nkind: "${variable('KIND')}"\nmetadata: {name: a}\n`,
    );
    assert.deepEqual(facts.resources, []);
    assert.deepEqual(only(facts.unread).kinds, ['DaemonSet', 'Deployment', 'StatefulSet']);
  });
});

describe('what go-yaml takes and the specification does not', () => {
  it('are quotes and brackets at any indentation', () => {
    const text = `${HEAD}spec:
  containers:
    - command: [sh, -c, "
        set -e

        exec node \\"$0\\"
      "]
      args: ['-c', 'one
  two',
 three
]
      tty: true
`;
    const facts = extract(text);
    assert.deepEqual(facts.notifications, []);
    assert.deepEqual(plain(fieldOf(only(facts.resources).body, 'spec')), {
      containers: [
        {
          command: ['sh', '-c', ' set -e\nexec node "$0" '],
          args: ['-c', 'one two', 'three'],
          tty: true,
        },
      ],
    });
  });

  it('are lone carriage returns as line ends', () => {
    const text = `${HEAD}spec: {a: b}\n# chaoslint-disable-next-line naked-pod\nmore: 1\n`;
    const returns = text.replaceAll('\n', '\r');
    const { resources, notifications } = extract(returns);
    assert.deepEqual(notifications, []);
    assert.deepEqual(plain(only(resources).body), plain(only(extract(text).resources).body));
    assert.equal(returns.slice(...only(resources).kindRange), 'Pod');
  });
});

describe('broken documents', () => {
  const cases: readonly (readonly [what: string, body: string, at: string, reason: RegExp])[] = [
    ['a tab', 'spec:\n\treplicas: 3\n', '\t', /a tab/],
    ['an open quote', 'spec:\n  a: "b\n  c: d\n', '"', /a quote that opens here/],
    ['an open bracket', 'spec:\n  a: [b, c\n', '[', /opens here/],
    ['an open brace', 'spec: {a: b, c: d\nmore: 1\n', '{', /opens here/],
    ['a colon in a text', 'spec:\n  a: b: c\n', 'b', /colon/],
    ['a wrong indentation', 'spec:\n    a: 1\n  b: 2\n', ' ', /indentation/],
    ['a key indented too deep', 'spec: a\n  b: 2\n', 'a', /the next line is indented deeper/],
    ['a line without a colon', 'spec:\n  a: 1\n  b\n', 'b', /a line without a colon/],
    ['an unknown escape', 'spec: "\\d+"\n', '\\', /backslash/],
    ['a reserved character', 'spec: @orders\n', '@', /without quotes/],
    [
      'a merge conflict',
      '<<<<<<< HEAD\nspec: 1\n=======\nspec: 2\n>>>>>>> main\n',
      '<<<<<<< HEAD',
      /merge conflict/,
    ],
  ];
  for (const [what, body, at, reason] of cases) {
    it(`are told with their place: ${what}`, () => {
      const text = `${HEAD}---\napiVersion: apps/v1\nkind: Deployment\n${body}---\n${HEAD}`;
      const facts = extract(text);
      assert.deepEqual(headers(facts), ['v1 Pod orders', 'v1 Pod orders']);
      const told = only(problems(facts, text));
      assert.equal(told.id, 'broken-yaml');
      assert.match(told.message, reason);
      assert.match(
        told.message,
        /^The YAML cannot be read: .*; nothing of this document was checked$/,
      );
      assert.equal(told.at?.slice(0, at.length), at);
      const unread = only(facts.unread);
      assert.deepEqual([unread.kinds, unread.why], [['Deployment'], 'broken']);
      assert.equal(
        text
          .slice(...unread.range)
          .trimStart()
          .split('\n')[1],
        'kind: Deployment',
      );
    });
  }

  it('of other things than objects are nobody’s business here', () => {
    for (const text of [
      'a: [1\nb: }{\n',
      'apiVersion and kind: [\n',
      'components:\n  apiVersion: v1\n  kind: [\n',
    ]) {
      const { unread, notifications } = extract(text);
      assert.deepEqual([unread, notifications], [[], []]);
    }
  });

  it('are told a few times in one file', () => {
    const facts = extract(`apiVersion: v1\nkind: Pod\nspec: [\n---\n`.repeat(30));
    assert.equal(facts.notifications.length, 5);
    assert.equal(facts.unread.length, 30);
  });

  it('of kustomizations are told, too', () => {
    const facts = extract('resources: [a\n', 'base/kustomization.yaml');
    assert.deepEqual(
      facts.notifications.map(({ id }) => id),
      ['broken-yaml'],
    );
  });
});

describe('templates', () => {
  const isTemplate = (text: string, path?: string) => {
    const facts = extract(text, path);
    assert.deepEqual(facts.notifications, []);
    if (facts.unread.length === 0) return false;
    assert.deepEqual(facts.resources, []);
    assert.equal(only(facts.unread).why, 'template');
    return true;
  };

  it('are not read as YAML', () => {
    for (const text of [
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n',
      '{{- if .Values.on }}\napiVersion: v1\nkind: Pod\n{{- end }}\n',
      `${HEAD}spec:\n{{ toYaml .Values.spec | indent 2 }}\n`,
      `${HEAD}spec:\n  - {{ .Values.item }}\n`,
      `${HEAD}spec: [{{ .Values.item }}]\n`,
      `${HEAD}{% if on %}\nspec: 1\n{% endif %}\n`,
      `${HEAD}<% if on %>\nspec: 1\n<% end %>\n`,
      `${HEAD}spec: |\n  text\n{{ end }}\n`,
    ])
      assert.equal(isTemplate(text), true, text);
  });

  it('name their kinds, computed ones too', () => {
    const kinds = (line: string) =>
      only(extract(`{{- if .a }}\napiVersion: apps/v1\n${line}\n{{- end }}`).unread).kinds;
    assert.deepEqual(kinds('kind: Deployment'), ['Deployment']);
    assert.deepEqual(kinds('kind: {{ ternary "Rollout" "Deployment" .canary }}'), [
      'Deployment',
      'Rollout',
    ]);
    assert.deepEqual(kinds('kind: {{ .Values.kind }}'), ['DaemonSet', 'Deployment', 'StatefulSet']);
  });

  it('are all files with expressions in the templates of a chart', () => {
    const text = `${HEAD}spec: "{{ .Values.spec }}"\n`;
    assert.equal(isTemplate(text, 'charts/shop/templates/orders.yaml'), true);
    assert.equal(isTemplate(text, 'orders.yaml'), false);
    assert.equal(isTemplate(HEAD, 'charts/shop/templates/orders.yaml'), false);
    assert.equal(
      isTemplate('{{ include "shop.deployment" . }}\n', 'shop/templates/orders.yaml'),
      true,
    );
  });

  it('are not manifests that hold expressions of others', () => {
    const alerts = `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: shop}
spec:
  groups:
    - name: shop
      rules:
        - alert: Down
          expr: up{job="orders"} < 1 and on() vector(1) > $x
          annotations:
            summary: "{{ $labels.pod }} is down"
            description: |
              {{ if eq $value 1 }}one{{ end }}
`;
    const { body } = only(extract(alerts).resources);
    const text = JSON.stringify(plain(fieldOf(body, 'spec')));
    assert.ok(!text.includes('<a '), text);
    assert.ok(text.includes('{{ $labels.pod }} is down'));

    const others = `apiVersion: v1
kind: ConfigMap
metadata: {name: dashboard}
data:
  a.json: |
    {"legendFormat": "{{pod}}"}
---
${HEAD}spec:
  # {{ a comment }}
  quoted: "{{inputs.parameters.image}}"
  plain: acme/orders:{{ tag }}
  script: |
    echo {{ x }}
`;
    const facts = extract(others);
    assert.deepEqual(headers(facts), ['v1 ConfigMap dashboard', 'v1 Pod orders']);
    assert.deepEqual(plain(fieldOf(facts.resources[1]?.body, 'spec')), {
      quoted: '<a template expression>',
      plain: '<a template expression>',
      script: 'echo {{ x }}\n',
    });
  });
});

describe('placeholders', () => {
  const value = (source: string) => plain(spec(`spec: ${source}\n`));

  it('are unknown, with all the text around them', () => {
    for (const text of [
      variable('TAG'),
      `acme/orders:${variable('TAG:-latest')}`,
      '$(TAG)',
      '#{tag}#',
      '__TAG__',
      'acme/__app__:1.0',
      '<your-image>',
      '<AWS_ACCOUNT>.dkr.ecr.eu-west-1.amazonaws.com/orders',
      '<the name of your image>',
      '$IMAGE',
      'acme/orders:$TAG',
      '<%= image %>',
    ])
      assert.match(String(value(`'${text}'`)), /^<a (placeholder|template expression)>$/, text);
  });

  it('are not what only looks alike', () => {
    for (const text of [
      'a < b > c',
      'a<1 && b>2',
      '^/orders/(?<id>[0-9]+)$',
      '/$1',
      '/api(/|$)(.*)',
      'costs 5$',
      '__init',
      '100%',
      '#fff',
      'a->b',
      '$(date +%s)',
    ])
      assert.equal(value(`'${text}'`), text);
  });

  it('are not looked for in scripts and long texts', () => {
    const script = 'echo $(HOME) <x> $HOME\n';
    assert.equal(value(`|\n  ${script}`), script);
    const long = `${'x'.repeat(600)} $(HOME)`;
    assert.equal(value(`"${long}"`), long);
  });

  it('in a key make its value unknown', () => {
    assert.deepEqual(value(`{"app-${variable('ENV')}": orders, $patch: delete}`), {
      [`app-${variable('ENV')}`]: '<a placeholder>',
      $patch: 'delete',
    });
  });
});

describe('kustomizations', () => {
  it('are known by the names of their files', () => {
    const text = 'resources: [../base]\nnamespace: shop\n';
    for (const path of ['kustomization.yaml', 'a/kustomization.yml', 'Kustomization']) {
      const facts = extract(text, path);
      assert.deepEqual(plain(facts.kustomization), { resources: ['../base'], namespace: 'shop' });
      assert.deepEqual(facts.resources, []);
    }
    assert.equal(extract(text, 'values.yaml').kustomization, undefined);
  });

  it('may be components', () => {
    const text = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: []\n';
    assert.equal(
      plain(fieldOf(extract(text, 'kustomization.yaml').kustomization, 'kind')),
      'Component',
    );
  });

  it('of Flux are objects', () => {
    const text =
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop}\n';
    for (const path of ['shop.yaml', 'kustomization.yaml']) {
      const facts = extract(text, path);
      assert.equal(facts.kustomization, undefined);
      assert.equal(only(facts.resources).name, 'shop');
    }
  });
});

describe('JSON patches', () => {
  const OPERATIONS = '# more pods\n- op: replace\n  path: /spec/replicas\n  value: 8\n';

  it('are kept with their places, in YAML and in JSON', () => {
    const { jsonPatch, resources } = extract(OPERATIONS);
    const operation = { op: 'replace', path: '/spec/replicas', value: 8 };
    assert.deepEqual(plain(jsonPatch), [operation]);
    assert.deepEqual(resources, []);
    assert.equal(OPERATIONS.slice(...(jsonPatch?.range ?? [0, 0])), OPERATIONS.slice(12, -1));
    assert.deepEqual(plain(extract(JSON.stringify([operation]), 'ops.json').jsonPatch), [
      operation,
    ]);
    const named = `${OPERATIONS}- op: add\n  path: /metadata/ownerReferences\n  value: [{apiVersion: v1, kind: Pod}]\n`;
    assert.equal((plain(extract(named).jsonPatch) as unknown[]).length, 2);
  });

  it('are no other lists, maps, half of a file or broken text, and nothing is said of these', () => {
    for (const text of [
      '- op: replace\n  value: 8\n',
      '- name: orders\n  path: /x\n- op: add\n  path: /y\n',
      '- op: 1\n  path: /x\n',
      'op: replace\npath: /spec/replicas\n',
      `${OPERATIONS}---\n${OPERATIONS}`,
      `${OPERATIONS}  value: [8\n`,
      `${OPERATIONS}- op: *none\n  path: /x\n`,
    ]) {
      const { jsonPatch, notifications } = extract(text);
      assert.equal(jsonPatch, undefined, text);
      assert.deepEqual(notifications, [], text);
    }
    assert.equal(extract(OPERATIONS, 'kustomization.yaml').jsonPatch, undefined);
  });

  it('cost no more than their length, however long the head of the file is', () => {
    const started = performance.now();
    extract(`${' \n#  #\n'.repeat(100_000)}x op: path: `);
    extract(`${' '.repeat(500_000)}op: path: `);
    assert.ok(performance.now() - started < 2000);
  });
});

describe('directives', () => {
  it('are comments, with rules, a reason and the line that follows', () => {
    const text = `# chaoslint-disable-next-line naked-pod, zero-grace-period -- a test pod -- for now

# more words
${HEAD}spec:
  a: 1 # chaoslint-disable-next-line slow-recovery
  b: 2
  #chaoslint-disable-next-line
  c: 3
`;
    const { directives } = extract(text);
    assert.deepEqual(
      directives.map(({ rules, reason, line, range, form }) => [
        form,
        rules,
        reason,
        line,
        text.slice(...range),
      ]),
      [
        [
          'next-line',
          ['naked-pod', 'zero-grace-period'],
          'a test pod -- for now',
          4,
          '# chaoslint-disable-next-line naked-pod, zero-grace-period -- a test pod -- for now',
        ],
        ['next-line', ['slow-recovery'], '', 10, '# chaoslint-disable-next-line slow-recovery'],
        ['next-line', [], '', 12, '#chaoslint-disable-next-line'],
      ],
    );
  });

  it('are nothing in texts, and nothing else', () => {
    const text = `${HEAD}spec:
  a: |
    # chaoslint-disable-next-line naked-pod
  b: "
    # chaoslint-disable-next-line naked-pod"
  # chaoslint-disable-next-lines naked-pod
  # see chaoslint-disable-next-line naked-pod
  c: 1
`;
    assert.deepEqual(extract(text).directives, []);
  });

  it('stand where they stand in files with CRLF', () => {
    const text = `${HEAD}# chaoslint-disable-next-line naked-pod\r\nspec: 1\r\n`;
    const { range, line } = only(extract(text).directives);
    assert.equal(text.slice(...range), '# chaoslint-disable-next-line naked-pod');
    assert.equal(line, 6);
  });
});

describe('automation', () => {
  const images = (path: string, text: string) =>
    (extract(text, path).automation?.imageReplacements ?? []).map(
      ({ image, by, range }) => [image, by, text.slice(...range)] as const,
    );

  it('builds images with skaffold and Tilt', () => {
    const skaffold = `apiVersion: skaffold/v4beta6
kind: Config
build:
  artifacts:
    - image: acme/orders
    - image: registry.acme.io:5000/payments
profiles:
  - build:
      artifacts: [{image: "acme/mailer"}]
`;
    assert.deepEqual(
      images('skaffold.yaml', skaffold).map(([image, by]) => [image, by]),
      [
        ['acme/orders', 'skaffold'],
        ['registry.acme.io:5000/payments', 'skaffold'],
        ['acme/mailer', 'skaffold'],
      ],
    );
    assert.deepEqual(extract(skaffold, 'skaffold.yaml').resources, []);
    assert.deepEqual(
      images(
        'Tiltfile',
        "# docker_build('acme/no', '.')\ndocker_build('acme/orders', './orders')\n",
      ),
      [['acme/orders', 'Tilt', 'acme/orders']],
    );
  });

  it('sets images with kubectl, kustomize, sed and yq', () => {
    const workflow = `on: push
jobs:
  deploy:
    steps:
      - run: |
          kubectl -n shop set image deployment/orders api=ghcr.io/acme/orders:$\{{ github.sha }} \\
            proxy=$PROXY
          # kubectl set image deployment/no api=acme/no:1
          kustomize edit set image acme/payments=acme/payments:$SHA acme/mailer:1.2
          sed -i "s|image: acme/catalog:.*|image: acme/catalog:$TAG|" k8s/catalog.yaml
          yq -i '.spec.image = "acme/ledger:1"' k8s/ledger.yaml
`;
    const by = (how: string) => `${how} in .github/workflows/deploy.yml`;
    assert.deepEqual(images('.github/workflows/deploy.yml', workflow), [
      [
        'ghcr.io/acme/orders',
        by('kubectl set image'),
        ['ghcr.io/acme/orders:$', '{{ github.sha }}'].join(''),
      ],
      ['*', by('kubectl set image'), '$PROXY'],
      ['acme/payments', by('kustomize edit set image'), 'acme/payments'],
      ['acme/mailer', by('kustomize edit set image'), 'acme/mailer:1.2'],
      ['acme/catalog', by('sed'), 'acme/catalog'],
      ['acme/catalog', by('sed'), 'acme/catalog'],
      ['acme/ledger', by('yq'), 'acme/ledger'],
    ]);
    for (const path of ['Makefile', 'Jenkinsfile', 'scripts/deploy.sh', '.gitlab-ci.yml'])
      assert.equal(
        images(path, 'kubectl set image deploy/orders api=acme/orders:$TAG\n')[0]?.[0],
        'acme/orders',
      );
    // The name of the container may be computed.
    for (const container of ['$SVC', '$' + '{SVC_NAME}', '$' + '{{ matrix.app }}', '$(name)'])
      assert.deepEqual(
        images('deploy.sh', `kubectl set image deploy/x ${container}=acme/orders:$TAG`).map(
          ([image]) => image,
        ),
        ['acme/orders'],
      );
    assert.deepEqual(
      images('deploy.sh', 'kubectl set env deploy/orders A=b\nkubectl get image x=y\n'),
      [],
    );
  });

  it('follows the markers of Flux', () => {
    const text = `${HEAD}spec:\n  image: ghcr.io/acme/orders:1.2.0 # {"$imagepolicy": "flux-system:orders"}\n`;
    assert.deepEqual(images('orders.yaml', text), [
      ['ghcr.io/acme/orders', 'Flux image automation', 'ghcr.io/acme/orders:1.2.0'],
    ]);
  });

  it('runs chaos experiments, and installing the tools is none', () => {
    const runs = (text: string, path = 'chaos.sh') =>
      (extract(text, path).automation?.experimentRuns ?? []).map((range) => text.slice(...range));
    assert.deepEqual(runs('kubectl apply -f chaos/pod-kill.yaml -n shop && sleep 1\n'), [
      'kubectl apply -f chaos/pod-kill.yaml -n shop',
    ]);
    assert.deepEqual(
      runs('  - run: litmusctl run chaos-experiment --id 1\n', '.github/workflows/chaos.yml'),
      ['litmusctl run chaos-experiment --id 1'],
    );
    assert.deepEqual(
      runs('  - uses: chaos-mesh/chaos-mesh-action@v1\n', '.github/workflows/chaos.yml').length,
      1,
    );
    for (const text of [
      'kubectl apply -f k8s/orders.yaml\n',
      'kubectl create namespace chaos-mesh\n',
      'kubectl create ns chaos-testing\n',
      'kubectl apply -f https://mirrors.chaos-mesh.org/v2.6.3/crd.yaml\n',
      'kubectl apply -f litmus-operator.yaml\n',
      '# kubectl apply -f chaos/pod-kill.yaml\n',
      'kubectl delete -f chaos/pod-kill.yaml\n',
    ])
      assert.deepEqual(runs(text), [], text);
  });

  it('is never the reason for a notification', () => {
    const broken = 'apiVersion: v1\nkind: Pod\nspec: [\n';
    for (const path of ['deploy.sh', 'Tiltfile', '.github/workflows/a.yml', '.gitlab-ci.yml']) {
      const { notifications, unread, resources } = extract(broken, path);
      assert.deepEqual([notifications, unread, resources], [[], [], []]);
    }
  });
});

describe('a single document of our own', () => {
  it('is read with its mistakes', () => {
    assert.deepEqual(plain(parseYaml('preset: strict\nrules: {a: off}\n').node), {
      preset: 'strict',
      rules: { a: false },
    });
    assert.deepEqual(parseYaml('# nothing\n'), { node: undefined, problems: [] });
    const messages = (text: string) => parseYaml(text).problems.map(({ message }) => message);
    assert.deepEqual(messages('a: 1\na: 2\n'), ['The key a stands twice']);
    assert.deepEqual(messages('a: *b\n'), ['The alias names an anchor that does not exist']);
    assert.deepEqual(messages('a: 1\n---\nb: 1\n'), [
      'A second document stands here: only one is read',
    ]);
    assert.match(only(messages('a: [\n')), /^The YAML cannot be read: /);
    assert.match(only(messages('['.repeat(500))), /100 levels/);
  });
});
