/** The linker of code: servers, their routes, what SIGTERM does to them, and the ways from an entry to a call. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignalHandler } from '../src/model/code.ts';
import { world } from './code-world.ts';

/** The one handler of a server with this code. */
function handler(code: string): SignalHandler {
  const { server } = world({
    'src/main.ts': `import express from 'express';\nimport { Pool } from 'pg';\nconst app = express(), pool = new Pool();\nconst server = app.listen(3000);\n${code}`,
  });
  const [only] = server().shutdown.handlers;
  return only ?? assert.fail('no handler');
}

const exitsOf = (code: string) => handler(code).exits;

test('a handler that exits before the close has finished is told from one that waits', () => {
  assert.equal(
    exitsOf(`process.on('SIGTERM', () => { server.close(() => process.exit(0)); });`),
    'after-close',
  );
  assert.equal(
    exitsOf(`process.on('SIGTERM', () => { server.close(); process.exit(0); });`),
    'before-close',
  );
  assert.equal(exitsOf(`process.on('SIGTERM', () => process.exit(0));`), 'without-close');
  assert.equal(exitsOf(`process.on('SIGTERM', () => { server.close(); });`), 'no');
  assert.equal(
    exitsOf(
      `process.once('SIGTERM', async () => { await new Promise((done) => server.close(done)); await pool.end(); process.exit(0); });`,
    ),
    'after-close',
  );
  assert.equal(
    exitsOf(
      `async function stop() { await pool.end(); process.exit(0); }\nprocess.on('SIGTERM', stop);`,
    ),
    'without-close',
  );
});

test('the close is followed through functions of other files, and signals through loops', () => {
  const { server } = world({
    'src/stop.ts': `import type { Server } from 'node:http';\nexport function stop(server: Server) { server.close(() => process.exit(0)); setTimeout(() => process.exit(1), 10_000).unref(); }`,
    'src/main.ts': `import express from 'express';\nimport { stop } from './stop';\nconst server = express().listen(3000);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(server));`,
  });
  const [found] = server().shutdown.handlers;
  assert.deepEqual(found?.signals, ['SIGINT', 'SIGTERM']);
  assert.deepEqual(
    found?.closes.map(({ what, awaited }) => [what, awaited]),
    [['server', true]],
  );
  assert.equal(found?.exits, 'after-close');
  assert.equal(found?.deadline?.state === 'known' && found.deadline.value, 10_000);
  assert.equal(found?.complete, true);
});

test('without a handler the framework decides; hooks of NestJS and helpers count as handlers', () => {
  const plain = world({
    'src/main.ts': `import express from 'express';\nexpress().listen(3000);`,
  }).server();
  assert.deepEqual(plain.shutdown.handlers, []);
  assert.equal(plain.shutdown.complete, true);
  assert.equal(
    plain.shutdown.byDefault.state === 'known' && plain.shutdown.byDefault.value,
    'killed',
  );
  const nest = world({
    'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';
      async function bootstrap() { const app = await NestFactory.create(AppModule); app.enableShutdownHooks(); await app.listen(process.env.PORT ?? 3000); }\nbootstrap();`,
    'src/app.module.ts': `import { Module } from '@nestjs/common';\n@Module({}) export class AppModule {}`,
  }).server();
  assert.equal(nest.framework, 'nest');
  assert.deepEqual(
    nest.shutdown.handlers.map(({ signals, exits }) => [signals, exits]),
    [[['SIGTERM', 'SIGINT'], 'after-close']],
  );
  const helper = world({
    'src/main.ts': `import http from 'node:http';\nimport { createTerminus } from '@godaddy/terminus';\nconst server = http.createServer(() => {});\ncreateTerminus(server, { healthChecks: { '/health': async () => {} } });\nserver.listen(3000);`,
  }).server();
  assert.equal(helper.shutdown.handlers.length, 1);
});

test('a server that is given to an unknown package may be closed by it', () => {
  const { server } = world({
    'src/main.ts': `import express from 'express';\nimport { graceful } from 'shop-graceful';\nconst server = express().listen(3000);\ngraceful(server);`,
  });
  assert.equal(server().shutdown.complete, false);
});

test('routes have the prefixes of the routers around them, across files', () => {
  const paths = (files: Record<string, string>) =>
    world(files)
      .server()
      .routes.items.map(({ verb, path }) => `${verb} ${path.state === 'known' ? path.value : '?'}`);
  assert.deepEqual(
    paths({
      'src/orders.ts': `import { Router } from 'express';\nexport const orders = Router();\norders.get('/:id', (_, res) => res.json({}));`,
      'src/api.ts': `import { Router } from 'express';\nimport { orders } from './orders';\nconst api = Router();\napi.use('/orders', orders);\nexport default api;`,
      'src/main.ts': `import express from 'express';\nimport helmet from 'helmet';\nimport api from './api';\nconst app = express();\napp.use(helmet(), express.json());\napp.use('/api', api);\napp.get('/health', (_, res) => res.send('ok'));\napp.listen(3000);`,
    }).sort(),
    ['GET /api/orders/:id', 'GET /health'],
  );
  assert.deepEqual(
    paths({
      'src/orders.ts': `import type { FastifyInstance } from 'fastify';\nexport async function orders(app: FastifyInstance) { app.get('/:id', async () => ({})); }`,
      'src/main.ts': `import Fastify from 'fastify';\nimport { orders } from './orders';\nconst app = Fastify();\napp.register(orders, { prefix: '/orders' });\napp.listen({ port: 3000 });`,
    }),
    ['GET /orders/:id'],
  );
});

test('middleware of packages hides no routes; a router that cannot be followed may have some', () => {
  const complete = (mount: string) =>
    world({
      'src/main.ts': `import express from 'express';\nimport helmet from 'helmet';\nimport { lost } from './lost';\nconst app = express();\n${mount}\napp.listen(3000);`,
    }).server().routes.complete;
  assert.equal(complete('app.use(helmet());'), true);
  assert.equal(complete('app.use((_req, _res, next) => next());'), true);
  assert.equal(complete('app.use(lost);'), false);
});

test('a way is complete when all of it is known, and says what guards the call', () => {
  const { call } = world({
    'src/ledger.ts': `export async function load() { const response = await fetch('https://ledger'); return response.json(); }
      export const all = (ids: string[]) => Promise.all(ids.map(() => load()));`,
    'src/main.ts': `import express from 'express';\nimport { all, load } from './ledger';\nimport { wrapped } from 'shop-wrapper';
      const app = express();\napp.get('/one', async (_, res) => res.json(await load()));\napp.get('/all', async (req, res) => res.json(await all([])));
      app.get('/wrapped', async (_, res) => res.json(await wrapped(() => load())));\napp.listen(3000);`,
  });
  assert.deepEqual(
    call('fetch')
      .paths.map(({ from, complete }) => [from.label, complete])
      .sort(),
    [
      ['GET /all', true],
      ['GET /one', true],
      ['GET /wrapped', false],
    ],
  );
});

test('rxjs guards the observable that it is piped to', () => {
  const { call } = world({
    'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nNestFactory.create(AppModule).then((app) => app.listen(3000));`,
    'src/app.module.ts': `import { Controller, Get, Module } from '@nestjs/common';\nimport { HttpModule, HttpService } from '@nestjs/axios';\nimport { firstValueFrom, timeout } from 'rxjs';
      @Controller('orders') class Orders { constructor(private readonly http: HttpService) {} @Get() list() { return firstValueFrom(this.http.get('https://ledger').pipe(timeout(4000))); } }
      @Module({ imports: [HttpModule], controllers: [Orders] }) export class AppModule {}`,
  });
  const [path] = call('this.http.get').paths;
  assert.deepEqual(
    path?.guards.map(({ kind, ms }) => [kind, ms?.state === 'known' && ms.value]),
    [['timeout', 4000]],
  );
  const bound = path?.bounds.headers;
  assert.ok(
    bound !== undefined && 'ms' in bound && bound.ms.state === 'known' && bound.ms.value === 4000,
  );
});

test('a function that closes the server and is given to an unknown package may be called on a signal', () => {
  const complete = (more: string) =>
    world({
      'src/main.ts': `import express from 'express';\nimport { once } from 'node:events';\nimport { register } from 'shop-lifecycle';\nconst server = express().listen(3000);\n${more}`,
    }).server().shutdown.complete;
  assert.equal(
    complete(`register({ name: 'http', handler: async () => { server.close(); } });`),
    false,
  );
  assert.equal(
    complete(`const stop = () => new Promise((done) => server.close(done));\nregister(stop);`),
    false,
  );
  assert.equal(complete(`register({ name: 'http', handler: () => console.log('over') });`), true);
  assert.equal(complete(`setTimeout(() => server.close(), 1000);`), true);
});
