import {
  argument,
  type Callable,
  defineLibrary,
  fact,
  operation,
  operations,
  options,
  phases,
  type Shape,
  setting,
  signal,
  unset,
  zero,
} from '../library.ts';

const request: Callable = {
  takes: [[options('request')]],
  promised: true,
  does: [operation({ option: 'method', otherwise: 'GET' })],
};
/** `calendar.events.insert(params, options)`. */
const api: Callable = {
  takes: [[{ role: 'other', optional: true }, options('request')]],
  promised: true,
  does: [operation('member')],
};
const authorized: Callable = { promised: true, does: [operation('member', 'auth')] };
const made: Callable = {
  takes: [[{ ...options('client'), is: ['object'] }], [argument('other')]],
  gives: 'Api',
  // `google.options()` holds for all that is made after it.
  does: [{ is: 'client', profile: 'default', connections: 'stateless', inherits: true }],
};
const auth: Shape = { construct: { gives: 'Auth' } };
const V6 = 'gaxios@6.7.1 build/src/gaxios.js';
const V7 = 'gaxios@7.3.1 build/cjs/src/gaxios.js:432';
const attempts = {
  max: 1,
  ...fact('gaxios@7.3.1 build/esm/src/retry.js:15-64', 'gaxios/default'),
} as const;

/** The HTTP client of Google, its generated APIs (`googleapis`, `@googleapis/*`) and its authentication. */
export default defineLibrary({
  name: 'gaxios',
  packages: [
    { name: 'gaxios', versions: '>=4 <8' },
    { name: 'googleapis', versions: '*' },
    { name: 'googleapis-common', versions: '*' },
    { name: 'google-auth-library', versions: '*' },
    { name: '@googleapis/*', versions: '*' },
  ],
  decidedBy: 'gaxios',
  roles: ['sdk', 'http'],
  modules: {
    gaxios: {
      request: { call: request },
      'default|instance': 'Gaxios',
      Gaxios: {
        construct: {
          takes: [[options('request')]],
          gives: 'Gaxios',
          does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
        },
      },
    },
    googleapis: { google: 'google', Auth: 'auth' },
    '@googleapis/*': { auth: 'auth', '*': { call: made } },
    'google-auth-library': {
      'OAuth2Client|JWT|GoogleAuth|Compute|UserRefreshClient': auth,
    },
  },
  shapes: {
    Gaxios: {
      members: {
        request: { call: request },
        defaults: { assigns: { set: 'request', of: 'client' } },
      },
    },
    google: {
      members: {
        auth: 'auth',
        options: {
          call: { takes: [[options('request')]], does: [{ is: 'configure', of: 'process' }] },
        },
        'discover|getSupportedAPIs|addAPIs': {},
      },
      others: { call: made },
    },
    auth: {
      members: { 'OAuth2|OAuth2Client|JWT|GoogleAuth|Compute': auth, 'fromAPIKey|fromJSON': {} },
    },
    Auth: {
      members: {
        'getToken|refreshAccessToken|revokeToken|revokeCredentials|getTokenInfo|authorize': {
          call: authorized,
        },
      },
    },
    Api: { members: { context: {} }, others: 'Resource' },
    Resource: operations('Resource', api),
  },
  profiles: [
    {
      name: 'default',
      versions: '>=4 <8',
      phases: phases(fact(`${V6}, ${V7}`, 'gaxios/default')),
      attempts,
    },
    {
      name: 'auth',
      versions: '>=4 <8',
      phases: phases(fact(`${V6}, ${V7}`)),
      attempts,
    },
  ],
  options: [
    {
      in: ['request', 'client'],
      path: 'timeout',
      versions: '>=7 <8',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(V7, 'gaxios/timeout'),
    },
    {
      in: ['request', 'client'],
      path: 'timeout',
      versions: '>=4 <7',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(V6, 'gaxios/timeout'),
    },
    signal(['request', 'client'], fact(V7)),
    setting(
      ['request', 'client'],
      'retryConfig.retry',
      'retries',
      fact('gaxios@7.3.1 build/esm/src/retry.js:15-64'),
    ),
    setting(['request'], 'method', 'verb', fact(V7)),
  ],
  fix: 'await request({ url, timeout: 5_000 })\n// all APIs: google.options({ timeout: 5_000 })',
});
