import { argument, defineLibrary, fact, infinite, options, setting, zero } from '../library.ts';

const construct = { call: { takes: [[options('server')]], gives: 'App' } } as const;
/** Functions among the options of a route. */
const handlers = [
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'onResponse',
  'handler',
];
const handler = { role: 'handler', is: ['function'], optional: true } as const;
const plugin = (path?: string, option?: string) =>
  ({
    call: {
      takes: [[{ role: 'value', shape: 'App' }, options('plugin')]],
      does: [
        {
          is: 'health',
          ...(path === undefined ? {} : { path }),
          ...(option === undefined ? {} : { option }),
        },
      ],
    },
  }) as const;

export default defineLibrary({
  name: 'fastify',
  packages: [{ name: 'fastify', versions: '>=3 <6' }],
  roles: ['server'],
  modules: {
    fastify: { 'default|fastify': construct, '=': construct },
    // Only with exposeStatusRoute: true (then /status) or a path.
    '@fastify/under-pressure': {
      default: plugin('/status', 'exposeStatusRoute'),
      '=': plugin('/status', 'exposeStatusRoute'),
    },
    'under-pressure': {
      default: plugin('/status', 'exposeStatusRoute'),
      '=': plugin('/status', 'exposeStatusRoute'),
    },
    'fastify-healthcheck': {
      default: plugin('/health', 'healthcheckUrl'),
      '=': plugin('/health', 'healthcheckUrl'),
    },
  },
  shapes: {
    App: {
      members: {
        'get|post|put|patch|delete|head|options': {
          call: {
            takes: [
              [argument('path', 'string'), { role: 'handler', is: ['function'] }],
              [argument('path', 'string'), options('route'), handler],
            ],
            chains: true,
            does: [{ is: 'route', verb: 'member', handlers }],
          },
        },
        all: {
          call: {
            takes: [
              [argument('path', 'string'), { role: 'handler', is: ['function'] }],
              [argument('path', 'string'), options('route'), handler],
            ],
            chains: true,
            does: [{ is: 'route', verb: '*', handlers }],
          },
        },
        route: {
          call: {
            takes: [[options('route')]],
            chains: true,
            does: [{ is: 'route', verb: { option: 'method', otherwise: 'GET' }, handlers }],
          },
        },
        register: {
          call: {
            takes: [[{ role: 'handler', is: ['function', 'instance'] }, options('register')]],
            chains: true,
            does: [{ is: 'mount', plugins: true }],
          },
        },
        listen: {
          call: {
            takes: [
              [
                { role: 'options', set: 'listen', is: ['object'], optional: true },
                { role: 'callback', optional: true },
              ],
              [argument('port'), { role: 'other', rest: true }],
            ],
            promised: true,
            does: [{ is: 'listen', server: 'fastify' }],
          },
        },
        close: {
          call: { does: [{ is: 'close', what: 'server', completes: 'promise', drains: true }] },
        },
        server: 'node-http:Server',
        'addHook|decorate|decorateRequest|decorateReply|setErrorHandler|setNotFoundHandler|addSchema|addContentTypeParser|setValidatorCompiler|setSerializerCompiler|withTypeProvider|after|ready':
          { call: { chains: true } },
        'log|inject|printRoutes': {},
      },
    },
  },
  profiles: [],
  options: [
    setting(
      ['server'],
      'keepAliveTimeout',
      'keep-alive-timeout',
      fact('fastify@5.12.8 build/build-validation.js:27', 'fastify/close'),
      {
        disabledBy: [zero],
      },
    ),
    setting(
      ['server'],
      'requestTimeout',
      'request-timeout',
      fact('fastify@5.12.8 build/build-validation.js:30'),
      {
        disabledBy: [zero],
      },
    ),
    setting(
      ['server'],
      'handlerTimeout',
      'request-timeout',
      fact('fastify@5.12.8 build/build-validation.js:31'),
      {
        versions: '>=5.7 <6',
        disabledBy: [zero, infinite],
      },
    ),
    setting(['register'], 'prefix', 'target', fact('fastify@5.12.8 lib/plugin-override.js')),
    setting(['route'], 'method', 'verb', fact('fastify@5.12.8 lib/route.js')),
    setting(['route'], 'url', 'target', fact('fastify@5.12.8 lib/route.js')),
  ],
  servers: [
    {
      name: 'fastify',
      versions: '>=3 <6',
      sigterm: {
        byDefault: 'killed',
        ...fact('fastify@5.12.8 fastify.js: no process.on', 'fastify/unhandled'),
      },
      close: {
        drains: true,
        keepAliveMs: 72_000,
        keepAliveOption: 'keepAliveTimeout',
        waitsFor: ['streams', 'websockets', 'requests'],
        ...fact(
          'fastify@4.29.1 build/build-validation.js:26, fastify@5.12.8 build/build-validation.js:27',
          'fastify/close',
        ),
      },
      closing: { call: 'app.close', completes: 'promise' },
      catchesAsyncErrors: true,
    },
  ],
  fix: "process.once('SIGTERM', () => app.close());",
});
