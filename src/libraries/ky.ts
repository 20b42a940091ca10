import {
  type Attempts,
  argument,
  defineLibrary,
  fact,
  forEver,
  type OutboundCall,
  off,
  options,
  overflow,
  type Profile,
  setting,
  signal,
  zero,
} from '../library.ts';

const BODY = ['json', 'text', 'arrayBuffer', 'blob', 'formData', 'bytes'];
const leaves = (verb: OutboundCall['verb']): OutboundCall => ({
  is: 'call',
  profile: 'default',
  ...(verb === undefined ? {} : { verb }),
  body: 'unread',
  chained: { members: BODY, profile: 'chained' },
  rejectsOn: ['network', '4xx', '5xx'],
});
const client = {
  call: {
    takes: [[options('request')]],
    gives: 'ky',
    does: [{ is: 'client', profile: 'default', connections: 'stateless', inherits: true }],
  },
} as const;
const untilHeaders: Omit<Profile['phases'], 'idle' | 'total'> = {
  connect: {
    ms: 10_000,
    ...fact(
      'ky@1.14.3 distribution/core/Ky.js:153, ky@2.1.0 distribution/core/Ky.js:277',
      'ky/default',
    ),
  },
  acquire: { notApplicable: 'connections per origin are unlimited' },
  headers: {
    ms: 10_000,
    ...fact(
      'ky@1.14.3 distribution/core/Ky.js:153, ky@2.1.0 distribution/core/Ky.js:277',
      'ky/default',
    ),
  },
  release: { notApplicable: 'the promise is the call' },
};
const attempts: Attempts = {
  max: 3,
  delay: 'exponential',
  delayMs: 300,
  jitter: false,
  on: ['connect', 'reset', '5xx', '429'],
  methods: ['GET', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'],
  ...fact(
    'ky@1.14.3 distribution/utils/normalize.js, ky@2.1.0 distribution/utils/normalize.js',
    'ky/default',
  ),
};

export default defineLibrary({
  name: 'ky',
  packages: [{ name: 'ky', versions: '>=0.30 <3' }],
  roles: ['http'],
  modules: { ky: { default: 'ky' } },
  shapes: {
    ky: {
      call: {
        takes: [[argument('url'), options('request')]],
        gives: 'Response',
        promised: true,
        does: [leaves({ option: 'method', otherwise: 'GET' })],
      },
      members: {
        'get|post|put|patch|head|delete': {
          call: {
            takes: [[argument('url'), options('request')]],
            gives: 'Response',
            promised: true,
            does: [leaves('member')],
          },
        },
        create: client,
        extend: client,
      },
    },
    Response: {
      members: {
        'json|text|arrayBuffer|blob|formData|bytes': { call: { does: [{ is: 'read-body' }] } },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=0.30 <3',
      phases: {
        ...untilHeaders,
        idle: { ms: 300_000, ...fact('undici@6.29.1 lib/dispatcher/client.js:240', 'ky/default') },
        total: forEver(fact('ky@1.14.3 distribution/core/Ky.js:153', 'ky/default')),
      },
      attempts,
    },
    {
      name: 'chained',
      versions: '>=0.30 <2',
      phases: {
        ...untilHeaders,
        idle: { ms: 300_000, ...fact('undici@6.29.1 lib/dispatcher/client.js:240', 'ky/chained') },
        total: forEver(fact('ky@1.14.3 distribution/core/Ky.js:153', 'ky/chained')),
      },
      attempts,
    },
    {
      name: 'chained',
      versions: '>=2 <3',
      phases: {
        ...untilHeaders,
        idle: { ms: 10_000, ...fact('ky@2.1.0 distribution/core/Ky.js:523', 'ky/chained') },
        total: { ms: 10_000, ...fact('ky@2.1.0 distribution/core/Ky.js:523', 'ky/chained') },
      },
      attempts,
    },
  ],
  options: [
    {
      in: ['request'],
      path: 'timeout',
      versions: '>=0.30 <2',
      meaning: { bounds: ['connect', 'headers'], unit: 'ms', per: 'attempt' },
      disabledBy: [off],
      brokenBy: [
        { value: zero, result: 'fires-at-once' },
        { value: overflow, result: 'throws' },
      ],
      ...fact('ky@1.14.3 distribution/core/Ky.js:153', 'ky/timeout'),
    },
    {
      in: ['request'],
      path: 'timeout',
      versions: '>=2 <3',
      meaning: {
        bounds: ['connect', 'headers'],
        chained: ['idle', 'total'],
        unit: 'ms',
        per: 'read',
      },
      disabledBy: [off],
      brokenBy: [
        { value: zero, result: 'fires-at-once' },
        { value: overflow, result: 'throws' },
      ],
      ...fact('ky@2.1.0 distribution/core/Ky.js:277', 'ky/timeout'),
    },
    {
      in: ['request'],
      path: 'totalTimeout',
      versions: '>=2 <3',
      meaning: {
        bounds: ['connect', 'headers'],
        chained: ['idle', 'total'],
        unit: 'ms',
        per: 'call',
      },
      disabledBy: [off],
      ...fact('ky@2.1.0 distribution/core/Ky.js:278', 'ky/total-timeout'),
    },
    signal(['request'], fact('ky@1.14.3 distribution/core/Ky.js', 'ky/signal')),
    setting(
      ['request'],
      'retry.limit',
      'retries',
      fact('ky@1.14.3 distribution/utils/normalize.js'),
    ),
    setting(['request'], 'retry', 'retries', fact('ky@1.14.3 distribution/utils/normalize.js')),
    setting(
      ['request'],
      'retry.methods',
      'retry-methods',
      fact('ky@1.14.3 distribution/utils/normalize.js'),
    ),
    setting(
      ['request'],
      'retry.jitter',
      'retry-jitter',
      fact('ky@2.1.0 distribution/utils/normalize.js'),
    ),
    setting(['request'], 'prefixUrl', 'target', fact('ky@1.14.3 distribution/core/Ky.js')),
    setting(['request'], 'method', 'verb', fact('ky@1.14.3 distribution/core/Ky.js')),
  ],
  fix: 'ky.create({ timeout: 5_000 })',
});
