/** The service graph: who asks whom, by the addresses of code and environment. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { longestWait, mostTries } from '../src/model/derive/edges.ts';
import type { GraphEdge, ServiceGraph } from '../src/model/service-graph.ts';
import { type DrawnGraph, drawn } from '../src/report/graph.ts';
import { deployment, joinOf, service, type Texts } from './together-world.ts';

const kube = (kind: string, name: string, spec: string, apiVersion = 'v1', more = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop${more} }\nspec: ${spec}\n`;

const clusterIp = (name: string) =>
  kube('Service', name, `{ selector: { app: ${name} }, ports: [{ port: 8080 }] }`);

const env = (name: string, value: string) => `env: [{ name: ${name}, value: "${value}" }]`;

/** Deployment orders with a caller in its code, and Deployment payments behind a Service. */
function shop(code: string, more = '', others: Texts = {}): ServiceGraph {
  return joinOf({
    ...service('services/orders'),
    'services/orders/src/server.js': `const express = require('express');
const app = express();
app.get('/orders', async (request, response) => { ${code} });
app.listen(8080);
`,
    'k8s/orders.yaml': deployment('orders', 'acme/orders:1', more),
    'k8s/payments.yaml': `${deployment('payments', 'acme/payments:1')}---\n${clusterIp('payments')}`,
    'skaffold.yaml':
      'apiVersion: skaffold/v4beta6\nkind: Config\nbuild: { artifacts: [{ image: acme/orders, context: services/orders }] }\n',
    ...others,
  }).graph;
}

const told = ({ edges }: ServiceGraph) =>
  edges.map(({ from, to }) => `${from.label} -> ${to.label}`);
const ORDERS_TO_PAYMENTS = ['Deployment orders -> Deployment payments'];

function only({ edges }: ServiceGraph): GraphEdge {
  const [edge, ...others] = edges;
  assert.ok(edge !== undefined && others.length === 0, 'one edge');
  return edge;
}

describe('an edge comes from', () => {
  for (const [what, code, more] of [
    ['a URL', "await fetch('http://payments:8080/pay');", ''],
    ['a name with its namespace', "await fetch('http://payments.shop/pay');", ''],
    ['a full name', "await fetch('http://payments.shop.svc.cluster.local:8080/pay');", ''],
    ['a template', `await fetch(\`http://payments:8080/pay/\${request.query.id}\`);`, ''],
    [
      'a variable',
      `await fetch(\`\${process.env.PAY_URL}/pay\`);`,
      env('PAY_URL', 'http://payments:8080'),
    ],
    [
      'the default of a variable',
      `await fetch(\`\${process.env.PAY_URL ?? 'http://payments:8080'}/pay\`);`,
      '',
    ],
    [
      'what Kubernetes sets',
      `await fetch(\`http://\${process.env.PAYMENTS_SERVICE_HOST}/pay\`);`,
      '',
    ],
    ['an address that only the container has', '', env('PAY_ADDR', 'payments:8080')],
    ['a name in a variable for hosts', '', env('PAY_HOST', 'payments')],
  ] as const)
    test(what, () => assert.deepEqual(told(shop(code, more)), ORDERS_TO_PAYMENTS));
});

describe('no edge comes from', () => {
  for (const [what, code, more] of [
    ['a name of another namespace', "await fetch('http://payments.bank/pay');", ''],
    ['a host that nobody has', "await fetch('http://refunds:8080/');", ''],
    [
      'a default that the container replaces',
      "await fetch(process.env.PAY_URL ?? 'http://payments:8080');",
      env('PAY_URL', 'http://refunds:8080'),
    ],
    ['a word in another variable', '', env('QUEUE_NAME', 'payments')],
    ['a sentence', '', env('NOTE', 'ask payments')],
    ['the service itself', '', env('SELF', 'http://orders:8080')],
  ] as const)
    test(what, () => assert.deepEqual(told(shop(code, more)), []));
});

test('a host outside of the cluster is a node of its own', () => {
  const graph = shop("await fetch('https://api.stripe.com/v1/charges');");
  assert.deepEqual(told(graph), ['Deployment orders -> api.stripe.com']);
});

test('an edge has the timeout with the value of the container', () => {
  const code =
    "await fetch('http://payments:8080/pay', { signal: AbortSignal.timeout(Number(process.env.PAY_MS ?? 3000)) });";
  assert.equal(longestWait(only(shop(code))), 3000);
  assert.equal(longestWait(only(shop(code, env('PAY_MS', '900')))), 900);
  const secret = 'env: [{ name: PAY_MS, valueFrom: { secretKeyRef: { name: x, key: y } } }]';
  assert.equal(longestWait(only(shop(code, secret))), 3000, 'the default of the code');
});

describe('the mesh', () => {
  const virtualService = (http: string, more = '') => ({
    'k8s/mesh.yaml': kube(
      'VirtualService',
      'payments',
      `{ hosts: [payments]${more}, http: [{ route: [{ destination: { host: payments } }]${http} }] }`,
      'networking.istio.io/v1',
    ),
  });
  const code = "await fetch('http://payments:8080/pay');";

  test('ends a call, and repeats it', () => {
    const graph = shop(code, '', virtualService(', timeout: 2s, retries: { attempts: 4 }'));
    const edge = only(graph);
    assert.equal(longestWait(edge), 2000);
    assert.equal(mostTries(edge), 5);
    assert.equal(edge.policy?.by, 'VirtualService payments');
  });

  test('of a gateway only says nothing of calls in the cluster', () => {
    const graph = shop(code, '', virtualService(', timeout: 2s', ', gateways: [front]'));
    const [own] = graph.edges.filter(({ from }) => from.label === 'Deployment orders');
    assert.equal(own?.policy, undefined);
    assert.ok(told(graph).includes('VirtualService payments -> Deployment payments'));
  });

  test('is silent without a sidecar', () => assert.equal(only(shop(code)).policy, undefined));
});

test('an Ingress is an entrance, with the time that nginx waits', () => {
  const ingress = kube(
    'Ingress',
    'shop',
    '{ rules: [{ http: { paths: [{ path: /, backend: { service: { name: payments, port: { number: 8080 } } } }] } }] }',
    'networking.k8s.io/v1',
    ', annotations: { nginx.ingress.kubernetes.io/proxy-read-timeout: "5" }',
  );
  const graph = shop('', '', { 'k8s/ingress.yaml': ingress });
  assert.deepEqual(told(graph), ['Ingress shop -> Deployment payments']);
  assert.equal(longestWait(only(graph)), 5000);
  const [payments] = graph.nodes.filter(({ label }) => label === 'Deployment payments');
  assert.ok(payments?.is === 'workload' && payments.exposed);
});

test('a graph is drawn without letting names out of their quotes', () => {
  const at = { path: 'a.yaml', start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2 };
  const graph: DrawnGraph = {
    nodes: [
      { id: 'a', label: 'Deployment "x"]; end\n', kind: 'workload', context: '' },
      { id: 'b', label: 'db (PostgreSQL)', kind: 'store', context: '' },
    ],
    edges: [
      {
        from: 'a',
        to: 'b',
        port: 5432,
        timeout: null,
        tries: 3,
        evidence: [{ says: 'DB is db:5432', at }],
        findings: [{ rule: 'query-without-timeout', level: 'error', at }],
      },
    ],
  };
  assert.equal(
    drawn(graph, 'mermaid'),
    'flowchart LR\n  n1["Deployment #34;x#34;#93;; end#10;"]\n  n2[("db (PostgreSQL)")]\n  n1 ==>|":5432, no timeout, 3 tries, query-without-timeout"| n2\n',
  );
  assert.match(drawn(graph, 'dot'), /n1 \[label="Deployment \\"x\\"\]; end ", shape=box\];/);
  assert.deepEqual(JSON.parse(drawn(graph, 'json')).edges[0].evidence, [
    { says: 'DB is db:5432', at: { path: 'a.yaml', line: 1, column: 1 } },
  ]);
});
