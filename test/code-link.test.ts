/** The linker of code: what a call is, which options hold for it and which ways lead to it, across files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ms, world } from './code-world.ts';

const INFINITE = Number.POSITIVE_INFINITY;

test('an instance is followed through barrels, default exports and CommonJS', () => {
  const forms: Record<string, Record<string, string>> = {
    barrel: {
      'src/http/client.ts': `import axios from 'axios';\nexport const http = axios.create({ timeout: 3000 });`,
      'src/http/index.ts': `export * from './client.js';`,
      'src/index.ts': `export { http as api } from './http';`,
      'src/main.ts': `import { api } from './index';\nexport const load = () => api.get('/orders');`,
    },
    default: {
      'src/client.ts': `import axios from 'axios';\nexport default axios.create({ timeout: 3000 });`,
      'src/main.ts': `import api from './client';\napi.get('/orders');`,
    },
    commonjs: {
      'src/client.js': `const axios = require('axios');\nmodule.exports = { api: axios.create({ timeout: 3000 }) };`,
      'src/main.js': `const { api } = require('./client');\napi.get('/orders');`,
    },
    whole: {
      'src/client.js': `const axios = require('axios');\nmodule.exports = axios.create({ timeout: 3000 });`,
      'src/main.js': `const api = require('./client');\napi.get('/orders');`,
    },
  };
  for (const [name, files] of Object.entries(forms))
    assert.equal(ms(world(files).call('api.get')), 3000, name);
});

test('a circle of re-exports is no endless loop, and what is behind it is unknown', () => {
  const { model } = world({
    'src/a.ts': `export * from './b';`,
    'src/b.ts': `export * from './a';`,
    'src/main.ts': `import { http } from './a';\nhttp.get('/orders');`,
  });
  assert.deepEqual(model.calls, []);
  assert.ok(model.undecided.some(({ what }) => what === 'call'));
});

test('workspace packages, tsconfig paths and #imports lead to sources', () => {
  const { model } = world({
    'package.json': JSON.stringify({ name: 'shop', workspaces: ['apps/*', 'libs/*'] }),
    'apps/orders/package.json': JSON.stringify({
      name: 'orders',
      scripts: { start: 'node dist/main.js' },
      imports: { '#mail': './src/mail.ts' },
      dependencies: { '@shop/http': 'workspace:*', axios: '^1.0.0' },
    }),
    'apps/orders/tsconfig.json': JSON.stringify({
      compilerOptions: { outDir: 'dist', rootDir: 'src', paths: { '@/*': ['./src/*'] } },
    }),
    'apps/orders/src/main.ts': `import { http } from '@shop/http';\nimport { ledger } from '@/ledger';\nimport { mail } from '#mail';
      export const a = () => http.get('/a'), b = () => ledger.get('/b'), c = () => mail.get('/c');`,
    'apps/orders/src/ledger.ts': `import axios from 'axios';\nexport const ledger = axios.create({ timeout: 2 });`,
    'apps/orders/src/mail.ts': `import axios from 'axios';\nexport const mail = axios.create({ timeout: 3 });`,
    'libs/http/package.json': JSON.stringify({
      name: '@shop/http',
      main: 'dist/index.js',
      dependencies: { axios: '^1.0.0' },
    }),
    'libs/http/src/index.ts': `import axios from 'axios';\nexport const http = axios.create({ timeout: 1 });`,
  });
  assert.deepEqual(
    model.calls.map((call) => [call.label, ms(call)]),
    [
      ['http.get', 1],
      ['ledger.get', 2],
      ['mail.get', 3],
    ],
  );
  assert.deepEqual(model.quality.imports, { of: 3, resolved: 3 });
});

test('a name is the library by its import, not by its spelling', () => {
  const { model } = world({
    'src/fetch.ts': `export const fetch = (url: string) => url;`,
    'src/main.ts': `import { fetch } from './fetch';\nconst axios = { get: (url: string) => url };
      fetch('https://ledger'); axios.get('https://ledger');
      export function load(fetch: (url: string) => void) { fetch('https://ledger'); }`,
  });
  assert.deepEqual(model.calls, []);
});

test('defaults of the process hold for its own functions, and for instances that are made later in the same module', () => {
  const { call, model } = world({
    'src/early.ts': `import axios from 'axios';\nexport const early = axios.create();`,
    'src/main.ts': `import axios from 'axios';\nimport { early } from './early';\naxios.defaults.timeout = 4000;\nconst late = axios.create();
      axios.get('https://a'); early.get('/b'); late.get('/c');`,
  });
  assert.equal(ms(call('axios.get')), 4000);
  assert.equal(ms(call('late.get')), 4000);
  assert.equal(ms(call('early.get')), '?mutated');
  assert.equal(model.calls.length, 3);
});

test('interceptors set options of each call; ??= finds the default there already', () => {
  const { call } = world({
    'src/main.ts': `import axios from 'axios';\nconst a = axios.create(), b = axios.create();
      a.interceptors.request.use((config) => { config.timeout = 7000; return config; });
      b.interceptors.request.use((config) => { config.timeout ??= 7000; return config; });
      a.get('/a'); b.get('/b');`,
  });
  assert.equal(ms(call('a.get')), 7000);
  assert.equal(ms(call('b.get')), INFINITE);
});

test('options: later keys win, constants and environment with a default are values, undefined inherits', () => {
  const { call } = world({
    'src/config.ts': `export const TIMEOUT = 5 * 1000;\nexport const base = { timeout: 1000, headers: {} } as const;`,
    'src/main.ts': `import axios from 'axios';\nimport { base, TIMEOUT } from './config';
      const a = axios.create({ ...base, timeout: TIMEOUT }), b = axios.create({ timeout: TIMEOUT, ...base });
      const c = axios.create({ timeout: Number(process.env.TIMEOUT ?? 8000) }), d = axios.create({ timeout: Number(process.env.TIMEOUT) });
      const e = axios.create({ timeout: 0 }), f = axios.create(Object.assign({}, base, { timeout: 9 }));
      a.get('/'); b.get('/'); c.get('/'); d.get('/'); e.get('/'); f.get('/', { timeout: undefined });`,
  });
  assert.equal(ms(call('a.get')), 5000);
  assert.equal(ms(call('b.get')), 1000);
  assert.equal(ms(call('c.get')), 8000);
  assert.equal(ms(call('d.get')), '?environment');
  assert.equal(ms(call('e.get')), INFINITE);
  assert.equal(ms(call('f.get')), 9);
  const bound = call('c.get').bounds.headers;
  assert.ok(
    'environment' in bound &&
      bound.environment?.name === 'TIMEOUT' &&
      bound.environment.default === 8000,
  );
  const off = call('e.get').bounds.headers;
  assert.ok('ms' in off && off.disabled === true && off.by === 'client');
});

test('an open option bag is unknown, and absent when the words occur nowhere', () => {
  const files = {
    'src/main.ts': `import axios from 'axios';\nimport settings from 'shop-settings';
      export const handle = (options: object) => axios.get('https://ledger', options);
      axios.post('https://ledger', {}, settings);`,
  };
  const open = world(files);
  assert.equal(ms(open.call('axios.get')), '?parameter');
  assert.equal(ms(open.call('axios.post')), '?package-unknown');
  const counted = world(files, () => false);
  assert.equal(ms(counted.call('axios.get')), INFINITE);
  // What a package gives may hold words that stand in no text of the application.
  assert.equal(ms(counted.call('axios.post')), '?package-unknown');
});

test('an object that something changes after it was made may have further options', () => {
  const inHandler = (text: string, before = '') =>
    `import axios from 'axios';\nimport { decorate } from 'shop-settings';\n${before}
      export const handle = (k: string, v: unknown, extra: object) => { ${text} };`;
  const inClass = (text: string) =>
    `import axios from 'axios';\nexport class Ledger { options: any = {};
      set(k: string, v: unknown) { ${text} } load() { return axios.get('https://ledger', this.options); } }
      const ledger = new Ledger();\nexport const handle = () => ledger.load();`;
  const use = `return axios.get('https://ledger', options);`;
  const read = `const read = (o: any) => { console.log(o.timeout); };`;
  const changed: Record<string, string> = {
    index: inHandler(`const options: any = {}; options[k] = v; ${use}`),
    assign: inHandler(`const options = {}; Object.assign(options, extra); ${use}`),
    alias: inHandler(`const options: any = {}; const o = options; o.timeout = 5; ${use}`),
    unknown: inHandler(`const options = {}; decorate(options); ${use}`),
    own: inHandler(
      `const options = {}; add(options); ${use}`,
      'function add(o: any) { o.timeout = 5; }',
    ),
    member: inClass('this.options.timeout = 5;'),
    field: inClass('this.options[k] = v;'),
  };
  // No text of the application holds the word: an unknown change may bring it all the same.
  for (const census of [undefined, () => false])
    for (const [name, text] of Object.entries(changed))
      assert.equal(ms(world({ 'src/main.ts': text }, census).call('axios.get')), '?mutated', name);
  const untouched: Record<string, string> = {
    plain: inHandler(`const options = {}; ${use}`),
    read: inHandler(
      `const options = {}; console.log(options); JSON.stringify(options); read(options);
       axios.post('https://mailer', {}, options); Object.assign({}, options); ${use}`,
      read,
    ),
    field: inClass('return this.options[k] === v;'),
  };
  for (const [name, text] of Object.entries(untouched))
    assert.equal(ms(world({ 'src/main.ts': text }).call('axios.get')), INFINITE, name);
  const set = inHandler(`const options: any = {}; options.timeout = 5; ${use}`);
  assert.equal(ms(world({ 'src/main.ts': set }).call('axios.get')), 5);
});

test('a wrapper is judged with what its callers give', () => {
  const wrapper = `export async function getJson(url: string, timeoutMs = 5000) {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
      return response.json();
    }`;
  const used = world({
    'src/http.ts': wrapper,
    'src/main.ts': `import { getJson } from './http';\ngetJson('https://a'); getJson('https://b');`,
  });
  assert.equal(ms(used.call('fetch')), 5000);
  const mixed = world({
    'src/http.ts': wrapper,
    'src/main.ts': `import { getJson } from './http';\ngetJson('https://a', 1000); getJson('https://b', 9000);`,
  });
  const bound = mixed.call('fetch').bounds.headers;
  assert.ok(
    'ms' in bound &&
      bound.ms.state === 'unknown' &&
      bound.ms.why === 'alternatives' &&
      bound.atMost === 9000,
  );
});

test('clients of classes: fields, parameters of constructors, base classes, lazy getters', () => {
  const { call } = world({
    'src/base.ts': `import axios, { type AxiosInstance } from 'axios';
      export abstract class Api { protected readonly http: AxiosInstance; constructor(url: string, timeout: number) { this.http = axios.create({ baseURL: url, timeout }); } }`,
    'src/orders.ts': `import { Api } from './base';\nexport class Orders extends Api { constructor() { super('https://orders', 6000); } load() { return this.http.get('/orders'); } }`,
    'src/lazy.ts': `import { Pool } from 'pg';\nlet pool: Pool | undefined;\nfunction db() { pool ??= new Pool({ query_timeout: 4000 }); return pool; }\nexport const count = () => db().query('select 1');`,
    'src/main.ts': `import { Orders } from './orders';\nimport { count } from './lazy';\nnew Orders().load(); count();`,
  });
  assert.equal(ms(call('this.http.get')), 6000);
  assert.equal(ms(call('db().query')), 4000);
  assert.equal(call('db().query').client?.scope, 'module');
});

const NEST = {
  'src/main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';
    async function bootstrap() { const app = await NestFactory.create(AppModule); await app.listen(3000); }\nvoid bootstrap();`,
  'src/orders.service.ts': `import { Injectable } from '@nestjs/common';\nimport { HttpService } from '@nestjs/axios';\nimport { firstValueFrom } from 'rxjs';
    @Injectable() export class OrdersService { constructor(private readonly http: HttpService) {} load() { return firstValueFrom(this.http.get('https://ledger/orders')); } }`,
  'src/orders.controller.ts': `import { Controller, Get } from '@nestjs/common';\nimport { OrdersService } from './orders.service';
    @Controller('orders') export class OrdersController { constructor(private readonly orders: OrdersService) {} @Get(':id') find() { return this.orders.load(); } }`,
};
const nestModule = (
  imports: string,
) => `import { Module } from '@nestjs/common';\nimport { HttpModule } from '@nestjs/axios';\nimport { OrdersService } from './orders.service';\nimport { OrdersController } from './orders.controller';
  @Module({ imports: [${imports}], providers: [OrdersService], controllers: [OrdersController] }) export class AppModule {}`;

test('NestJS: the options of an injected HttpService are those of the module that its class sees', () => {
  const forms: readonly [string, number][] = [
    ['HttpModule', INFINITE],
    ['HttpModule.register({ timeout: 5000 })', 5000],
    ['HttpModule.registerAsync({ useFactory: () => ({ timeout: 6000 }) })', 6000],
  ];
  for (const [imports, expected] of forms) {
    const { call } = world({ ...NEST, 'src/app.module.ts': nestModule(imports) });
    const found = call('this.http.get');
    assert.equal(ms(found), expected, imports);
    assert.deepEqual(
      found.paths.map(({ from, complete }) => [from.kind, from.label, complete]),
      [['route', 'GET /orders/:id', true]],
    );
  }
});

test('NestJS: providers by token, class and factory', () => {
  const { call } = world({
    ...NEST,
    'src/orders.service.ts': `import { Inject, Injectable } from '@nestjs/common';\nimport { Pool } from 'pg';
      @Injectable() export class OrdersService { constructor(@Inject('DB') private readonly db: Pool) {} load() { return this.db.query('select 1'); } }`,
    'src/app.module.ts': `import { Module } from '@nestjs/common';\nimport { Pool } from 'pg';\nimport { OrdersService } from './orders.service';\nimport { OrdersController } from './orders.controller';
      @Module({ providers: [OrdersService, { provide: 'DB', useFactory: () => new Pool({ query_timeout: 2500 }) }], controllers: [OrdersController] }) export class AppModule {}`,
  });
  assert.equal(ms(call('this.db.query')), 2500);
  assert.equal(call('this.db.query').client?.label, 'new Pool');
});

test('signals: a timer behind a controller is a deadline, one that only cancels is none', () => {
  const { call } = world({
    'src/main.ts': `async function timed(url: string) { const c = new AbortController(); const t = setTimeout(() => c.abort(), 2000);
        try { const r = await fetch(url, { signal: c.signal }); return await r.text(); } finally { clearTimeout(t); } }
      export class Loader { load(undici: never) { const c = new AbortController(); void undici; return [c, request(c.signal)]; } }
      import { request as send } from 'undici';
      const request = (signal: AbortSignal) => send('https://ledger', { signal });
      timed('https://a');`,
  });
  assert.equal(ms(call('fetch')), 2000);
  assert.equal(call('fetch').endsEarly, undefined);
  assert.equal(call('send').bounds.headers && ms(call('send')), '?signal-origin');
});

test('a timer that is cleared before the body has been read covers a part', () => {
  const early = (end: string) =>
    world({
      'src/main.ts': `export async function load(url: string) { const c = new AbortController(); const t = setTimeout(() => c.abort(), 2000);
        ${end} }
        load('https://a');`,
    }).call('fetch').endsEarly?.how;
  const get = 'await fetch(url, { signal: c.signal })';
  assert.equal(early(`const r = ${get}; clearTimeout(t); return r.json();`), 'timer-cleared');
  assert.equal(
    early(`let r; try { r = ${get}; } finally { clearTimeout(t); } return r.json();`),
    'timer-cleared',
  );
  assert.equal(
    early(`try { const r = ${get}; return r.json(); } finally { clearTimeout(t); }`),
    'timer-cleared',
  );
  assert.equal(
    early(`const r = ${get}; const body = await r.json(); clearTimeout(t); return body;`),
    undefined,
  );
  assert.equal(
    early(
      `try { const r = ${get}; return await r.json(); } catch (e) { clearTimeout(t); throw e; }`,
    ),
    undefined,
  );
});

test('a deadline that is made once is shared by all calls', () => {
  const shared = world({
    'src/signal.ts': `export const signal = AbortSignal.timeout(5000);`,
    'src/main.ts': `import { signal } from './signal';\nexport const load = (url: string) => fetch(url, { signal });\nsetInterval(() => load('https://a'), 1000);`,
  });
  assert.equal(shared.call('fetch').sharedDeadline?.path, 'src/signal.ts');
  const own = world({
    'src/main.ts': `export const load = (url: string) => fetch(url, { signal: AbortSignal.timeout(5000) });\nsetInterval(() => load('https://a'), 1000);`,
  });
  assert.equal(own.call('fetch').sharedDeadline, undefined);
});

test('Promise.race releases the caller and nothing else', () => {
  const { call } = world({
    'src/main.ts': `const after = (ms: number) => new Promise((_, reject) => setTimeout(reject, ms));
      export const load = () => Promise.race([fetch('https://a'), after(3000)]);\nload();`,
  });
  assert.equal(ms(call('fetch'), 'release'), 3000);
  assert.equal(ms(call('fetch')), 300_000);
  assert.equal(call('fetch').endsEarly?.how, 'raced');
});

test('an option that does nothing is named with its place', () => {
  const { call } = world({
    'src/options.ts': `export const options = { timeout: 5000 };`,
    'src/main.ts': `import { options } from './options';\nfetch('https://a', options as RequestInit);`,
  });
  assert.deepEqual(
    call('fetch').ineffective.map(({ option, at }) => [option, at.path, at.line]),
    [['timeout', 'src/options.ts', 1]],
  );
});

test('calls of this machine are local, also behind a template, but not a default of the environment', () => {
  const { model } = world({
    'src/main.ts': `fetch('http://localhost:3000/a'); fetch(\`http://127.0.0.1:\${process.env.PORT}/b\`); fetch(process.env.LEDGER ?? 'http://localhost:4000'); fetch('https://ledger');`,
  });
  assert.deepEqual(
    model.calls.map(({ local }) => local),
    [true, true, false, false],
  );
});

test('what only browsers, tools and tests run is not judged', () => {
  const { model } = world({
    'src/main.ts': `import { load } from './load';\nload();`,
    'src/load.ts': `export const load = () => fetch('https://a');`,
    'src/load.test.ts': `fetch('https://test');`,
    'scripts/seed.ts': `fetch('https://seed');`,
    'web/package.json': JSON.stringify({
      name: 'web',
      dependencies: { react: '^19.0.0', 'react-dom': '^19.0.0' },
    }),
    'web/vite.config.ts': `export default {};`,
    'web/src/main.tsx': `fetch('https://web');`,
  });
  assert.deepEqual(
    model.calls.map(({ at }) => at.path),
    ['src/load.ts'],
  );
  assert.equal(model.files.find(({ path }) => path === 'src/load.test.ts')?.why, 'test');
});

test('Next.js: routes run on the server, client components do not', () => {
  const { model } = world({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'next start' },
      dependencies: { next: '15.1.0', react: '19.0.0' },
    }),
    'app/api/orders/[id]/route.ts': `import { load } from '../../../../lib/load';\nexport async function GET() { return load(); }`,
    'app/orders/page.tsx': `import { Button } from './button';\nexport default async function Page() { await fetch('https://page'); return <Button />; }`,
    'app/orders/button.tsx': `'use client';\nexport function Button() { void fetch('/api/orders/1'); return <b />; }`,
    'lib/load.ts': `export const load = () => fetch('https://ledger');`,
  });
  assert.deepEqual(
    model.calls.map(({ at }) => at.path),
    ['app/orders/page.tsx', 'lib/load.ts'],
  );
  assert.deepEqual(
    model.calls[1]?.paths.map(({ from }) => from.label),
    ['GET /api/orders/:id', 'start-up of lib/load.ts'].slice(0, 1),
  );
});

test('hostile code: long chains of files and of calls, names of prototypes', () => {
  const files: Record<string, string> = {
    'src/main.ts': `import { http } from './f0';\nimport './chain';\nimport './names';\nimport './self';\nhttp.get('/orders');`,
  };
  for (let i = 0; i < 1500; i++) files[`src/f${i}.ts`] = `export * from './f${i + 1}';`;
  files['src/f1500.ts'] = `import axios from 'axios';\nexport const http = axios.create();`;
  const { model } = world({
    ...files,
    'src/chain.ts': `import axios from 'axios';\naxios${'.create()'.repeat(3000)}.get('/');`,
    'src/names.ts': `import * as all from 'axios';\nimport { __proto__, constructor, toString } from 'axios';\nconst o = { __proto__: null, constructor: 1 };
      all.__proto__.x(); all.hasOwnProperty(o); __proto__(); constructor(); toString(); all.valueOf().timeout = 5;`,
    'src/self.ts': `export const a = { ...b }, b = { ...a };\nlet c = c ?? a;\nclass A extends B {}\nclass B extends A {}\nnew A().x(); fetch('https://a', { ...b, ...c });`,
  });
  assert.ok(model.calls.some(({ label }) => label === 'fetch'));
  assert.ok(model.undecided.some(({ why }) => why === 'too-deep'));
});

test('the order of the files does not matter', () => {
  const files = {
    ...NEST,
    'src/app.module.ts': nestModule('HttpModule.register({ timeout: 5000 })'),
  };
  const reversed = Object.fromEntries(Object.entries(files).reverse());
  assert.deepEqual(world(reversed).model, world(files).model);
});
