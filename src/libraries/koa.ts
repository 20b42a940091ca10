import { argument, defineLibrary, fact, type Shape } from '../library.ts';

const handlers = { role: 'handler', is: ['function', 'array', 'instance'], rest: true } as const;
const path = { role: 'path', is: ['string', 'array', 'object'] } as const;
const verbs: Shape = {
  call: {
    takes: [
      [argument('name', 'string'), argument('path', 'string'), handlers],
      [path, handlers],
    ],
    chains: true,
    does: [{ is: 'route', verb: 'member' }],
  },
};
const router: Shape = {
  construct: {
    takes: [[{ role: 'options', set: 'router', is: ['object'], optional: true }]],
    gives: 'Router',
  },
  call: {
    takes: [[{ role: 'options', set: 'router', is: ['object'], optional: true }]],
    gives: 'Router',
  },
};

export default defineLibrary({
  name: 'koa',
  packages: [
    { name: 'koa', versions: '>=2 <4' },
    { name: '@koa/router', versions: '>=8 <16' },
    { name: 'koa-router', versions: '>=7 <15' },
  ],
  roles: ['server'],
  modules: {
    koa: {
      default: { construct: { gives: 'App' }, extended: 'App' },
      '=': { construct: { gives: 'App' }, extended: 'App' },
    },
    '@koa/router': { 'default|Router': router, '=': router },
    'koa-router': { default: router, '=': router },
    'koa-mount': {
      default: {
        call: { takes: [[argument('path'), { role: 'value', shape: 'App' }]], gives: 'Mounted' },
      },
      '=': {
        call: { takes: [[argument('path'), { role: 'value', shape: 'App' }]], gives: 'Mounted' },
      },
    },
  },
  shapes: {
    App: {
      members: {
        use: {
          call: {
            takes: [[{ role: 'handler', is: ['function', 'instance'] }]],
            chains: true,
            does: [{ is: 'mount' }],
          },
        },
        listen: {
          call: {
            takes: [
              [
                { role: 'port', optional: true },
                { role: 'other', rest: true },
              ],
            ],
            gives: 'node-http:Server',
            does: [{ is: 'listen', server: 'koa' }],
          },
        },
        callback: { call: { gives: 'Mounted' } },
        on: { call: { does: [{ is: 'listener' }] } },
      },
    },
    Router: {
      members: {
        'get|post|put|patch|delete|del|head|options': verbs,
        all: {
          call: { takes: [[path, handlers]], chains: true, does: [{ is: 'route', verb: '*' }] },
        },
        use: {
          call: {
            takes: [[{ role: 'path', is: ['string', 'array'] }, handlers], [handlers]],
            chains: true,
            does: [{ is: 'mount' }],
          },
        },
        prefix: { call: { takes: [[argument('path')]], chains: true, does: [{ is: 'prefix' }] } },
        // What the application mounts.
        'routes|middleware': { call: { gives: 'Router' } },
        allowedMethods: { call: {} },
        register: {
          call: {
            takes: [[path, argument('verb', 'array'), handlers]],
            does: [{ is: 'route', verb: '*' }],
          },
        },
      },
    },
    Mounted: {},
  },
  profiles: [],
  options: [
    {
      in: ['router'],
      path: 'prefix',
      meaning: { sets: 'target' },
      disabledBy: [],
      ...fact('@koa/router@13.1.0 lib/router.js'),
    },
  ],
  servers: [
    {
      name: 'koa',
      versions: '>=2 <4',
      sigterm: {
        byDefault: 'killed',
        ...fact('koa@3.3.0 lib/application.js:136', 'koa/unhandled'),
      },
      close: {
        drains: true,
        keepAliveMs: 5_000,
        keepAliveOption: 'keepAliveTimeout',
        waitsFor: ['streams', 'websockets', 'requests'],
        ...fact('koa@3.3.0 lib/application.js:136 (gives the server of node:http)', 'koa/close'),
      },
      closing: {
        keep: 'const server = app.listen(8080);',
        call: 'server.close',
        completes: 'callback',
      },
      catchesAsyncErrors: true,
    },
  ],
  fix: "const server = app.listen(8080);\nprocess.once('SIGTERM', () => server.close());",
});
