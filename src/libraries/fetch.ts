import {
  argument,
  defineLibrary,
  fact,
  infinite,
  notANumber,
  options,
  overflow,
  unset,
  zero,
} from '../library.ts';

/** The built-in `fetch` of Node.js, which is the undici inside it. */
export default defineLibrary({
  name: 'fetch',
  packages: [{ name: 'node', versions: '>=18' }],
  roles: ['http'],
  modules: {},
  globals: {
    fetch: 'fetch',
    Request: 'Request',
  },
  shapes: {
    fetch: {
      call: {
        takes: [[argument('url'), options('init')]],
        gives: 'Response',
        promised: true,
        does: [
          {
            is: 'call',
            profile: 'default',
            verb: { option: 'method', otherwise: 'GET' },
            body: 'unread',
            rejectsOn: ['network'],
          },
        ],
      },
    },
    Request: { construct: { takes: [[argument('url'), options('init')]], gives: 'request' } },
    request: {},
    Response: {
      members: {
        'json|text|arrayBuffer|blob|formData|bytes': { call: { does: [{ is: 'read-body' }] } },
        body: 'Body',
      },
    },
    Body: {
      members: { 'getReader|pipeTo|pipeThrough|values': { call: { does: [{ is: 'read-body' }] } } },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=18',
      phases: {
        connect: { ms: 10_000, ...fact('undici@6.29.1 lib/core/connect.js:86', 'fetch/default') },
        acquire: { notApplicable: 'connections per origin are unlimited' },
        headers: {
          ms: 300_000,
          ...fact('undici@6.29.1 lib/dispatcher/client.js:241', 'fetch/default'),
        },
        idle: {
          ms: 300_000,
          ...fact('undici@6.29.1 lib/dispatcher/client.js:240', 'fetch/default'),
        },
        total: { ms: Infinity, ...fact('undici@6.29.1 lib/dispatcher/client.js', 'fetch/default') },
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('undici@6.29.1 lib/web/fetch/index.js', 'fetch/default') },
      pool: {
        size: Infinity,
        queue: Infinity,
        per: 'origin',
        ...fact('undici@7.30.2 lib/dispatcher/pool.js:68'),
      },
    },
  ],
  options: [
    {
      in: ['init'],
      path: 'signal',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'signal', per: 'call' },
      disabledBy: [unset, { equals: null }],
      brokenBy: [
        { value: zero, result: 'fires-at-once' },
        { value: notANumber, result: 'throws' },
        { value: infinite, result: 'throws' },
        { value: overflow, result: 'fires-at-once' },
      ],
      ...fact('https://fetch.spec.whatwg.org/#fetch-method', 'fetch/signal'),
    },
    {
      in: ['init'],
      path: 'method',
      meaning: { sets: 'verb' },
      disabledBy: [],
      ...fact('https://fetch.spec.whatwg.org/#request-class'),
    },
  ],
  delegates: [
    {
      in: ['init'],
      path: 'dispatcher',
      to: 'undici:dispatcher',
      ...fact('undici@6.29.1 lib/web/fetch/index.js', 'undici/fetch-dispatcher'),
    },
  ],
  ineffective: [
    {
      in: ['init'],
      path: 'timeout',
      why: 'fetch has no option timeout.',
      instead: 'signal: AbortSignal.timeout(5_000)',
      ...fact('https://fetch.spec.whatwg.org/#requestinit', 'fetch/timeout-option'),
    },
  ],
  fix: 'await fetch(url, { signal: AbortSignal.timeout(5_000) })',
});
