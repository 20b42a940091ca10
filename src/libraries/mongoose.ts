import {
  argument,
  defineLibrary,
  fact,
  type OutboundCall,
  options,
  type Shape,
  setting,
} from '../library.ts';

const query: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'member',
  // A query runs when it is awaited or executed.
  lazy: { starts: ['then', 'exec', 'catch', 'finally', 'orFail'] },
  body: 'read',
  rejectsOn: ['network', '5xx'],
};
const asks: Shape = { call: { promised: true, does: [{ ...query, lazy: { starts: ['then'] } }] } };
const construct = (processWide: boolean): Shape => ({
  call: {
    takes: [[argument('connection'), options('client')]],
    gives: 'Connection',
    promised: true,
    does: [
      processWide
        ? { is: 'client', profile: 'default', connections: 'pool', processWide: true }
        : { is: 'client', profile: 'default', connections: 'pool' },
    ],
  },
});
const as = (proof = 'source-only') => ({
  as: 'mongodb',
  ...fact(
    'mongoose@9.12.1 package.json:25 (mongodb ~7.8), mongoose@8.24.10 package.json:25 (mongodb ~6.20)',
    proof,
  ),
});

/** Mongoose: models on the process-wide connection, or on one made by createConnection. The driver's version decides much. */
export default defineLibrary({
  name: 'mongoose',
  packages: [
    { name: 'mongoose', versions: '>=6 <10' },
    { name: '@nestjs/mongoose', versions: '>=9 <13' },
  ],
  roles: ['data'],
  modules: {
    mongoose: {
      default: 'mongoose',
      '=': 'mongoose',
      connect: construct(true),
      createConnection: construct(false),
      disconnect: 'disconnect',
      model: { call: { gives: 'Model' } },
      connection: 'Connection',
    },
    '@nestjs/mongoose': {
      MongooseModule: {
        members: {
          forRoot: {
            call: {
              takes: [[argument('connection'), options('client')]],
              does: [{ is: 'client', profile: 'default', connections: 'pool', processWide: true }],
            },
          },
          forRootAsync: {
            call: {
              takes: [[{ role: 'options', set: 'client', path: 'useFactory()', is: ['object'] }]],
              does: [{ is: 'client', profile: 'default', connections: 'pool', processWide: true }],
            },
          },
          forFeature: { call: {} },
        },
      },
      'InjectModel|InjectConnection': {},
    },
  },
  shapes: {
    mongoose: {
      members: {
        connect: construct(true),
        createConnection: construct(false),
        disconnect: 'disconnect',
        model: { call: { gives: 'Model' } },
        connection: 'Connection',
        set: { call: {} },
      },
    },
    disconnect: {
      call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: false }] },
    },
    Connection: {
      members: {
        model: { call: { gives: 'Model' } },
        asPromise: { call: { gives: 'Connection', promised: true } },
        'close|destroy': 'disconnect',
        'on|once': { call: { does: [{ is: 'listener' }] } },
        transaction: asks,
      },
    },
    Model: {
      construct: { gives: 'Document' },
      extended: 'Document',
      members: {
        'find|findOne|findById|findOneAndUpdate|findByIdAndUpdate|findOneAndDelete|findByIdAndDelete|findOneAndReplace|updateOne|updateMany|replaceOne|deleteOne|deleteMany|countDocuments|estimatedDocumentCount|distinct|exists':
          { call: { gives: 'Query', does: [query] } },
        aggregate: { call: { gives: 'Query', does: [query] } },
        'create|insertMany|bulkWrite|bulkSave': asks,
        watch: { call: { does: [{ ...query, waits: true }] } },
      },
    },
    Document: { members: { 'save|deleteOne|updateOne|populate': asks } },
    Query: {
      members: {
        maxTimeMS: {
          call: {
            takes: [[{ role: 'option', set: 'mongodb:operation', path: 'maxTimeMS' }]],
            chains: true,
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
        setOptions: {
          call: {
            takes: [[options('mongodb:operation')]],
            chains: true,
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
        cursor: { call: {} },
      },
      others: { call: { chains: true } },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=6 <10',
      phases: {
        connect: as('mongoose/default'),
        acquire: as(),
        headers: as('mongoose/default'),
        idle: as(),
        total: as(),
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
    setting(
      ['client'],
      'bufferTimeoutMS',
      'queue-limit',
      fact('mongoose@9.12.1 lib/mongoose.js:447 (10 s for statements before the first connection)'),
    ),
  ],
  delegates: [
    {
      in: ['client'],
      path: '',
      to: 'mongodb:client',
      ...fact('mongoose@9.12.1 lib/connection.js', 'mongoose/socket-timeout'),
    },
  ],
  fix: 'mongoose.connect(url, { serverSelectionTimeoutMS: 5_000, socketTimeoutMS: 30_000, waitQueueTimeoutMS: 5_000 })',
});
