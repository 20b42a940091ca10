import {
  argument,
  defineLibrary,
  fact,
  operation,
  operations,
  options,
  phases,
  type Shape,
  setting,
  unset,
  zero,
} from '../library.ts';

const client: Shape = {
  construct: {
    takes: [[{ role: 'other', optional: true }, options('client')]],
    gives: 'Client',
    does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
  },
  extended: 'Client',
};
const DEFAULT =
  '@slack/web-api@6.13.0 dist/WebClient.js:88, @slack/web-api@8.2.0 dist/WebClient.js:123';

/** Slack's Web API and incoming webhooks. */
export default defineLibrary({
  name: 'slack',
  packages: [
    { name: '@slack/web-api', versions: '>=6 <9' },
    { name: '@slack/webhook', versions: '>=6 <9' },
  ],
  roles: ['sdk'],
  modules: {
    '@slack/web-api': { WebClient: client },
    '@slack/webhook': {
      IncomingWebhook: {
        construct: {
          takes: [[argument('url'), options('client')]],
          gives: 'Webhook',
          does: [{ is: 'client', profile: 'webhook', connections: 'stateless' }],
        },
      },
    },
  },
  shapes: {
    Client: {
      members: {
        'on|once|off|addListener': { call: { does: [{ is: 'listener' }] } },
        'token|slackApiUrl|logger': {},
      },
      others: 'Method',
    },
    Method: operations('Method', { promised: true, does: [operation('member')] }),
    Webhook: {
      members: { send: { call: { promised: true, does: [operation('POST', 'webhook')] } } },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=6 <9',
      phases: phases(fact(DEFAULT, 'slack/default')),
      attempts: {
        max: 11,
        delay: 'exponential',
        delayMs: 1_000,
        jitter: true,
        on: ['connect', 'reset', 'timeout', '5xx', '429'],
        methods: ['*'],
        ...fact('@slack/web-api@8.2.0 dist/retry-policies.js:10-12', 'slack/default'),
      },
    },
    {
      name: 'webhook',
      versions: '>=6 <9',
      phases: phases(fact('@slack/webhook@8.0.2 dist/IncomingWebhook.js:69')),
      attempts: { max: 1, ...fact('@slack/webhook@8.0.2 dist/IncomingWebhook.js:69-98') },
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'timeout',
      versions: '>=8 <9',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero],
      undefinedIs: 'inherit',
      ...fact(`${DEFAULT},421`, 'slack/timeout'),
    },
    {
      in: ['client'],
      path: 'timeout',
      versions: '>=6 <8',
      meaning: { bounds: ['connect', 'headers', 'idle'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero],
      undefinedIs: 'inherit',
      ...fact(`${DEFAULT},421`, 'slack/timeout'),
    },
    setting(
      ['client'],
      'retryConfig.retries',
      'retries',
      fact('@slack/web-api@8.2.0 dist/retry-policies.js'),
    ),
    {
      in: ['client'],
      path: 'fetch',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'signal',
        per: 'attempt',
      },
      disabledBy: [unset],
      ...fact('@slack/web-api@8.2.0 dist/WebClient.js:123'),
    },
    {
      in: ['client'],
      path: 'agent',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'signal',
        per: 'attempt',
      },
      disabledBy: [unset],
      ...fact('@slack/web-api@6.13.0 dist/WebClient.js:88'),
    },
  ],
  fix: 'new WebClient(token, { timeout: 5_000 })',
});
