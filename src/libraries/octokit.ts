import {
  type Attempts,
  argument,
  type Callable,
  defineLibrary,
  fact,
  OF_FETCH,
  operation,
  operations,
  options,
  phases,
  type Shape,
  setting,
  signal,
  unset,
} from '../library.ts';

const REQUEST =
  '@octokit/request@8.4.1 dist-node/index.js:64, @octokit/request@10.0.16 dist-bundle/index.js:52';
const called = (profile: string): Callable => ({
  takes: [
    [argument('path', 'string'), options('call')],
    [argument('other'), options('call')],
    [options('call')],
  ],
  promised: true,
  does: [operation('member', profile)],
});
const client = (profile: 'default' | 'octokit'): Shape => ({
  construct: {
    takes: [[options('client')]],
    gives: profile === 'octokit' ? 'Retrying' : 'Client',
    does: [{ is: 'client', profile, connections: 'stateless' }],
  },
  members: {
    'plugin|defaults': { call: { gives: profile === 'octokit' ? 'RetryingClass' : 'Class' } },
  },
});
const members = (profile: 'default' | 'octokit'): Shape => {
  const operationsOf = profile === 'octokit' ? 'RetryingOperation' : 'Operation';
  return {
    members: {
      'request|graphql|paginate': operationsOf,
      rest: { others: operationsOf },
      'auth|hook|log': {},
    },
    // `octokit.repos.get()`, as @octokit/rest had it.
    others: { others: operationsOf },
  };
};
const once: Attempts = { max: 1, ...fact(REQUEST, 'octokit/default') };

/** GitHub's API. What sends requests is @octokit/request, whose version decides. */
export default defineLibrary({
  name: 'octokit',
  packages: [
    { name: '@octokit/request', versions: '>=5 <11' },
    { name: 'octokit', versions: '*' },
    { name: '@octokit/rest', versions: '*' },
    { name: '@octokit/core', versions: '*' },
    { name: '@octokit/app', versions: '*' },
    { name: '@octokit/graphql', versions: '*' },
  ],
  decidedBy: '@octokit/request',
  roles: ['sdk'],
  modules: {
    octokit: { Octokit: 'RetryingClass', App: 'App' },
    '@octokit/rest': { Octokit: 'Class' },
    '@octokit/core': { Octokit: 'Class' },
    '@octokit/app': { App: 'App' },
    '@octokit/request': { request: { call: called('default') } },
    '@octokit/graphql': { graphql: { call: called('default') } },
  },
  shapes: {
    Class: client('default'),
    RetryingClass: client('octokit'),
    Client: members('default'),
    Retrying: members('octokit'),
    Operation: operations('Operation', called('default')),
    RetryingOperation: operations('RetryingOperation', called('octokit')),
    App: { construct: { takes: [[argument('other')]], gives: 'Installations' } },
    Installations: {
      members: {
        octokit: 'Retrying',
        getInstallationOctokit: { call: { gives: 'Retrying', promised: true } },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=8 <11',
      phases: phases(fact(REQUEST, 'octokit/default'), OF_FETCH),
      attempts: once,
    },
    {
      // globalThis.fetch where there is one, node-fetch otherwise: 300 s at least.
      name: 'default',
      versions: '>=5 <8',
      phases: phases(fact('@octokit/request@6.2.8 dist-node/index.js:61'), {
        headers: 300_000,
        idle: 300_000,
      }),
      attempts: once,
    },
    {
      name: 'octokit',
      versions: '>=5 <11',
      phases: phases(fact(REQUEST), OF_FETCH),
      attempts: {
        max: 4,
        delay: 'exponential',
        delayMs: 1_000,
        jitter: false,
        on: ['connect', 'reset', 'timeout', '5xx', '429'],
        methods: ['*'],
        ...fact('@octokit/plugin-retry@8.1.1 dist-bundle/index.js:12-30,56-59'),
      },
    },
  ],
  options: [
    {
      ...signal(
        ['call', 'client'],
        fact('@octokit/request@10.0.16 dist-bundle/index.js:57', 'octokit/signal'),
      ),
      path: 'request.signal',
    },
    {
      in: ['client', 'call'],
      path: 'request.fetch',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'signal',
        per: 'attempt',
      },
      disabledBy: [unset],
      ...fact(REQUEST),
    },
    setting(
      ['client'],
      'retry.retries',
      'retries',
      fact('@octokit/plugin-retry@8.1.1 dist-bundle/index.js:12'),
    ),
    setting(['client'], 'baseUrl', 'target', fact('@octokit/core@7.0.8 dist-src/index.js')),
  ],
  ineffective: [
    {
      in: ['client', 'call'],
      path: 'request.timeout',
      versions: '>=8 <11',
      why: '@octokit/request passes no timeout to fetch.',
      instead: 'request: { signal: AbortSignal.timeout(5_000) }',
      ...fact('@octokit/request@10.0.16 dist-bundle/index.js:52-57'),
    },
  ],
  fix: 'new Octokit({ request: { fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(5_000) }) } })',
});
