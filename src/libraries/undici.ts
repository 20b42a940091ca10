import {
  argument,
  defineLibrary,
  fact,
  forEver,
  type OutboundCall,
  options,
  type Shape,
  setting,
  signal,
  zero,
} from '../library.ts';

const leaves: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: { option: 'method', otherwise: 'GET' },
  body: 'unread',
  rejectsOn: ['network'],
};
const dispatcher = (argumentIndex: 0 | 1): Shape => ({
  construct: {
    takes: [
      argumentIndex === 0 ? [options('dispatcher')] : [argument('url'), options('dispatcher')],
    ],
    gives: 'Dispatcher',
    does: [{ is: 'client', profile: 'default', connections: 'pool' }],
  },
});

export default defineLibrary({
  name: 'undici',
  packages: [{ name: 'undici', versions: '>=5 <9' }],
  roles: ['http'],
  modules: {
    undici: {
      default: 'undici',
      request: 'request',
      'stream|pipeline': 'stream',
      fetch: 'fetch',
      'Agent|EnvHttpProxyAgent': dispatcher(0),
      'Pool|Client|BalancedPool': dispatcher(1),
      ProxyAgent: dispatcher(0),
      RetryAgent: {
        construct: {
          takes: [[{ role: 'value', shape: 'Dispatcher' }, options('retry')]],
          gives: 'RetryAgent',
          does: [{ is: 'client', profile: 'retrying', connections: 'pool', inherits: true }],
        },
      },
      interceptors: 'interceptors',
      setGlobalDispatcher: {
        call: {
          takes: [[{ role: 'value', shape: 'Dispatcher' }]],
          does: [{ is: 'configure', of: 'process' }],
        },
      },
    },
  },
  shapes: {
    undici: { members: { request: 'request', fetch: 'fetch', 'stream|pipeline': 'stream' } },
    request: {
      call: {
        takes: [[argument('url'), options('request')]],
        gives: 'Response',
        promised: true,
        does: [leaves],
      },
    },
    fetch: {
      call: {
        takes: [[argument('url'), options('fetch:init')]],
        gives: 'fetch:Response',
        promised: true,
        does: [leaves],
      },
    },
    stream: {
      call: {
        takes: [[argument('url'), options('request')]],
        does: [{ ...leaves, body: 'stream' }],
      },
    },
    Dispatcher: {
      members: {
        request: {
          call: {
            takes: [[options('request')]],
            gives: 'Response',
            promised: true,
            does: [leaves],
          },
        },
        'stream|pipeline': {
          call: { takes: [[options('request')]], does: [{ ...leaves, body: 'stream' }] },
        },
        compose: { call: { gives: 'RetryAgent' } },
        'close|destroy': {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
      },
    },
    RetryAgent: {
      members: {
        request: {
          call: {
            takes: [[options('request')]],
            gives: 'Response',
            promised: true,
            does: [{ ...leaves, profile: 'retrying' }],
          },
        },
        'close|destroy': {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
      },
    },
    interceptors: { members: { retry: { call: { takes: [[options('retry')]] } } } },
    Response: { members: { body: 'Body' } },
    Body: {
      members: {
        'json|text|arrayBuffer|blob|bytes|formData|dump': {
          call: { does: [{ is: 'read-body' }] },
        },
      },
    },
  },
  profiles: (['default', 'retrying'] as const).map((name) => ({
    name,
    versions: '>=5 <9',
    phases: {
      connect: {
        ms: 10_000,
        ...fact(
          'undici@5.29.0 lib/core/connect.js:83, undici@6.29.1 lib/core/connect.js:86',
          'undici/default',
        ),
      },
      acquire: {
        notApplicable:
          'connections per origin are unlimited; with `connections` requests queue unbounded',
      },
      headers: {
        ms: 300_000,
        ...fact(
          'undici@5.29.0 lib/client.js:284, undici@7.30.2 lib/dispatcher/client.js:263, undici@8.12.4 lib/dispatcher/client.js:319',
          'undici/default',
        ),
      },
      idle: {
        ms: 300_000,
        ...fact(
          'undici@5.29.0 lib/client.js:285, undici@7.30.2 lib/dispatcher/client.js:262, undici@8.12.4 lib/dispatcher/client.js:318',
          'undici/default',
        ),
      },
      total: forEver(fact('undici@7.30.2 lib/dispatcher/client.js', 'undici/default')),
      release: { notApplicable: 'the promise is the call' },
    },
    attempts:
      name === 'default'
        ? { max: 1, ...fact('undici@7.30.2 lib/dispatcher/client.js', 'undici/default') }
        : {
            max: 6,
            delay: 'exponential',
            delayMs: 500,
            jitter: false,
            on: ['reset', '5xx', '429'],
            methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'],
            ...fact('undici@7.30.2 lib/handler/retry-handler.js:110', 'undici/retry-agent'),
          },
    pool: {
      size: Infinity,
      queue: Infinity,
      per: 'origin',
      ...fact('undici@7.30.2 lib/dispatcher/pool.js:68'),
    },
  })),
  options: [
    signal(['request'], fact('undici@5.29.0 lib/api/abort-signal.js', 'undici/signal'), '>=5 <6'),
    // From 6 on an abort before the connection stands is only noticed when it does.
    signal(['request'], fact('undici@7.30.2 lib/api/api-request.js', 'undici/signal'), '>=6 <9', [
      'headers',
      'idle',
      'total',
    ]),
    {
      in: ['request', 'dispatcher'],
      path: 'headersTimeout',
      meaning: { bounds: ['headers'], unit: 'ms', per: 'attempt', lateByMs: 1_000 },
      disabledBy: [zero],
      ...fact('undici@7.30.2 lib/dispatcher/client.js:263', 'undici/headers-timeout'),
    },
    {
      in: ['request', 'dispatcher'],
      path: 'bodyTimeout',
      meaning: { bounds: ['idle'], unit: 'ms', per: 'attempt', lateByMs: 1_000 },
      disabledBy: [zero],
      ...fact('undici@7.30.2 lib/dispatcher/client.js:262', 'undici/body-timeout'),
    },
    {
      in: ['dispatcher'],
      path: 'connect.timeout',
      meaning: { bounds: ['connect'], unit: 'ms', per: 'attempt', lateByMs: 1_000 },
      disabledBy: [zero],
      ...fact('undici@7.30.2 lib/core/connect.js', 'undici/connect-timeout'),
    },
    {
      in: ['dispatcher'],
      path: 'connectTimeout',
      meaning: { bounds: ['connect'], unit: 'ms', per: 'attempt', lateByMs: 1_000 },
      disabledBy: [zero],
      ...fact('undici@7.30.2 lib/dispatcher/client.js'),
    },
    setting(
      ['dispatcher'],
      'connections',
      'pool-size',
      fact('undici@7.30.2 lib/dispatcher/pool.js:68'),
      { disabledBy: [zero, { equals: null }] },
    ),
    setting(
      ['retry'],
      'maxRetries',
      'retries',
      fact('undici@7.30.2 lib/handler/retry-handler.js:110'),
    ),
    setting(
      ['retry'],
      'minTimeout',
      'retry-delay',
      fact('undici@7.30.2 lib/handler/retry-handler.js:110'),
    ),
    setting(
      ['retry'],
      'methods',
      'retry-methods',
      fact('undici@7.30.2 lib/handler/retry-handler.js:110'),
    ),
    setting(['request'], 'method', 'verb', fact('undici@7.30.2 lib/core/request.js')),
  ],
  delegates: [
    {
      in: ['request'],
      path: 'dispatcher',
      to: 'dispatcher',
      ...fact('undici@7.30.2 index.js', 'undici/connect-timeout'),
    },
  ],
  ineffective: [
    {
      in: ['request'],
      path: 'timeout',
      why: 'undici has no option timeout.',
      instead: 'signal: AbortSignal.timeout(5_000)',
      ...fact('undici@7.30.2 lib/core/request.js', 'undici/timeout-option'),
    },
  ],
  fix: 'await request(url, { signal: AbortSignal.timeout(5_000) })',
});
