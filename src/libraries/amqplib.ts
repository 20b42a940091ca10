import {
  argument,
  defineLibrary,
  fact,
  forEver,
  type OutboundCall,
  options,
  setting,
  unset,
  zero,
} from '../library.ts';

const asks: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'member',
  body: 'read',
  rejectsOn: ['network', '5xx'],
};

/** RabbitMQ. Publishing only writes into a buffer; declaring and consuming wait for the broker. */
export default defineLibrary({
  name: 'amqplib',
  packages: [{ name: 'amqplib', versions: '>=0.8 <3' }],
  roles: ['queue'],
  modules: {
    amqplib: {
      default: { members: { connect: 'connect' } },
      '=': { members: { connect: 'connect' } },
      connect: 'connect',
    },
    'amqplib/callback_api': { connect: 'connect', default: { members: { connect: 'connect' } } },
  },
  shapes: {
    connect: {
      call: {
        takes: [
          [
            argument('connection'),
            options('client'),
            { role: 'callback', is: ['function'], optional: true },
          ],
        ],
        gives: 'Connection',
        promised: true,
        does: [
          { is: 'client', profile: 'default', connections: 'single' },
          { ...asks, verb: 'connect' },
        ],
      },
    },
    Connection: {
      members: {
        'createChannel|createConfirmChannel': {
          call: { gives: 'Channel', promised: true, does: [asks] },
        },
        close: {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: false }] },
        },
        'on|once': { call: { does: [{ is: 'listener' }] } },
      },
    },
    Channel: {
      members: {
        'assertQueue|checkQueue|deleteQueue|bindQueue|unbindQueue|purgeQueue|assertExchange|checkExchange|bindExchange|get|waitForConfirms':
          { call: { promised: true, does: [asks] } },
        consume: {
          call: {
            takes: [[argument('name'), { role: 'handler', is: ['function'] }, options('consume')]],
            promised: true,
            does: [{ is: 'consume', consumer: 'channel' }],
          },
        },
        'publish|sendToQueue|ack|nack|reject|ackAll|nackAll': { call: {} },
        prefetch: {
          call: {
            takes: [[{ role: 'option', set: 'channel', path: 'prefetch' }]],
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
        cancel: {
          call: { does: [{ is: 'close', what: 'consumer', completes: 'promise', drains: false }] },
        },
        close: {
          call: { does: [{ is: 'close', what: 'consumer', completes: 'promise', drains: false }] },
        },
        'on|once': { call: { does: [{ is: 'listener' }] } },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=0.8 <3',
      phases: {
        connect: forEver(
          fact(
            'amqplib@0.10.9 lib/connect.js:151, amqplib@2.3.1 lib/connect.js:165',
            'amqplib/default',
          ),
        ),
        acquire: { notApplicable: 'one connection' },
        headers: forEver(fact('amqplib@2.3.1 lib/channel.js', 'amqplib/default')),
        idle: forEver(fact('amqplib@2.3.1 lib/channel.js')),
        total: forEver(fact('amqplib@2.3.1 lib/channel.js')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: {
        max: 1,
        ...fact(
          'amqplib@0.10.9 lib/connect.js:70, amqplib@2.3.1 lib/recovery.js:3 (recovery is off)',
        ),
      },
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'timeout',
      meaning: { bounds: ['connect'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(
        'amqplib@0.10.9 lib/connect.js:151, amqplib@2.3.1 lib/connect.js:165',
        'amqplib/timeout',
      ),
    },
    {
      in: ['url'],
      path: 'heartbeat',
      // Two missed beats end the connection.
      meaning: { bounds: ['headers', 'idle', 'total'], unit: 's', per: 'attempt' },
      disabledBy: [zero],
      ...fact('amqplib@2.3.1 lib/heartbeat.js'),
    },
    setting(
      ['channel'],
      'prefetch',
      'prefetch',
      fact('https://amqp-node.github.io/amqplib/channel_api.html#channel_prefetch'),
      {
        disabledBy: [zero],
      },
    ),
    setting(
      ['consume'],
      'noAck',
      'variant',
      fact('https://amqp-node.github.io/amqplib/channel_api.html#channel_consume'),
    ),
  ],
  consumers: [
    {
      name: 'channel',
      versions: '>=0.8 <3',
      sigterm: { byDefault: 'killed', ...fact('amqplib@2.3.1 lib/connect.js: no process.on') },
      close: {
        drains: false,
        ...fact('amqplib@2.3.1 lib/channel.js (messages that are not acknowledged come again)'),
      },
      inFlight: { max: Infinity, ...fact('https://www.rabbitmq.com/docs/consumer-prefetch') },
      deliveries: {
        max: Infinity,
        ...fact('https://www.rabbitmq.com/docs/confirms#automatic-requeueing'),
      },
    },
  ],
  fix: "amqp.connect(url + '?heartbeat=10', { timeout: 5_000 })",
});
