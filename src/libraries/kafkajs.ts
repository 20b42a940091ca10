import { defineLibrary, fact, type OutboundCall, off, options, setting, zero } from '../library.ts';

const call: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'member',
  body: 'read',
  rejectsOn: ['network', '5xx'],
};
const inherits = {
  is: 'client',
  profile: 'default',
  connections: 'multiplexed',
  inherits: true,
} as const;
const asks = { call: { takes: [[options('send')]], promised: true, does: [call] } } as const;

export default defineLibrary({
  name: 'kafkajs',
  packages: [{ name: 'kafkajs', versions: '>=2 <3' }],
  roles: ['queue'],
  modules: {
    kafkajs: {
      Kafka: {
        construct: {
          takes: [[options('client')]],
          gives: 'Kafka',
          does: [{ is: 'client', profile: 'default', connections: 'multiplexed' }],
        },
      },
    },
  },
  shapes: {
    Kafka: {
      members: {
        producer: { call: { takes: [[options('producer')]], gives: 'Producer', does: [inherits] } },
        consumer: { call: { takes: [[options('consumer')]], gives: 'Consumer', does: [inherits] } },
        admin: { call: { takes: [[options('client')]], gives: 'Admin', does: [inherits] } },
      },
    },
    Producer: {
      members: {
        'connect|send|sendBatch|transaction': asks,
        disconnect: {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
        on: { call: { does: [{ is: 'listener' }] } },
      },
    },
    Consumer: {
      members: {
        'connect|subscribe|commitOffsets': asks,
        run: {
          call: {
            takes: [
              [
                {
                  role: 'handler',
                  path: 'eachMessage|eachBatch',
                  set: 'run',
                  is: ['object'],
                },
              ],
            ],
            promised: true,
            does: [{ is: 'consume', consumer: 'consumer' }],
          },
        },
        'disconnect|stop': {
          call: { does: [{ is: 'close', what: 'consumer', completes: 'promise', drains: true }] },
        },
        'on|pause|resume|seek': { call: {} },
      },
    },
    Admin: {
      members: {
        disconnect: {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
      },
      others: asks,
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=2 <3',
      phases: {
        // Of one attempt; connecting is retried.
        connect: { ms: 1_000, ...fact('kafkajs@2.2.4 src/index.js:56', 'kafkajs/default') },
        acquire: { notApplicable: 'one connection per broker carries all requests' },
        headers: { ms: 30_000, ...fact('kafkajs@2.2.4 src/index.js:60', 'kafkajs/default') },
        idle: { ms: 30_000, ...fact('kafkajs@2.2.4 src/network/requestQueue/index.js:91') },
        total: { ms: 30_000, ...fact('kafkajs@2.2.4 src/network/requestQueue/index.js:91') },
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: {
        max: 6,
        delay: 'exponential',
        delayMs: 300,
        jitter: true,
        on: ['connect', 'reset', 'timeout', '5xx'],
        methods: ['*'],
        ...fact('kafkajs@2.2.4 src/retry/defaults.js:6'),
      },
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'connectionTimeout',
      meaning: { bounds: ['connect'], unit: 'ms', per: 'attempt' },
      disabledBy: [],
      ...fact('kafkajs@2.2.4 src/index.js:56', 'kafkajs/connection-timeout'),
    },
    {
      in: ['client'],
      path: 'requestTimeout',
      meaning: { bounds: ['headers', 'idle', 'total'], unit: 'ms', per: 'attempt' },
      disabledBy: [],
      ...fact('kafkajs@2.2.4 src/network/requestQueue/index.js:91', 'kafkajs/request-timeout'),
    },
    {
      in: ['client'],
      path: 'enforceRequestTimeout',
      // false switches requestTimeout off.
      meaning: { bounds: ['headers', 'idle', 'total'], unit: 'ms', per: 'attempt' },
      disabledBy: [off],
      ...fact('kafkajs@2.2.4 src/index.js:60'),
    },
    setting(
      ['client', 'producer', 'consumer'],
      'retry.retries',
      'retries',
      fact('kafkajs@2.2.4 src/retry/defaults.js:6'),
      {
        disabledBy: [zero],
      },
    ),
    setting(
      ['run'],
      'partitionsConsumedConcurrently',
      'concurrency',
      fact('kafkajs@2.2.4 src/consumer/index.js'),
    ),
  ],
  consumers: [
    {
      name: 'consumer',
      versions: '>=2 <3',
      sigterm: {
        byDefault: 'killed',
        ...fact('kafkajs@2.2.4 src/consumer/index.js: no process.on'),
      },
      close: { drains: true, ...fact('kafkajs@2.2.4 src/consumer/runner.js') },
      inFlight: {
        max: 1,
        ...fact('kafkajs@2.2.4 src/consumer/index.js (partitionsConsumedConcurrently 1)'),
      },
      deliveries: {
        max: Infinity,
        ...fact(
          'kafkajs@2.2.4 src/consumer/runner.js (an offset that is not committed comes again)',
        ),
      },
    },
  ],
  fix: 'new Kafka({ brokers, connectionTimeout: 3_000, requestTimeout: 10_000 })',
});
