import {
  argument,
  defineLibrary,
  fact,
  forEver,
  none,
  type OutboundCall,
  options,
  type Shape,
  setting,
  unset,
} from '../library.ts';

const call: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'member',
  body: 'read',
  rejectsOn: ['network', '5xx'],
};
const client = { is: 'client', profile: 'default', connections: 'multiplexed' } as const;
const Redis: Shape = {
  construct: {
    takes: [
      [argument('connection', 'string'), options('client')],
      [argument('port', 'number'), options('client')],
      [argument('port', 'number'), argument('name', 'string'), options('client')],
      [options('client')],
    ],
    gives: 'Redis',
    does: [client],
  },
  members: {
    Cluster: {
      construct: {
        takes: [[argument('other', 'array'), options('cluster')]],
        gives: 'Redis',
        does: [client],
      },
    },
    default: 'RedisClass',
    Redis: 'RedisClass',
  },
  extended: 'Redis',
};

/** ioredis: one multiplexed connection; commands before it stands wait in a queue. */
export default defineLibrary({
  name: 'ioredis',
  packages: [
    { name: 'ioredis', versions: '>=4 <7' },
    { name: 'iovalkey', versions: '>=0 <1' },
  ],
  roles: ['data'],
  modules: {
    ioredis: {
      'default|Redis': 'RedisClass',
      '=': 'RedisClass',
      Cluster: {
        construct: {
          takes: [[argument('other', 'array'), options('cluster')]],
          gives: 'Redis',
          does: [client],
        },
      },
    },
    iovalkey: { 'default|Redis': 'RedisClass', '=': 'RedisClass' },
  },
  shapes: {
    RedisClass: Redis,
    Redis: {
      members: {
        'quit|disconnect': {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
        'on|once|off': { call: { does: [{ is: 'listener' }] } },
        duplicate: {
          call: {
            takes: [[options('client')]],
            gives: 'Redis',
            does: [{ ...client, inherits: true }],
          },
        },
        'blpop|brpop|brpoplpush|blmove|bzpopmin|bzpopmax|xread|xreadgroup|subscribe|psubscribe|ssubscribe|monitor|wait':
          { call: { promised: true, does: [{ ...call, waits: true }] } },
        'pipeline|multi': { call: { gives: 'Pipeline' } },
        'scanStream|hscanStream|sscanStream|zscanStream|defineCommand|status|options': {},
      },
      others: { call: { promised: true, does: [call] } },
    },
    Pipeline: {
      members: { exec: { call: { promised: true, does: [{ ...call, verb: 'exec' }] } } },
      others: { call: { chains: true } },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=4 <7',
      phases: {
        // 10 s for the TCP connection only, and for ever again and again: the command waits through all of it.
        connect: forEver(fact('ioredis@5.11.1 built/redis/RedisOptions.js:9', 'ioredis/default')),
        acquire: { notApplicable: 'one connection carries all commands' },
        headers: forEver(
          fact(
            'ioredis@5.11.1 built/Redis.js:352, ioredis@6.0.0 built/Redis.js:368',
            'ioredis/default',
          ),
        ),
        idle: forEver(fact('ioredis@5.11.1 built/Redis.js:352')),
        total: forEver(fact('ioredis@5.11.1 built/Redis.js:352')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: {
        max: 21,
        delay: 'exponential',
        delayMs: 50,
        jitter: false,
        on: ['connect', 'reset'],
        methods: ['*'],
        ...fact('ioredis@5.11.1 built/redis/RedisOptions.js:52 (maxRetriesPerRequest 20)'),
      },
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'commandTimeout',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'call' },
      disabledBy: [unset],
      brokenBy: [{ value: { is: 'string' }, result: 'ignored' }],
      ...fact(
        'ioredis@5.11.1 built/Redis.js:352, ioredis@6.0.0 built/Redis.js:368',
        'ioredis/command-timeout',
      ),
    },
    {
      in: ['client'],
      path: 'socketTimeout',
      versions: '>=5 <7',
      // Ends the connection; the command is sent again on the next one, up to maxRetriesPerRequest.
      meaning: { bounds: [], unit: 'ms', per: 'attempt' },
      disabledBy: [unset],
      ...fact('ioredis@5.11.1 built/Redis.js', 'ioredis/socket-timeout'),
    },
    {
      in: ['client'],
      path: 'connectTimeout',
      // The TCP connection only; reconnecting goes on.
      meaning: { bounds: [], unit: 'ms', per: 'attempt' },
      disabledBy: [{ equals: 0 }],
      ...fact('ioredis@5.11.1 built/redis/RedisOptions.js:9', 'ioredis/connect-timeout'),
    },
    setting(
      ['client'],
      'maxRetriesPerRequest',
      'retries',
      fact('ioredis@5.11.1 built/redis/RedisOptions.js:52'),
      {
        disabledBy: [none],
      },
    ),
    setting(
      ['client'],
      'enableOfflineQueue',
      'offline-queue',
      fact('ioredis@5.11.1 built/redis/RedisOptions.js'),
    ),
    setting(
      ['client'],
      'keepAlive',
      'keep-alive',
      fact('ioredis@5.11.1 built/redis/RedisOptions.js'),
    ),
  ],
  delegates: [
    {
      in: ['cluster'],
      path: 'redisOptions',
      to: 'client',
      ...fact('ioredis@5.11.1 built/cluster/index.js'),
    },
  ],
  fix: 'new Redis(url, { commandTimeout: 2_000, connectTimeout: 5_000 })',
});
