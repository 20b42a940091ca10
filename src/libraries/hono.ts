import { argument, defineLibrary, fact, options, setting } from '../library.ts';

const handlers = { role: 'handler', is: ['function', 'instance'], rest: true } as const;
const serve = {
  call: {
    takes: [[options('serve'), { role: 'callback', is: ['function'], optional: true }]],
    gives: 'node-http:Server',
    does: [{ is: 'listen', server: 'hono' }],
  },
} as const;

/** Hono. On Node.js it serves by @hono/node-server only; `export default app` is for other runtimes. */
export default defineLibrary({
  name: 'hono',
  packages: [
    { name: '@hono/node-server', versions: '>=1 <3' },
    { name: 'hono', versions: '>=3 <5' },
  ],
  roles: ['server'],
  modules: {
    hono: { Hono: { construct: { gives: 'App' }, extended: 'App' } },
    'hono/quick': { Hono: { construct: { gives: 'App' } } },
    'hono/tiny': { Hono: { construct: { gives: 'App' } } },
    '@hono/zod-openapi': { OpenAPIHono: { construct: { gives: 'App' } } },
    '@hono/node-server': {
      serve,
      createAdaptorServer: { call: { takes: [[options('serve')]], gives: 'node-http:Server' } },
    },
  },
  shapes: {
    App: {
      members: {
        'get|post|put|patch|delete|options': {
          call: {
            takes: [[argument('path', 'string', 'array'), handlers]],
            chains: true,
            does: [{ is: 'route', verb: 'member' }],
          },
        },
        all: {
          call: {
            takes: [[argument('path', 'string', 'array'), handlers]],
            chains: true,
            does: [{ is: 'route', verb: '*' }],
          },
        },
        on: {
          call: {
            takes: [[argument('verb'), argument('path'), handlers]],
            chains: true,
            does: [{ is: 'route', verb: '*' }],
          },
        },
        use: {
          call: {
            takes: [[argument('path', 'string'), handlers], [handlers]],
            chains: true,
            does: [{ is: 'mount' }],
          },
        },
        'route|mount': {
          call: {
            takes: [[argument('path', 'string'), { role: 'value', shape: 'App' }]],
            chains: true,
            does: [{ is: 'mount' }],
          },
        },
        basePath: {
          call: { takes: [[argument('path', 'string')]], gives: 'App', does: [{ is: 'prefix' }] },
        },
        fetch: {},
        'onError|notFound': { call: { chains: true } },
      },
    },
  },
  profiles: [],
  options: [
    setting(['serve'], 'port', 'target', fact('@hono/node-server@1.19.19 dist/server.js:695')),
    setting(
      ['serve'],
      'serverOptions.keepAliveTimeout',
      'keep-alive-timeout',
      fact('@hono/node-server@1.19.19 dist/server.js:695'),
    ),
  ],
  servers: [
    {
      name: 'hono',
      versions: '>=1 <3',
      sigterm: {
        byDefault: 'killed',
        ...fact('@hono/node-server@1.19.19 dist/server.js:695', 'hono/unhandled'),
      },
      close: {
        drains: true,
        keepAliveMs: 5_000,
        keepAliveOption: 'serverOptions.keepAliveTimeout',
        waitsFor: ['streams', 'websockets', 'requests'],
        ...fact(
          '@hono/node-server@1.19.19 dist/server.js:697 (gives the server of node:http)',
          'hono/close',
        ),
      },
      closing: {
        keep: 'const server = serve({ fetch: app.fetch, port: 8080 });',
        call: 'server.close',
        completes: 'callback',
      },
      catchesAsyncErrors: true,
    },
  ],
  fix: "const server = serve({ fetch: app.fetch, port: 8080 });\nprocess.once('SIGTERM', () => server.close());",
});
