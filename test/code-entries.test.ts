/** What starts code from outside: commands, images, routes with all prefixes, hooks of containers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { world } from './code-world.ts';

type Files = Readonly<Record<string, string>>;

const routesOf = (files: Files) =>
  world(files)
    .server()
    .routes.items.map(({ verb, path }) => `${verb} ${path.state === 'known' ? path.value : '?'}`);

/** The labels of the entries that lead to the only call of axios. */
const entriesOf = (files: Files) =>
  world(files)
    .model.calls.filter(({ label }) => label.startsWith('axios'))
    .flatMap(({ paths }) => paths.map(({ from }) => from.label))
    .sort();

const entryPoints = (files: Files) =>
  world(files).model.entryPoints.map(({ path, runtime }) => `${runtime} ${path}`);

describe('routes have all prefixes around them', () => {
  const handler = `import axios from 'axios';\nexport const ship = async () => { await axios.get('https://mailer'); };`;

  test('plugins of fastify in plugins, however deep, and in functions that get the application', () => {
    const files = {
      'src/ship.ts': handler,
      'src/main.ts': `import Fastify from 'fastify';\nimport { setUp } from './set-up';\nconst app = Fastify();\nsetUp(app);\napp.listen({ port: 80 });`,
      'src/set-up.ts': `import { api } from './api';\nexport function setUp(app) { app.register(api, { prefix: '/api' }); }`,
      'src/api.ts': `import { orders } from './orders';\nexport async function api(app) { app.get('/health', async () => 'ok'); await app.register(orders, { prefix: '/orders' }); }`,
      'src/orders.ts': `import { parcels } from './parcels';\nexport async function orders(app) { await app.register(parcels, { prefix: '/:id/parcels' }); }`,
      'src/parcels.ts': `import { ship } from './ship';\nexport async function parcels(app) { app.route({ method: 'POST', url: '/', handler: ship }); }`,
    };
    assert.deepEqual(routesOf(files).sort(), ['GET /api/health', 'POST /api/orders/:id/parcels']);
    assert.deepEqual(entriesOf(files), ['POST /api/orders/:id/parcels']);
  });

  test('a plugin that registers itself ends', () => {
    const files = {
      'src/main.ts': `import Fastify from 'fastify';\nconst app = Fastify();\nasync function tree(app) { app.get('/leaf', async () => 'ok'); app.register(tree, { prefix: '/branch' }); }\napp.register(tree);\napp.listen({ port: 80 });`,
    };
    assert.ok(routesOf(files).includes('GET /leaf'));
  });

  test('routers of express, and paths that are given before', () => {
    const files = {
      'src/ship.ts': handler,
      'src/main.ts': `import express from 'express';\nimport { api } from './api';\nconst app = express();\napp.use('/api', api);\napp.listen(80);`,
      'src/api.ts': `import { Router } from 'express';\nimport orders from './orders';\nexport const api = Router();\napi.use('/v1', orders);`,
      'src/orders.ts': `import { Router } from 'express';\nimport { ship } from './ship';\nconst router = Router();\nrouter.route('/orders/:id').post(ship);\nexport default router;`,
    };
    assert.deepEqual(routesOf(files), ['POST /api/v1/orders/:id']);
    assert.deepEqual(entriesOf(files), ['POST /api/v1/orders/:id']);
  });

  test('a router that is mounted twice has both paths', () => {
    const files = {
      'src/main.ts': `import express, { Router } from 'express';\nconst app = express();\nconst orders = Router();\norders.get('/', (_, res) => res.end());\napp.use('/v1/orders', orders);\napp.use('/v2/orders', orders);\napp.listen(80);`,
    };
    assert.deepEqual(routesOf(files).sort(), ['GET /v1/orders', 'GET /v2/orders']);
  });

  test('Nest: global prefix, what it leaves out, versions, and methods of a base class', () => {
    const base = `import axios from 'axios';\nimport { Get } from '@nestjs/common';\nexport class Listing { @Get('all') async all() { return axios.get('https://catalog'); } @Get('one') one() { return 1; } }`;
    const files = (more: string) => ({
      'src/base.ts': base,
      'src/orders.ts': `import { Controller, Get } from '@nestjs/common';\nimport { Listing } from './base';\n@Controller({ path: 'orders', version: '2' })\nexport class Orders extends Listing { @Get('one') override one() { return 2; } }\n@Controller('health')\nexport class Health { @Get() check() { return 'ok'; } }`,
      'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { VersioningType } from '@nestjs/common';\nimport { Orders, Health } from './orders';\nasync function main() { const app = await NestFactory.create([Orders, Health]);\n${more}\nawait app.listen(80); }\nmain();`,
    });
    const plain = files(`app.setGlobalPrefix('api', { exclude: ['health'] });`);
    assert.deepEqual(routesOf(plain).sort(), [
      'GET /api/orders/all',
      'GET /api/orders/one',
      'GET /health',
    ]);
    assert.deepEqual(entriesOf(plain), ['GET /api/orders/all']);
    assert.deepEqual(
      routesOf(files(`app.setGlobalPrefix('api'); app.enableVersioning();`)).sort(),
      ['GET /api/health', 'GET /api/v2/orders/all', 'GET /api/v2/orders/one'],
    );
    // Versions in headers leave paths alone.
    assert.deepEqual(
      routesOf(files(`app.enableVersioning({ type: VersioningType.HEADER, header: 'v' });`)).sort(),
      ['GET /health', 'GET /orders/all', 'GET /orders/one'],
    );
  });

  test('Nest does not put its prefix before what is mounted by hand', () => {
    assert.deepEqual(
      routesOf({
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nasync function main() { const app = await NestFactory.create({});\napp.setGlobalPrefix('api');\napp.use('/metrics', (_, res) => res.end());\nawait app.listen(80); }\nmain();`,
      }),
      ['* /metrics'],
    );
  });

  test('a prefix that nobody can tell is a star', () => {
    assert.deepEqual(
      entriesOf({
        'src/ship.ts': handler,
        'src/main.ts': `import express, { Router } from 'express';\nimport { ship } from './ship';\nimport { base } from 'elsewhere';\nconst app = express();\nconst orders = Router();\norders.post('/orders', ship);\napp.use(base(), orders);\napp.listen(80);`,
      }),
      ['POST */orders'],
    );
  });
});

describe('hooks', () => {
  const useCase = (
    called: boolean,
    decorator = `import { Injectable } from '@nestjs/common';`,
  ) => ({
    'src/use-case.ts': `import axios from 'axios';\n${decorator}\n@Injectable()\nexport class Ship { async execute() { await axios.get('https://mailer'); } }`,
    'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { Controller, Post } from '@nestjs/common';\nimport { Ship } from './use-case';\n@Controller('parcels')\nclass Parcels { constructor(private readonly ship: Ship) {} @Post() send() { ${called ? 'return this.ship.execute();' : ''} } }\nasync function main() { const app = await NestFactory.create(Parcels); await app.listen(80); }\nmain();`,
  });

  test('a method that the program calls by itself is none', () => {
    assert.deepEqual(entriesOf(useCase(true)), ['POST /parcels']);
  });

  test('a method that nobody calls is none, unless a package says what it is for', () => {
    assert.deepEqual(entriesOf(useCase(false)), []);
    assert.deepEqual(
      entriesOf(useCase(false, `import { CommandHandler as Injectable } from '@nestjs/cqrs';`)),
      ['Ship.execute'],
    );
  });
});

describe('entry points', () => {
  const server = (name: string) =>
    `import express from 'express';\nexport const ${name} = express();\n${name}.listen(80);`;
  const shop = (scripts: Readonly<Record<string, string>>, more: object = {}) =>
    JSON.stringify({
      name: 'shop',
      scripts,
      dependencies: { express: '*', axios: '*' },
      ...more,
    });

  test('commands by files (oclif): the one that a script or an image starts', () => {
    const files = {
      'package.json': shop(
        { 'start:default': 'cd bin && ./run start' },
        { bin: { shop: './bin/run' }, oclif: { commands: './dist/commands' } },
      ),
      Dockerfile: 'FROM node:22\nENTRYPOINT ["shop", "work:mail"]',
      'src/commands/start.ts': `import axios from 'axios';\nimport { Base } from '../base';\nexport default class Start extends Base { async run() { await axios.get('https://orders'); } }`,
      'src/base.ts': `import { Command } from '@oclif/core';\nexport abstract class Base extends Command { async init() {} }`,
      'src/commands/work/mail.ts': `export default class Mail { async run() {} }`,
      'src/commands/user.ts': `export default class User { async run() {} }`,
    };
    assert.deepEqual(entryPoints(files), [
      'node src/commands/start.ts',
      'node src/commands/work/mail.ts',
    ]);
    assert.deepEqual(entriesOf(files), ['start-up of src/commands/start.ts']);
  });

  test('several programs of one line, scripts of other packages, folders that are changed', () => {
    const lines: Readonly<Record<string, readonly string[]>> = {
      'concurrently "node src/api.js" "npm:work"': ['node src/api.ts', 'node src/worker.ts'],
      'node src/api.js & node src/worker.js': ['node src/api.ts', 'node src/worker.ts'],
      'cd src && node api.js': ['node src/api.ts'],
      "sh -c 'exec node src/api.js'": ['node src/api.ts'],
      'npm --prefix apps/mail run serve': ['node apps/mail/src/main.ts'],
      'pnpm --filter mail serve': ['node apps/mail/src/main.ts'],
      'yarn workspace mail serve': ['node apps/mail/src/main.ts'],
    };
    for (const [start, expected] of Object.entries(lines)) {
      const found = entryPoints({
        'package.json': shop({ start, work: 'node src/worker.js' }, { workspaces: ['apps/*'] }),
        'src/api.ts': `export const api = 1;`,
        'src/worker.ts': `export const worker = 1;`,
        'apps/mail/package.json': JSON.stringify({
          name: 'mail',
          private: true,
          scripts: { serve: 'node dist/main.js' },
        }),
        'apps/mail/src/main.ts': `export const mail = 1;`,
      }).filter((one) => !one.startsWith('tool') && (expected.includes(one) || !/mail/.test(one)));
      assert.deepEqual(found, expected, start);
    }
  });

  test('a package without an image, beside packages that have one, is no part of the cluster', () => {
    const files = (more: Files) => ({
      'package.json': JSON.stringify({ name: 'shop', private: true }),
      ...Object.fromEntries(
        ['orders', 'payments', 'gateway'].flatMap((name) => [
          [`services/${name}/package.json`, shop({ start: 'node src/main.js' })],
          [`services/${name}/src/main.js`, server(name)],
          ...(name === 'gateway'
            ? []
            : [[`services/${name}/Dockerfile`, 'FROM node:22\nCMD ["npm", "start"]']]),
        ]),
      ),
      ...more,
    });
    const gateway = (more: Files) =>
      entryPoints(files(more)).filter((one) => one.includes('gateway'));
    assert.deepEqual(gateway({}), ['tool services/gateway/src/main.js']);
    const images: Files[] = [
      { 'services/gateway/Dockerfile': 'FROM node:22\nCMD ["npm", "start"]' },
      { 'docker/edge/Dockerfile': 'FROM node:22\nCOPY services/gateway .\nCMD ["npm", "start"]' },
      { 'services/Dockerfile': 'FROM node:22\nARG SERVICE\nCOPY $SERVICE .' },
      { 'compose.yaml': 'services:\n  gateway:\n    build: services/gateway\n' },
    ];
    for (const more of images)
      assert.deepEqual(gateway(more), ['node services/gateway/src/main.js'], JSON.stringify(more));
  });

  test('a program that an image starts aside gets no signal and is not judged', () => {
    const files = {
      'package.json': shop({}),
      Dockerfile: 'FROM node:22\nCMD ["sh", "-c", "node src/health.js & node src/main.js"]',
      'src/health.ts': server('health'),
      'src/main.ts': server('orders'),
    };
    assert.deepEqual(entryPoints(files), ['tool src/health.ts', 'node src/main.ts']);
    assert.equal(world(files).model.servers.length, 1);
  });
});

describe('files that nothing imports', () => {
  const files = (main: string, path: string) => ({
    'src/main.ts': `import express from 'express';\nimport { join } from 'node:path';\nimport { readdirSync } from 'node:fs';\n${main}\nexpress().listen(80);`,
    [path]: `import axios from 'axios';\nexport default () => axios.get('https://ledger');`,
  });
  const isJudged = (main: string, path: string) =>
    world(files(main, path)).model.files.some((file) => file.path === path && file.judged);

  test('run nowhere', () => {
    assert.equal(isJudged('', 'src/once.ts'), false);
    assert.equal(isJudged(`console.log('connectors');`, 'src/connectors/mail.ts'), false);
  });

  test('run where the program loads a folder, a pattern, or a file by its name', () => {
    for (const main of [
      `for (const name of readdirSync(join(__dirname, 'connectors'))) require(join(__dirname, 'connectors', name));`,
      `export const load = (name) => import(\`./connectors/\${name}.js\`);`,
      `export const settings = { connectors: [__dirname + '/**/*.connector{.ts,.js}'] };`,
      `new Worker(new URL('./connectors/mail.connector.js', import.meta.url));`,
      `app.register(bootstrap, { directory: join(__dirname, 'connectors'), mask: /mail/ });`,
      `createServer({ controllers: [join(__dirname, 'connectors', '*.js')] });`,
    ])
      assert.equal(isJudged(main, 'src/connectors/mail.connector.ts'), true, main);
    // Classes are no folder, and a folder of static files is served, not loaded.
    assert.equal(
      isJudged(
        `@Module({ controllers: [Orders], imports: [ServeStaticModule.forRoot({ rootPath: join(__dirname, 'connectors') })] })\nclass AppModule {}`,
        'src/connectors/mail.connector.ts',
      ),
      false,
    );
    assert.equal(
      isJudged(
        `export const load = (name) => import(\`./connectors/\${name}.js\`);`,
        'src/tasks/mail.ts',
      ),
      false,
    );
  });

  test('run where the program lists its own folder', () => {
    const main = `for (const name of readdirSync(__dirname)) import(name);`;
    assert.equal(isJudged(main, 'src/orders/model.ts'), true);
    assert.equal(isJudged(main, 'tasks/model.ts'), false);
  });

  test('may run where a part of the program is not there', () => {
    assert.equal(
      isJudged(`import { start } from './generated/start.js';\nstart();`, 'src/once.ts'),
      true,
    );
  });
});
