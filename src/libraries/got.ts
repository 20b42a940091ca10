import {
  argument,
  defineLibrary,
  fact,
  forEver,
  type OutboundCall,
  options,
  setting,
  signal,
  unset,
  zero,
} from '../library.ts';

const leaves = (verb: OutboundCall['verb']): OutboundCall => ({
  is: 'call',
  profile: 'default',
  ...(verb === undefined ? {} : { verb }),
  body: 'read',
  rejectsOn: ['network', '4xx', '5xx'],
});

export default defineLibrary({
  name: 'got',
  packages: [{ name: 'got', versions: '>=11 <17' }],
  roles: ['http'],
  modules: { got: { 'default|got': 'got', '=': 'got' } },
  shapes: {
    got: {
      call: {
        takes: [
          [argument('url', 'string', 'url-object'), options('request')],
          [options('request')],
        ],
        gives: 'Response',
        promised: true,
        does: [leaves({ option: 'method', otherwise: 'GET' })],
      },
      members: {
        'get|post|put|patch|delete|head': {
          call: {
            takes: [[argument('url'), options('request')], [options('request')]],
            gives: 'Response',
            promised: true,
            does: [leaves('member')],
          },
        },
        'stream|paginate': {
          call: {
            takes: [[argument('url'), options('request')]],
            does: [{ ...leaves('GET'), body: 'stream' }],
          },
        },
        extend: {
          call: {
            takes: [[{ ...options('request'), rest: true }]],
            gives: 'got',
            does: [{ is: 'client', profile: 'default', connections: 'stateless', inherits: true }],
          },
        },
        default: 'got',
      },
    },
    Response: { members: { 'json|text|buffer': { call: { gives: 'Response' } } } },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=11 <17',
      phases: {
        connect: forEver(
          fact(
            'got@11.8.6 dist/source/index.js:18, got@14.6.6 dist/source/core/options.js:104',
            'got/default',
          ),
        ),
        acquire: { notApplicable: 'the agent of Node.js has no limit' },
        headers: forEver(fact('got@14.6.6 dist/source/core/options.js:104', 'got/default')),
        idle: forEver(fact('got@14.6.6 dist/source/core/options.js:104', 'got/default')),
        total: forEver(fact('got@14.6.6 dist/source/core/options.js:104', 'got/default')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: {
        max: 3,
        delay: 'exponential',
        delayMs: 1_000,
        jitter: true,
        on: ['connect', 'reset', 'timeout', '5xx', '429'],
        methods: ['GET', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'],
        ...fact(
          'got@11.8.6 dist/source/index.js:53, got@14.6.6 dist/source/core/options.js:149',
          'got/default',
        ),
      },
    },
  ],
  options: [
    {
      in: ['request'],
      path: 'timeout.request',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'attempt' },
      disabledBy: [unset],
      brokenBy: [{ value: zero, result: 'fires-at-once' }],
      ...fact('got@14.6.6 dist/source/core/options.js:104', 'got/timeout-request'),
    },
    {
      in: ['request'],
      path: 'timeout',
      versions: '>=11 <12',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'attempt' },
      disabledBy: [unset, { is: 'empty-object' }],
      ...fact('got@11.8.6 dist/source/core/index.js:604', 'got/timeout-number'),
    },
    {
      in: ['request'],
      path: 'timeout',
      versions: '>=12 <17',
      meaning: { bounds: [], unit: 'ms', per: 'attempt' },
      disabledBy: [unset, { is: 'empty-object' }],
      brokenBy: [{ value: { is: 'number' }, result: 'throws' }],
      ...fact('got@12.6.1 dist/source/core/options.js:40'),
    },
    ...(
      [
        ['timeout.connect', ['connect']],
        ['timeout.response', ['headers']],
        ['timeout.socket', ['headers', 'idle']],
      ] as const
    ).map(([path, bounds]) => ({
      in: ['request'],
      path,
      meaning: { bounds, unit: 'ms' as const, per: 'attempt' as const },
      disabledBy: [unset],
      ...fact('got@14.6.6 dist/source/core/timed-out.js', `got/${path.replace('.', '-')}`),
    })),
    signal(['request'], fact('got@14.6.6 dist/source/core/options.js', 'got/signal'), '>=12 <17'),
    setting(
      ['request'],
      'retry.limit',
      'retries',
      fact('got@14.6.6 dist/source/core/options.js:149'),
    ),
    setting(['request'], 'retry', 'retries', fact('got@11.8.6 dist/source/core/index.js'), {
      versions: '>=11 <12',
    }),
    setting(
      ['request'],
      'retry.methods',
      'retry-methods',
      fact('got@14.6.6 dist/source/core/options.js:149'),
    ),
    setting(['request'], 'prefixUrl', 'target', fact('got@14.6.6 dist/source/core/options.js')),
    setting(['request'], 'method', 'verb', fact('got@14.6.6 dist/source/core/options.js')),
  ],
  fix: 'got.extend({ timeout: { request: 5_000 } })',
});
