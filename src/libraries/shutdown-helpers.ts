import { argument, defineLibrary, options, type Shape } from '../library.ts';

const hooks = {
  is: 'shutdown-hooks',
  signals: ['SIGTERM', 'SIGINT'],
  drains: true,
} as const;
const server = { role: 'value', shape: 'node-http:Server' } as const;
const withServer: Shape = {
  call: { takes: [[server, options('shutdown')]], does: [hooks] },
};

/** Packages that close a server on SIGTERM when they are called. Read in their documentation, not measured. */
export default defineLibrary({
  name: 'shutdown-helpers',
  packages: [
    { name: '@godaddy/terminus', versions: '>=4 <5' },
    { name: 'http-graceful-shutdown', versions: '>=2 <4' },
    { name: 'close-with-grace', versions: '>=1 <3' },
    { name: 'fastify-graceful-shutdown', versions: '>=3 <5' },
    { name: 'lightship', versions: '>=6 <10' },
    { name: 'stoppable', versions: '>=1 <2' },
    { name: 'http-terminator', versions: '>=2 <4' },
  ],
  roles: ['server'],
  modules: {
    '@godaddy/terminus': {
      createTerminus: {
        call: {
          takes: [[server, options('shutdown')]],
          does: [hooks, { is: 'health', option: 'healthChecks' }],
        },
      },
    },
    'http-graceful-shutdown': { default: withServer, '=': withServer },
    'close-with-grace': {
      default: 'closeWithGrace',
      '=': 'closeWithGrace',
    },
    'fastify-graceful-shutdown': {
      default: { call: { takes: [[{ role: 'value', shape: 'fastify:App' }]], does: [hooks] } },
      '=': { call: { takes: [[{ role: 'value', shape: 'fastify:App' }]], does: [hooks] } },
    },
    lightship: {
      createLightship: {
        call: {
          takes: [[options('shutdown')]],
          gives: 'Lightship',
          promised: true,
          does: [hooks, { is: 'health', path: '/health' }],
        },
      },
    },
    // These only add a way to close; something else must listen for SIGTERM.
    stoppable: { default: 'stoppable', '=': 'stoppable' },
    'http-terminator': { createHttpTerminator: { call: { gives: 'Terminator' } } },
  },
  shapes: {
    closeWithGrace: {
      call: {
        takes: [
          [options('shutdown'), { role: 'handler', is: ['function'] }],
          [{ role: 'handler', is: ['function'] }],
        ],
        does: [hooks],
      },
    },
    Lightship: {
      members: {
        registerShutdownHandler: { call: { takes: [[argument('handler')]] } },
        'signalReady|signalNotReady|shutdown': { call: {} },
      },
    },
    stoppable: { call: { takes: [[server, argument('other')]], gives: 'Stoppable' } },
    Stoppable: {
      members: {
        stop: {
          call: { does: [{ is: 'close', what: 'server', completes: 'callback', drains: true }] },
        },
      },
    },
    Terminator: {
      members: {
        terminate: {
          call: { does: [{ is: 'close', what: 'server', completes: 'promise', drains: true }] },
        },
      },
    },
  },
  profiles: [],
  options: [],
  fix: "process.once('SIGTERM', () => server.close())",
});
