/** Values across the border: what a container is given, and what becomes of the signal that ends it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { defaultPolicy } from '../src/config/policy.ts';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { link } from '../src/model/link/link.ts';
import { commandLineOf } from '../src/model/link/together/shell-words.ts';
import type { DeployedProgram } from '../src/model/together.ts';
import { deployment, joinOf, service, type Texts } from './together-world.ts';

function environmentOf(container: string, settings = '') {
  const text = `${deployment('orders', 'acme/orders:1', container)}---\n${settings}`;
  const model = link([extractManifest({ path: 'k8s/orders.yaml', text })], defaultPolicy);
  const environment = model.workloads[0]?.containers[0]?.environment;
  assert.ok(environment);
  const values = [...environment.variables].map(([name, { value }]) => [
    name,
    value.state === 'known' ? value.value : value.state,
  ]);
  return { ...Object.fromEntries(values), complete: environment.complete };
}

describe('the variables of a container', () => {
  const settings = `apiVersion: v1
kind: ConfigMap
metadata: { name: orders, namespace: shop }
data: { PORT: "8081", LEVEL: info }
`;

  test('come from env and from ConfigMaps, env first', () => {
    const container = `env:
  - { name: PORT, value: "8080" }
  - { name: NOTHING }
  - { name: LEVEL, valueFrom: { configMapKeyRef: { name: orders, key: LEVEL } } }
envFrom: [{ configMapRef: { name: orders } }, { prefix: SHOP_, configMapRef: { name: orders } }]`;
    assert.deepEqual(environmentOf(container, settings), {
      PORT: '8080',
      LEVEL: 'info',
      NOTHING: '',
      SHOP_PORT: '8081',
      SHOP_LEVEL: 'info',
      complete: true,
    });
  });

  test('are not known where a Secret, the cluster or another variable decides', () => {
    const container = `env:
  - { name: PASSWORD, valueFrom: { secretKeyRef: { name: orders, key: password } } }
  - { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
  - { name: URL, value: "http://$(NODE):80" }
  - { name: OTHER, valueFrom: { configMapKeyRef: { name: elsewhere, key: x } } }
  - { name: PLACEHOLDER, value: "\${TIMEOUT}" }`;
    assert.deepEqual(environmentOf(container, settings), {
      PASSWORD: 'unknown',
      NODE: 'unknown',
      URL: 'unknown',
      OTHER: 'unknown',
      PLACEHOLDER: 'unknown',
      complete: true,
    });
  });

  test('may be any when a source is not here', () => {
    for (const source of ['secretRef: { name: orders }', 'configMapRef: { name: elsewhere }'])
      assert.deepEqual(environmentOf(`envFrom: [{ ${source} }]`, settings), { complete: false });
    const twice = `${settings}---\n${settings.replace('8081', '9000')}`;
    const { complete } = environmentOf('envFrom: [{ configMapRef: { name: orders } }]', twice);
    assert.equal(complete, false, 'two of one name');
  });
});

function programOf(texts: Texts): DeployedProgram {
  const [program] = joinOf(texts).programs;
  assert.ok(program);
  return program;
}

describe('SIGTERM', () => {
  const start = (base: string, cmd: string, script = 'node src/server.js'): Texts => ({
    ...service('orders'),
    'orders/package.json': JSON.stringify({
      name: 'orders',
      scripts: { start: script },
      dependencies: { express: '4.19.2' },
    }),
    'orders/Dockerfile': `FROM ${base}\nWORKDIR /app\nCOPY . .\n${cmd}\n`,
    'k8s/orders.yaml': deployment('orders', 'acme/orders:1'),
  });
  const state = (base: string, cmd: string, script?: string) =>
    programOf(start(base, cmd, script)).sigterm.state;

  for (const [base, cmd, expected] of [
    ['node:20', 'CMD ["node", "src/server.js"]', 'delivered'],
    ['node:20', 'CMD exec node src/server.js', 'delivered'],
    ['node:20', 'CMD node src/server.js', 'not-delivered'],
    ['node:20-bookworm', 'CMD true && node src/server.js', 'not-delivered'],
    ['debian:12', 'CMD ["bash", "-c", "node src/server.js"]', 'delivered'],
    ['node:20-alpine', 'CMD node src/server.js', 'delivered'],
    ['node:20-alpine3.19', 'CMD true && node src/server.js', 'unknown'],
    ['acme/node:20', 'CMD node src/server.js', 'unknown'],
    ['node:20', 'CMD ["npm", "start"]', 'not-delivered'],
    ['node:20-alpine', 'CMD ["npm", "start"]', 'unknown'],
    ['node:20-alpine', 'CMD ["yarn", "start"]', 'not-delivered'],
    ['node:20', 'ENTRYPOINT ["tini", "--"]\nCMD ["node", "src/server.js"]', 'delivered'],
    ['node:20', 'ENTRYPOINT ["dumb-init", "--"]\nCMD ["npm", "start"]', 'unknown'],
    ['gcr.io/distroless/nodejs20-debian12', 'CMD ["src/server.js"]', 'delivered'],
    ['node:20', 'CMD ["pm2-runtime", "src/server.js"]', 'unknown'],
  ] as const)
    test(`${cmd.replace('\n', ' ')} on ${base}: ${expected}`, () => {
      assert.equal(state(base, cmd), expected);
    });

  test('a script that execs is not what keeps it on Debian', () => {
    assert.notEqual(
      state('node:20', 'CMD ["npm", "start"]', 'exec node src/server.js'),
      'not-delivered',
    );
  });
});

test('a command line of anything is read without an exception', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('a', ' ', '"', "'", '\\', '&&', '|', ';', '\n', '$(', ')', 'exec', '='),
      ),
      (parts) => {
        const { last, compound } = commandLineOf(parts.join(''));
        assert.ok(last === undefined || last.words.every((word) => typeof word === 'string'));
        assert.equal(typeof compound, 'boolean');
      },
    ),
  );
});
