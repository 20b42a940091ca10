import { defineLibrary, fact, type Server, type Shape } from '../library.ts';

const handlers = { role: 'handler', is: ['function', 'array', 'instance'], rest: true } as const;
const path = { role: 'path', is: ['string', 'array', 'object'] } as const;
const routing: NonNullable<Shape['members']> = {
  'get|post|put|patch|delete|head|options': {
    call: { takes: [[path, handlers]], chains: true, does: [{ is: 'route', verb: 'member' }] },
  },
  all: { call: { takes: [[path, handlers]], chains: true, does: [{ is: 'route', verb: '*' }] } },
  use: {
    call: {
      takes: [
        [
          { role: 'path', is: ['string', 'array'] },
          { role: 'value', shape: 'Router', rest: true },
        ],
        [{ role: 'value', shape: 'Router', rest: true }],
      ],
      chains: true,
      does: [{ is: 'mount' }],
    },
  },
  route: { call: { takes: [[path]], gives: 'Route', does: [{ is: 'prefix' }] } },
};
const close = (proof: string): Server['close'] => ({
  drains: true,
  keepAliveMs: 5_000,
  keepAliveOption: 'keepAliveTimeout',
  waitsFor: ['streams', 'websockets', 'requests'],
  ...fact('express@5.3.0 lib/application.js:598 (gives the server of node:http)', proof),
});

export default defineLibrary({
  name: 'express',
  packages: [{ name: 'express', versions: '>=4 <6' }],
  roles: ['server'],
  modules: {
    express: {
      default: 'express',
      '=': 'express',
      Router: { call: { gives: 'Router' }, construct: { gives: 'Router' } },
    },
    // A router whose handlers may be async.
    'express-promise-router': {
      default: { call: { gives: 'Router' } },
      '=': { call: { gives: 'Router' } },
    },
  },
  shapes: {
    express: {
      call: { gives: 'App' },
      members: {
        Router: { call: { gives: 'Router' }, construct: { gives: 'Router' } },
        'json|urlencoded|static|raw|text': { call: {} },
      },
    },
    App: {
      members: {
        ...routing,
        listen: {
          call: {
            takes: [
              [
                { role: 'port', optional: true },
                { role: 'other', rest: true },
              ],
            ],
            gives: 'node-http:Server',
            does: [{ is: 'listen', server: 'express' }],
          },
        },
        'set|enable|disable|engine|param': { call: { chains: true } },
      },
    },
    Router: { members: routing },
    Route: {
      members: {
        'get|post|put|patch|delete|head|options': {
          call: { takes: [[handlers]], chains: true, does: [{ is: 'route', verb: 'member' }] },
        },
        all: { call: { takes: [[handlers]], chains: true, does: [{ is: 'route', verb: '*' }] } },
      },
    },
  },
  profiles: [],
  options: [],
  servers: [
    {
      name: 'express',
      versions: '>=4 <5',
      sigterm: {
        byDefault: 'killed',
        ...fact('express@4.22.3 lib/application.js:635', 'express/unhandled'),
      },
      close: close('express/close'),
      closing: {
        keep: 'const server = app.listen(8080);',
        call: 'server.close',
        completes: 'callback',
      },
      catchesAsyncErrors: false,
      asyncErrorsCaughtBy: ['express-async-errors', 'express-async-patch'],
    },
    {
      name: 'express',
      versions: '>=5 <6',
      sigterm: {
        byDefault: 'killed',
        ...fact('express@5.3.0 lib/application.js:598', 'express/unhandled'),
      },
      close: close('express/close'),
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
