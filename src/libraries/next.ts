import { defineLibrary, fact, options, type Server } from '../library.ts';

const close = (source: string, drains: boolean, proof?: string): Server['close'] => ({
  drains,
  keepAliveMs: 5_000,
  waitsFor: drains ? ['streams', 'requests'] : [],
  ...fact(source, proof),
});

/** Next.js. `next start` handles SIGTERM itself; a custom server is one of node:http and does not. */
export default defineLibrary({
  name: 'next',
  packages: [{ name: 'next', versions: '>=12 <17' }],
  roles: ['server'],
  modules: {
    next: {
      default: { call: { takes: [[options('application')]], gives: 'App' } },
      '=': { call: { takes: [[options('application')]], gives: 'App' } },
    },
  },
  shapes: {
    App: {
      members: {
        prepare: { call: { promised: true } },
        getRequestHandler: { call: { gives: 'Handler' } },
        close: { call: { promised: true } },
      },
    },
    Handler: {},
  },
  profiles: [],
  options: [],
  servers: [
    {
      name: 'next start',
      versions: '>=12 <13.5',
      sigterm: {
        byDefault: 'exits-without-drain',
        onlyBy: 'next start',
        ...fact('next@12.3.7 dist/bin/next:144'),
      },
      close: close('next@12.3.7 dist/bin/next:144', false),
      catchesAsyncErrors: true,
    },
    {
      name: 'next start',
      versions: '>=13.5 <14',
      sigterm: {
        byDefault: 'exits-without-drain',
        onlyBy: 'next start',
        ...fact('next@13.5.11 dist/server/lib/start-server.js:209'),
      },
      close: close('next@13.5.11 dist/server/lib/start-server.js:209', false),
      catchesAsyncErrors: true,
    },
    {
      name: 'next start',
      versions: '>=14 <17',
      sigterm: {
        byDefault: 'drains',
        onlyBy: 'next start',
        ...fact(
          'next@14.2.35 dist/server/lib/start-server.js:225, next@15.5.29 dist/server/lib/start-server.js:349, next@16.4.6 dist/server/lib/start-server.js:325',
          'next/start',
        ),
      },
      close: close('next@15.5.29 dist/server/lib/start-server.js:349', true, 'next/start'),
      catchesAsyncErrors: true,
    },
  ],
  commands: [{ words: 'next start', server: 'next start' }],
  fileRoutes: [
    {
      versions: '>=13 <17',
      folder: 'app',
      file: 'route',
      prefix: '/',
      handlers: 'exports',
      silent: ['(*)', '@*'],
      parameters: ['[*]'],
    },
    {
      folder: 'pages/api',
      file: '*',
      prefix: '/api',
      handlers: 'default',
      silent: [],
      parameters: ['[*]'],
    },
  ],
  fix: 'upgrade next to 14 and start it by next start',
});
