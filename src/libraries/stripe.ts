import {
  type Attempts,
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
  unset,
} from '../library.ts';

const call: Callable = {
  takes: [
    [
      { role: 'other', optional: true },
      { ...options('call'), rest: true },
    ],
    [argument('other'), argument('other', 'string'), { ...options('call'), rest: true }],
  ],
  promised: true,
  does: [operation('member')],
};
const made: Callable = {
  takes: [[{ role: 'other', optional: true }, options('client')]],
  gives: 'Client',
  does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
};
const stripe: Shape = { construct: made, call: made };
const HANDLER =
  'stripe@14.25.0 cjs/net/NodeHttpClient.js, stripe@17.7.0 cjs/net/NodeHttpClient.js:46';
const attempts = (max: number, source: string): Attempts => ({
  max,
  delay: 'exponential',
  delayMs: 500,
  jitter: true,
  on: ['connect', 'reset', 'timeout', '5xx'],
  methods: ['*'],
  ...fact(source),
});
// The time does not start before the socket is connected; a body that stalls ends nothing (measured).
const ends = phases(fact(`${HANDLER}, cjs/stripe.core.js:17`, 'stripe/default'), {
  headers: 80_000,
});

export default defineLibrary({
  name: 'stripe',
  packages: [{ name: 'stripe', versions: '>=11 <24' }],
  roles: ['sdk'],
  modules: { stripe: { 'default|Stripe': stripe, '=': stripe } },
  shapes: {
    Client: {
      members: {
        // Signatures of events are checked without a request.
        webhooks: {},
        'on|off|once|setAppInfo|getApiField|getConstant|VERSION|errors': {},
      },
      others: 'Group',
    },
    Group: operations('Group', call),
  },
  profiles: [
    {
      name: 'default',
      versions: '>=11 <13',
      phases: ends,
      attempts: { max: 1, ...fact('stripe@12.18.0 cjs/stripe.core.js') },
    },
    {
      name: 'default',
      versions: '>=13 <16',
      phases: ends,
      attempts: attempts(2, 'stripe@14.25.0 cjs/stripe.core.js:79'),
    },
    {
      name: 'default',
      versions: '>=16 <24',
      phases: ends,
      attempts: attempts(3, 'stripe@17.7.0 cjs/stripe.core.js:80'),
    },
  ],
  options: [
    {
      in: ['client', 'call'],
      path: 'timeout',
      meaning: { bounds: ['headers'], unit: 'ms', per: 'attempt' },
      disabledBy: [],
      undefinedIs: 'inherit',
      ...fact(HANDLER, 'stripe/timeout'),
    },
    setting(
      ['client', 'call'],
      'maxNetworkRetries',
      'retries',
      fact('stripe@14.25.0 cjs/stripe.core.js:79, stripe@17.7.0 cjs/stripe.core.js:80'),
    ),
    {
      in: ['client'],
      path: 'httpClient',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'signal',
        per: 'attempt',
      },
      disabledBy: [unset],
      ...fact('stripe@17.7.0 cjs/stripe.core.js'),
    },
    {
      in: ['client'],
      path: 'httpAgent',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'signal',
        per: 'attempt',
      },
      disabledBy: [unset],
      ...fact('stripe@17.7.0 cjs/stripe.core.js'),
    },
    setting(['client'], 'host', 'target', fact('stripe@17.7.0 cjs/stripe.core.js')),
  ],
  fix: 'new Stripe(key, { timeout: 10_000, httpClient: Stripe.createFetchHttpClient() })',
});
