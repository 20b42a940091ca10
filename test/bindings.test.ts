/** Which folder an image is built from, and which file runs in its container. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { agreement, normalized } from '../src/model/link/together/names.ts';
import type { Binding } from '../src/model/together.ts';
import { deployment, joinOf, SERVER, service, type Texts } from './together-world.ts';

function bindingOf(texts: Texts, bindings: Readonly<Record<string, string>> = {}): Binding {
  const [binding, ...others] = joinOf(texts, bindings).bindings;
  assert.ok(binding !== undefined && others.length === 0, 'one container');
  return binding;
}

/** Folder, kinds of evidence, and whether it is certain. */
function told({ folder, confident, evidence }: Binding) {
  return { folder, confident, by: evidence.map(({ kind }) => kind) };
}

test('names agree with or without what says the kind of thing', () => {
  const of = (a: string, b: string) => agreement(normalized(a), normalized(b));
  assert.equal(of('orders', 'orders'), 'same');
  assert.equal(of('OrderService', 'order_service'), 'same');
  assert.equal(of('orders', 'orders-depl'), 'alike');
  assert.equal(of('orders-service', 'orders-api-deployment'), 'alike');
  assert.equal(of('auth-service', 'authservice'), undefined);
  assert.equal(of('authservice', 'auth-service-app'), undefined);
  assert.equal(of('order-history', 'orderhistory'), 'alike');
  assert.equal(of('q2q-ai', 'teei-q2q-ai'), 'part');
  assert.equal(of('refactor-agent', 'agent-service'), undefined, 'a longer folder is another one');
  assert.equal(of('ai', 'shop-ai'), undefined, 'too short to say anything');
  assert.equal(of('orders', 'payments'), undefined);
  assert.equal(of('', ''), undefined);
});

describe('a build that names the image suffices', () => {
  const base = { ...service('services/orders'), ...service('services/mailer') };
  const manifest = { 'k8s/x.yaml': deployment('front', 'ghcr.io/acme/x-orders:1') };

  test('of skaffold', () => {
    const skaffold = `apiVersion: skaffold/v4beta11
kind: Config
build:
  artifacts:
    - image: acme/x-orders
      context: services/mailer
`;
    const binding = bindingOf({ ...base, ...manifest, 'skaffold.yaml': skaffold });
    assert.deepEqual(told(binding), {
      folder: 'services/mailer',
      confident: true,
      by: ['skaffold'],
    });
    assert.equal(binding.dockerfile, 'services/mailer/Dockerfile');
  });

  test('of compose, whatever variables stand around the name', () => {
    const compose = `services:\n  a:\n    image: \${REGISTRY:-ghcr.io}/acme/x-orders:\${TAG:-latest}\n    build: ./services/orders\n`;
    assert.deepEqual(told(bindingOf({ ...base, ...manifest, 'docker-compose.yml': compose })), {
      folder: 'services/orders',
      confident: true,
      by: ['compose image', 'image name'],
    });
  });

  for (const [what, path, text] of [
    [
      'a script',
      'build.sh',
      'docker build -t "$REG/x-orders:$TAG" -f services/orders/Dockerfile .',
    ],
    ['a Makefile', 'Makefile', 'build:\n\tcd services/orders && docker build --tag x-orders:dev .'],
    [
      'a matrix',
      '.github/workflows/build.yml',
      `jobs:\n  build:\n    steps:\n      - uses: docker/build-push-action@v5\n        with:\n          context: services/\${{ matrix.app }}\n          tags: ghcr.io/acme/x-\${{ matrix.app }}:latest\n`,
    ],
    [
      'a variable of the file',
      '.github/workflows/build.yml',
      `env:\n  IMAGE: acme/x-orders\njobs:\n  b:\n    steps:\n      - run: docker build -t \${{ env.IMAGE }}:1 services/orders\n`,
    ],
    ['a Tiltfile', 'Tiltfile', "docker_build('acme/x-orders', 'services/orders')"],
  ] as const)
    test(`of ${what}`, () => {
      const { folder, confident, evidence } = bindingOf({ ...base, ...manifest, [path]: text });
      assert.equal(folder, 'services/orders');
      assert.ok(confident);
      assert.equal(evidence[0]?.kind, 'build command');
    });

  test('of another image of that name it says nothing', () => {
    const compose = 'services:\n  a:\n    image: other/x-orders\n    build: ./services/mailer\n';
    assert.deepEqual(told(bindingOf({ ...base, ...manifest, 'docker-compose.yml': compose })), {
      folder: 'services/orders',
      confident: false,
      by: ['image name'],
    });
  });

  test('the policy goes before everything', () => {
    const policy = { 'ghcr.io/acme/x-orders': './services/mailer/' };
    assert.deepEqual(told(bindingOf({ ...base, ...manifest }, policy)), {
      folder: 'services/mailer',
      confident: true,
      by: ['policy'],
    });
  });
});

describe('names', () => {
  const two = { ...service('services/orders'), ...service('services/mailer') };

  test('two that agree are enough', () => {
    const binding = bindingOf({
      ...two,
      'k8s/orders.yaml': deployment('orders-depl', 'acme/orders:2'),
    });
    assert.deepEqual(told(binding), {
      folder: 'services/orders',
      confident: true,
      by: ['image name', 'workload name'],
    });
    assert.equal(binding.program?.entry, 'services/orders/src/server.js');
  });

  test('one is not', () => {
    const { confident, why } = bindingOf({
      ...two,
      'k8s/a.yaml': deployment('front', 'acme/orders:2'),
    });
    assert.equal(confident, false);
    assert.match(why ?? '', /only one thing says so/);
  });

  test('that contradict each other bind nothing', () => {
    const { folder, why, program } = bindingOf({
      ...two,
      'k8s/orders.yaml': deployment('orders', 'acme/mailer:2'),
    });
    assert.equal(folder, undefined);
    assert.equal(program, undefined);
    assert.match(why ?? '', /image acme\/mailer .*services\/mailer, but .*services\/orders/);
  });

  test('that two folders have bind nothing', () => {
    const { folder, why } = bindingOf({
      ...service('apps/gateway'),
      ...service('deploy/gateway'),
      'k8s/gateway.yaml': deployment('gateway', 'acme/gateway:2'),
    });
    assert.equal(folder, undefined);
    assert.match(why ?? '', /apps\/gateway, deploy\/gateway/);
  });

  test('with the port of another folder bind nothing', () => {
    const gateway = service('gateway');
    const texts = {
      ...service('api-gateway'),
      ...gateway,
      'api-gateway/Dockerfile':
        'FROM node:20-slim\nEXPOSE 4000\nCOPY . .\nCMD ["node", "src/server.js"]\n',
      'gateway/Dockerfile':
        'FROM node:20-slim\nENV PORT=4080\nCOPY . .\nCMD ["node", "src/server.js"]\n',
      'k8s/a.yaml': deployment(
        'api-gateway',
        'acme/api-gateway:1',
        'ports: [{ containerPort: 4080 }]',
      ),
    };
    assert.match(bindingOf(texts).why ?? '', /name of api-gateway, but the port 4080 of gateway/);
  });

  test('of known third-party images bind nothing', () => {
    const { bindings } = joinOf({
      ...service('redis'),
      ...service('nginx'),
      'k8s/a.yaml': `${deployment('redis', 'redis:7')}---\n${deployment('nginx', 'nginx:1.27')}`,
    });
    assert.deepEqual(bindings, []);
  });
});

describe('the file that runs', () => {
  const worker = SERVER.replace('/healthz', '/livez');
  const shop: Texts = {
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: {
        start: 'NODE_ENV=production node dist/main.js',
        worker: 'npm run -s run:worker --',
        'run:worker': 'node --require ./tracing.js --max-old-space-size=256 dist/worker',
        loop: 'npm run loop',
      },
      dependencies: { express: '4.19.2' },
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { outDir: './dist', rootDir: './src' } }),
    Dockerfile:
      'FROM node:20 AS build\nWORKDIR /src\nCOPY . .\nRUN npm run build\n\nFROM node:20-slim\nWORKDIR /srv/shop\nCOPY package*.json ./\nCOPY --from=build /src/dist ./dist\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["npm", "start"]\n',
    'src/main.ts': SERVER,
    'src/worker.ts': worker,
  };
  for (const [what, lines, entry] of [
    ['the image', '', 'src/main.ts'],
    ['args over CMD', 'args: [node, dist/worker.js]', 'src/worker.ts'],
    ['command over ENTRYPOINT', 'command: [node, ./dist/worker]', 'src/worker.ts'],
    ['a script that calls another', 'command: [npm, run, worker]', 'src/worker.ts'],
    ['a shell', 'command: [sh, -c, "cd /srv/shop && exec node dist/worker.js"]', 'src/worker.ts'],
    ['bash with a login', 'command: [/bin/bash, -lc, node dist/worker.js]', 'src/worker.ts'],
    ['an init', 'command: [/sbin/tini, -g, --, node, dist/worker.js]', 'src/worker.ts'],
    ['an absolute path', 'command: [node, /srv/shop/dist/worker.js]', 'src/worker.ts'],
    ['another user', 'command: [su-exec, node, node, dist/worker.js]', 'src/worker.ts'],
    ['a file that is not here', 'command: [node, dist/other.js]', undefined],
    ['a script without end', 'command: [npm, run, loop]', undefined],
  ] as const)
    test(`by ${what}`, () => {
      const { program } = bindingOf({
        ...shop,
        'k8s/shop.yaml': deployment('shop', 'acme/shop:1', lines),
      });
      assert.equal(program?.entry, entry);
      assert.equal(program?.servers.complete ?? false, entry !== undefined);
    });

  test('its servers are those of the file, not of the package', () => {
    const { program } = bindingOf({
      ...shop,
      'k8s/shop.yaml': deployment('shop', 'acme/shop:1', 'args: [node, dist/worker.js]'),
    });
    assert.deepEqual(
      program?.servers.items.map(({ at }) => at.path),
      ['src/worker.ts'],
    );
  });

  test('in a monorepo it is the one that the Dockerfile copies', () => {
    const { folder, program } = bindingOf({
      'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['apps/*'] }),
      ...service('apps/orders', '@acme/orders'),
      ...service('apps/mailer', '@acme/mailer'),
      'apps/orders/Dockerfile':
        'FROM node:20-alpine AS build\nWORKDIR /repo\nCOPY . .\nRUN npm run build -w @acme/orders\nFROM node:20-alpine\nWORKDIR /app\nCOPY --from=build /repo/apps/orders ./\nCMD ["node", "."]\n',
      'apps/orders/package.json': JSON.stringify({
        name: '@acme/orders',
        main: 'dist/server.js',
        dependencies: { express: '4.19.2' },
      }),
      'k8s/orders.yaml': deployment('orders', 'acme/orders:1'),
    });
    assert.equal(folder, 'apps/orders');
    assert.equal(program?.entry, 'apps/orders/src/server.js');
  });
});

test('hostile files bind nothing and throw nothing', () => {
  for (const dockerfile of [
    'FROM node AS a\nFROM a AS a\nFROM A\nCMD ["node"]',
    'FROM 0\nCOPY --from=9 / /\nCMD',
    `FROM node\n${'COPY --from=0 /a /a\n'.repeat(200)}CMD ["node", "/a/a"]`,
    `FROM node\nCMD ${'sh -c '.repeat(500)}node x`,
    'FROM node\nENTRYPOINT ["__proto__"]\nCMD ["constructor", "$(rm -rf /)"]',
  ])
    assert.doesNotThrow(() =>
      joinOf({
        ...service('orders'),
        'orders/Dockerfile': dockerfile,
        'k8s/orders.yaml': deployment('orders', 'acme/orders:1'),
      }),
    );
  const names = ['__proto__', '-', '--', '*', '(', '$&', 'a'.repeat(300)];
  for (const name of names)
    assert.doesNotThrow(() =>
      joinOf({
        'p/package.json': JSON.stringify({ name, scripts: { start: `node ${name}` } }),
        'docker-compose.yml': `services:\n  "${name}":\n    image: "${name}"\n    build: .\n`,
        'k8s/orders.yaml': deployment('orders', JSON.stringify(`acme/${name}`)),
      }),
    );
});

test('the order of the files does not matter', () => {
  const texts: Texts = {
    ...service('services/orders'),
    ...service('services/mailer'),
    ...service('apps/orders'),
    'docker-compose.yml':
      'services:\n  mailer:\n    build: services/mailer\n    image: acme/mail\n',
    'build.sh':
      'docker build -t acme/orders services/orders\ndocker build -t acme/mail apps/orders\n',
    'k8s/a.yaml': `${deployment('orders', 'acme/orders:1')}---\n${deployment('mailer', 'acme/mail:1')}`,
  };
  const expected = joinOf(texts);
  assert.equal(expected.bindings.length, 2);
  const entries = Object.entries(texts);
  fc.assert(
    fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
      assert.deepEqual(joinOf(Object.fromEntries(shuffled)), expected);
    }),
    { numRuns: 8 },
  );
});
