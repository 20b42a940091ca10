import {
  argument,
  defineLibrary,
  fact,
  forEver,
  type OutboundCall,
  options,
  type Shape,
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
const client = { is: 'client', profile: 'default', connections: 'pool' } as const;
/** The options are the argument after `before` others. */
const operation = (before: number): Shape => ({
  call: {
    takes: [[...Array.from({ length: before }, () => argument('other')), options('operation')]],
    promised: true,
    does: [call],
  },
});
const cursor = (before: number): Shape => ({
  call: {
    takes: [
      [
        ...Array.from({ length: before }, () => ({ role: 'other', optional: true }) as const),
        options('operation'),
      ],
    ],
    gives: 'Cursor',
  },
});

/** MongoDB driver. */
export default defineLibrary({
  name: 'mongodb',
  packages: [{ name: 'mongodb', versions: '>=4 <8' }],
  roles: ['data'],
  modules: {
    mongodb: {
      MongoClient: {
        construct: {
          takes: [[argument('connection'), options('client')]],
          gives: 'Client',
          does: [client],
        },
        members: {
          connect: {
            call: {
              takes: [[argument('connection'), options('client')]],
              gives: 'Client',
              promised: true,
              does: [client, { ...call, verb: 'connect' }],
            },
          },
        },
      },
    },
  },
  shapes: {
    Client: {
      members: {
        connect: { call: { gives: 'Client', promised: true, does: [call] } },
        db: { call: { gives: 'Database' } },
        close: {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: false }] },
        },
        'on|once': { call: { does: [{ is: 'listener' }] } },
        watch: { call: { does: [{ ...call, waits: true }] } },
      },
    },
    Database: {
      members: {
        collection: { call: { gives: 'Collection' } },
        'command|admin|createCollection|dropDatabase|listCollections|stats': operation(1),
        aggregate: cursor(1),
        watch: { call: { does: [{ ...call, waits: true }] } },
      },
    },
    Collection: {
      members: {
        'insertOne|insertMany|deleteOne|deleteMany|countDocuments|findOne|findOneAndDelete|bulkWrite|createIndex|createIndexes':
          operation(1),
        'updateOne|updateMany|replaceOne|findOneAndUpdate|findOneAndReplace|distinct': operation(2),
        estimatedDocumentCount: operation(0),
        'find|aggregate': cursor(1),
        watch: { call: { does: [{ ...call, waits: true }] } },
      },
    },
    Cursor: {
      members: {
        'toArray|next|tryNext|hasNext|forEach|count|explain': {
          call: { promised: true, does: [call] },
        },
        maxTimeMS: {
          call: {
            takes: [[{ role: 'option', set: 'operation', path: 'maxTimeMS' }]],
            chains: true,
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
        'limit|skip|sort|project|batchSize|filter|hint|map|match|group': { call: { chains: true } },
        'stream|close': { call: {} },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=4 <8',
      phases: {
        connect: {
          ms: 30_000,
          ...fact(
            'mongodb@7.9.0 lib/connection_string.js:968 (serverSelectionTimeoutMS)',
            'mongodb/default',
          ),
        },
        acquire: forEver(fact('mongodb@7.9.0 lib/connection_string.js:1077 (waitQueueTimeoutMS)')),
        headers: forEver(
          fact('mongodb@7.9.0 lib/connection_string.js:975 (socketTimeoutMS)', 'mongodb/default'),
        ),
        idle: forEver(fact('mongodb@7.9.0 lib/connection_string.js:975 (socketTimeoutMS)')),
        total: forEver(fact('mongodb@7.9.0 lib/connection_string.js:975')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: {
        max: 2,
        delay: 'none',
        jitter: false,
        on: ['connect', 'reset'],
        methods: ['*'],
        ...fact('mongodb@7.9.0 lib/connection_string.js:945 (retryReads, retryWrites)'),
      },
      pool: {
        size: 100,
        queue: Infinity,
        per: 'host',
        ...fact('mongodb@7.9.0 lib/connection_string.js:789'),
      },
    },
  ],
  options: [
    ...(
      [
        [
          'serverSelectionTimeoutMS',
          ['connect'],
          'lib/connection_string.js:968',
          'mongodb/server-selection',
        ],
        [
          'socketTimeoutMS',
          ['headers', 'idle'],
          'lib/connection_string.js:975',
          'mongodb/socket-timeout',
        ],
        ['waitQueueTimeoutMS', ['acquire'], 'lib/connection_string.js:1077', 'mongodb/wait-queue'],
      ] as const
    ).map(([path, bounds, line, proof]) => ({
      in: ['client', 'url'],
      path,
      meaning: { bounds, unit: 'ms' as const, per: 'attempt' as const },
      disabledBy: [zero, unset],
      ...fact(`mongodb@7.9.0 ${line}`, proof),
    })),
    {
      in: ['client', 'url'],
      path: 'connectTimeoutMS',
      // Of one connection; the search for a server goes on until serverSelectionTimeoutMS.
      meaning: { bounds: [], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact('mongodb@7.9.0 lib/connection_string.js:680', 'mongodb/connect-timeout'),
    },
    {
      in: ['client', 'url', 'operation'],
      path: 'timeoutMS',
      versions: '>=6.10 <6.22 || >=7 <7.8',
      // Not the connection that the first operation makes by itself.
      meaning: {
        bounds: ['acquire', 'headers', 'idle', 'total'],
        unit: 'ms',
        per: 'call',
      },
      disabledBy: [zero, unset],
      ...fact('mongodb@6.21.0 lib/connection_string.js:900', 'mongodb/timeout-ms'),
    },
    {
      in: ['operation'],
      path: 'maxTimeMS',
      meaning: {
        bounds: ['headers', 'idle', 'total'],
        unit: 'ms',
        per: 'attempt',
        enforcedBy: 'server',
      },
      disabledBy: [zero, unset],
      ...fact('mongodb@7.9.0 lib/operations/command.js', 'mongodb/max-time-ms'),
    },
    setting(
      ['client', 'url'],
      'maxPoolSize',
      'pool-size',
      fact('mongodb@7.9.0 lib/connection_string.js:789'),
    ),
    setting(
      ['client', 'url'],
      'maxIdleTimeMS',
      'idle-lifetime',
      fact('mongodb@7.9.0 lib/connection_string.js'),
    ),
  ],
  ineffective: [
    {
      in: ['client', 'url', 'operation'],
      path: 'timeoutMS',
      versions: '>=4 <6.10 || >=6.22 <7 || >=7.8 <8',
      why: 'This version of the driver ignores timeoutMS.',
      instead: 'socketTimeoutMS: 30_000, serverSelectionTimeoutMS: 5_000',
      ...fact(
        'mongodb@6.22.0 lib/connection_string.js:905, mongodb@7.8.0 lib/connection_string.js:1022, mongodb@7.9.0 lib/connection_string.js:1021',
        'mongodb/timeout-ms-ignored',
      ),
    },
  ],
  fix: 'new MongoClient(url, { serverSelectionTimeoutMS: 5_000, socketTimeoutMS: 30_000 })',
});
