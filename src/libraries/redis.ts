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

const call: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'member',
  body: 'read',
  rejectsOn: ['network', '5xx'],
};
const client = {
  is: 'client',
  profile: 'default',
  connections: 'multiplexed',
  // Measured with 6.3.1: a connection that is reset ends a process without a listener.
  needsErrorListener: fact('@redis/client@6.3.1 dist/lib/client/socket.js:167'),
} as const;
const close = {
  call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
} as const;
const attempts = {
  max: Infinity,
  delay: 'exponential',
  delayMs: 50,
  on: ['connect'],
  methods: ['*'],
} as const;

/** node-redis: one multiplexed connection; commands before it stands wait in a queue. */
export default defineLibrary({
  name: 'redis',
  packages: [
    { name: 'redis', versions: '>=4 <7' },
    { name: '@redis/client', versions: '>=1 <2 || >=5 <7' },
  ],
  roles: ['data'],
  modules: {
    redis: {
      default: 'redis',
      'createClient|createSentinel': 'createClient',
      createCluster: 'createCluster',
      createClientPool: 'createClientPool',
    },
    '@redis/client': {
      'createClient|createSentinel': 'createClient',
      createCluster: 'createCluster',
      createClientPool: 'createClientPool',
    },
  },
  shapes: {
    redis: {
      members: {
        'createClient|createSentinel': 'createClient',
        createCluster: 'createCluster',
        createClientPool: 'createClientPool',
      },
    },
    createClient: { call: { takes: [[options('client')]], gives: 'Client', does: [client] } },
    createCluster: { call: { takes: [[options('cluster')]], gives: 'Client', does: [client] } },
    createClientPool: {
      call: {
        takes: [[options('client'), options('pool')]],
        gives: 'Client',
        does: [{ is: 'client', profile: 'default', connections: 'pool' }],
      },
    },
    Client: {
      members: {
        connect: {
          call: { gives: 'Client', promised: true, does: [{ ...call, verb: 'connect' }] },
        },
        'quit|close|disconnect|destroy': close,
        'on|once|addListener': {
          call: {
            takes: [[argument('name'), { role: 'callback' }]],
            chains: true,
            does: [{ is: 'listener' }],
          },
        },
        off: { call: {} },
        duplicate: {
          call: {
            takes: [[options('client')]],
            gives: 'Client',
            does: [{ ...client, inherits: true }],
          },
        },
        withCommandOptions: { call: { takes: [[options('command')]], gives: 'Client' } },
        'blPop|brPop|blMove|bzPopMin|bzPopMax|xRead|xReadGroup|subscribe|pSubscribe|sSubscribe|monitor|wait|BLPOP|BRPOP|XREAD|XREADGROUP|SUBSCRIBE':
          { call: { promised: true, does: [{ ...call, waits: true }] } },
        'multi|MULTI': { call: { gives: 'Multi' } },
        'isOpen|isReady|options|scanIterator|hScanIterator|sScanIterator|zScanIterator': {},
      },
      others: { call: { promised: true, does: [call] } },
    },
    Multi: {
      members: {
        'exec|execAsPipeline|EXEC': { call: { promised: true, does: [{ ...call, verb: 'exec' }] } },
      },
      others: { call: { chains: true } },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=4 <7',
      phases: {
        // 5 s for the TCP connection only; then again, without end.
        connect: forEver(
          fact(
            '@redis/client@1.6.1 dist/lib/client/socket.js:104, @redis/client@5.12.1 dist/lib/client/socket.js:44',
            'redis/default',
          ),
        ),
        acquire: { notApplicable: 'one connection carries all commands' },
        headers: forEver(
          fact(
            '@redis/client@5.12.1 dist/lib/client/commands-queue.js:394, @redis/client@6.3.1 dist/lib/client/commands-queue.js:430',
            'redis/default',
          ),
        ),
        idle: forEver(fact('@redis/client@5.12.1 dist/lib/client/commands-queue.js:394')),
        total: forEver(fact('@redis/client@5.12.1 dist/lib/client/commands-queue.js:394')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: {
        ...attempts,
        ...fact('@redis/client@5.12.1 dist/lib/client/socket.js (reconnectStrategy)'),
      },
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'socket.socketTimeout',
      versions: '>=5 <7',
      meaning: { bounds: ['headers', 'idle'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(
        '@redis/client@5.12.1 dist/lib/client/socket.js:47, @redis/client@6.3.1 dist/lib/client/socket.js:431',
        'redis/socket-timeout',
      ),
    },
    {
      in: ['client'],
      path: 'socket.connectTimeout',
      // The TCP connection only; reconnecting goes on.
      meaning: { bounds: [], unit: 'ms', per: 'attempt' },
      disabledBy: [zero],
      ...fact('@redis/client@5.12.1 dist/lib/client/socket.js:44', 'redis/connect-timeout'),
    },
    setting(
      ['client'],
      'disableOfflineQueue',
      'offline-queue',
      fact('@redis/client@5.12.1 dist/lib/client/index.js'),
    ),
    setting(
      ['client'],
      'commandsQueueMaxLength',
      'queue-limit',
      fact('@redis/client@5.12.1 dist/lib/client/commands-queue.js'),
    ),
    setting(['client'], 'url', 'target', fact('@redis/client@5.12.1 dist/lib/client/index.js')),
    {
      in: ['pool'],
      path: 'acquireTimeout',
      versions: '>=5 <7',
      meaning: { bounds: ['acquire'], unit: 'ms', per: 'call' },
      disabledBy: [zero],
      ...fact('@redis/client@5.12.1 dist/lib/client/pool.js:80'),
    },
    setting(['pool'], 'maximum', 'pool-size', fact('@redis/client@5.12.1 dist/lib/client/pool.js')),
  ],
  delegates: [
    {
      in: ['cluster'],
      path: 'defaults',
      to: 'client',
      ...fact('@redis/client@5.12.1 dist/lib/cluster/index.js'),
    },
    {
      in: ['client'],
      path: 'commandOptions',
      to: 'command',
      ...fact('@redis/client@5.12.1 dist/lib/client/index.js'),
    },
  ],
  ineffective: [
    {
      in: ['command'],
      path: 'timeout',
      versions: '>=5 <7',
      why: 'The timeout of commandOptions ends when the command is written; it does not bound the answer.',
      instead: 'socket: { socketTimeout: 5_000 }',
      ...fact(
        '@redis/client@5.12.1 dist/lib/client/commands-queue.js:392, @redis/client@6.3.1 dist/lib/client/commands-queue.js:428',
        'redis/command-timeout',
      ),
    },
    {
      in: ['client'],
      path: 'socket.socketTimeout',
      versions: '>=4 <5',
      why: 'redis below 5 has no socketTimeout.',
      instead: 'upgrade redis to 5',
      ...fact('@redis/client@1.6.1 dist/lib/client/socket.js:104', 'redis/socket-timeout-4'),
    },
    {
      in: ['client'],
      path: 'commandTimeout',
      why: 'commandTimeout is an option of ioredis.',
      instead: 'socket: { socketTimeout: 5_000 }',
      ...fact('@redis/client@5.12.1 dist/lib/client/index.js', 'redis/ioredis-option'),
    },
  ],
  fix: 'createClient({ url, socket: { connectTimeout: 5_000, socketTimeout: 5_000 } })',
});
