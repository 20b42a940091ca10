import {
  argument,
  type Callable,
  defineLibrary,
  fact,
  operation,
  phases,
  type Shape,
  zero,
} from '../library.ts';

const sends: Shape = { call: { promised: true, does: [operation('POST')] } };
const timeout: Callable = {
  takes: [[{ role: 'option', set: 'client', path: 'timeout' }]],
  does: [{ is: 'configure', of: 'receiver' }],
};
const AXIOS =
  '@sendgrid/client@7.7.0 src/classes/client.js, @sendgrid/client@8.1.6 src/classes/client.js:157';

/** Mail by SendGrid, over axios. */
export default defineLibrary({
  name: 'sendgrid',
  packages: [
    { name: '@sendgrid/mail', versions: '>=7 <9' },
    { name: '@sendgrid/client', versions: '>=7 <9' },
  ],
  roles: ['sdk'],
  modules: {
    '@sendgrid/mail': {
      default: 'Mail',
      '=': 'Mail',
      MailService: { construct: { gives: 'Mail' } },
    },
    '@sendgrid/client': {
      default: 'Client',
      '=': 'Client',
      Client: { construct: { gives: 'Client' } },
    },
  },
  shapes: {
    Mail: {
      members: { 'send|sendMultiple': sends, setTimeout: { call: timeout }, default: 'Mail' },
    },
    Client: {
      members: {
        request: {
          call: { takes: [[argument('other')]], promised: true, does: [operation('request')] },
        },
        setDefaultRequest: {
          call: {
            takes: [
              [{ role: 'options', set: 'client', is: ['object'] }],
              [argument('name', 'string'), { role: 'option', set: 'client', path: 'timeout' }],
            ],
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=7 <9',
      phases: phases(fact(AXIOS, 'sendgrid/default')),
      attempts: { max: 1, ...fact(AXIOS, 'sendgrid/default') },
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'timeout',
      meaning: { bounds: ['connect', 'headers', 'idle'], unit: 'ms', per: 'call' },
      disabledBy: [zero],
      undefinedIs: 'inherit',
      ...fact('@sendgrid/mail@8.1.6 src/classes/mail-service.js:53', 'sendgrid/timeout'),
    },
  ],
  slow: 'mail',
  fix: 'sgMail.setTimeout(5_000)',
});
