import {
  argument,
  defineLibrary,
  fact,
  forEver,
  type OutboundCall,
  options,
  setting,
  unset,
  type When,
  zero,
} from '../library.ts';

const query: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'query',
  lazy: { starts: ['then', 'catch', 'finally', 'asCallback', 'stream', 'pipe'] },
  body: 'read',
  rejectsOn: ['network', '5xx'],
};
const client = { is: 'client', profile: 'default', connections: 'pool' } as const;
const PG: When = { options: [{ path: 'client', value: { equals: 'pg' } }] };

export default defineLibrary({
  name: 'knex',
  packages: [
    { name: 'knex', versions: '>=0.95 <4' },
    { name: 'objection', versions: '>=2 <4' },
  ],
  roles: ['data'],
  modules: {
    knex: { 'default|knex|Knex': 'knex', '=': 'knex' },
    objection: {
      Model: {
        members: { query: { call: { gives: 'Builder', does: [query] } } },
        extended: 'Model',
      },
    },
  },
  shapes: {
    knex: {
      call: {
        takes: [[argument('connection', 'string')], [options('client')]],
        gives: 'Knex',
        does: [client],
      },
      construct: { takes: [[options('client')]], gives: 'Knex', does: [client] },
      members: { default: 'knex', knex: 'knex' },
    },
    Knex: {
      call: { takes: [[argument('name')]], gives: 'Builder', does: [query] },
      members: {
        'raw|select|insert|from|table|with|withSchema|queryBuilder|batchInsert': {
          call: { gives: 'Builder', does: [query] },
        },
        transaction: {
          call: { takes: [[argument('handler')]], gives: 'Knex', promised: true, does: [query] },
        },
        schema: 'Schema',
        destroy: {
          call: {
            does: [{ is: 'close', what: 'client', completes: 'promise-or-callback', drains: true }],
          },
        },
      },
    },
    Builder: {
      members: {
        timeout: {
          call: {
            takes: [[{ role: 'option', set: 'query', path: 'timeout' }, options('query')]],
            chains: true,
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
      },
      others: { call: { chains: true } },
    },
    Schema: { others: { call: { chains: true } } },
    Model: { members: { query: { call: { gives: 'Builder', does: [query] } } } },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=0.95 <4',
      phases: {
        connect: { ms: 30_000, ...fact('tarn@3.1.2 dist/Pool.js:73', 'knex/default') },
        acquire: { ms: 60_000, ...fact('knex@3.3.0 lib/client.js:253', 'knex/default') },
        headers: forEver(fact('knex@3.3.0 lib/query/querybuilder.js:110', 'knex/default')),
        idle: forEver(fact('knex@3.3.0 lib/query/querybuilder.js:110')),
        total: forEver(fact('knex@3.3.0 lib/query/querybuilder.js:110')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('knex@3.3.0 lib/execution/runner.js') },
      pool: { size: 10, queue: Infinity, per: 'client', ...fact('knex@3.3.0 lib/client.js:230') },
    },
  ],
  options: [
    {
      in: ['query'],
      path: 'timeout',
      // From taking a connection on; the statement goes on unless { cancel: true }.
      meaning: { bounds: ['headers', 'idle', 'total', 'release'], unit: 'ms', per: 'call' },
      disabledBy: [zero],
      ...fact('knex@3.3.0 lib/query/querybuilder.js:110', 'knex/timeout'),
    },
    {
      in: ['client'],
      path: 'acquireConnectionTimeout',
      meaning: { bounds: ['connect', 'acquire'], unit: 'ms', per: 'call' },
      disabledBy: [zero, unset],
      ...fact('knex@3.3.0 lib/client.js:253', 'knex/acquire-timeout'),
    },
    {
      in: ['client'],
      path: 'pool.acquireTimeoutMillis',
      meaning: { bounds: ['connect', 'acquire'], unit: 'ms', per: 'call' },
      disabledBy: [zero, unset],
      ...fact('tarn@3.1.2 dist/Pool.js:72'),
    },
    {
      in: ['client'],
      path: 'pool.createTimeoutMillis',
      meaning: { bounds: ['connect'], unit: 'ms', per: 'call' },
      disabledBy: [zero, unset],
      ...fact('tarn@3.1.2 dist/Pool.js:73', 'knex/create-timeout'),
    },
    setting(
      ['client'],
      'client',
      'variant',
      fact('knex@3.3.0 lib/knex-builder/internal/config-resolver.js'),
    ),
    setting(['client'], 'pool.max', 'pool-size', fact('knex@3.3.0 lib/client.js:230')),
  ],
  delegates: [
    {
      in: ['client'],
      path: 'connection',
      to: 'pg:client',
      when: PG,
      ...fact('knex@3.3.0 lib/dialects/postgres/index.js', 'knex/query-timeout'),
    },
  ],
  fix: "knex({ client: 'pg', connection: { connectionString, query_timeout: 10_000 }, acquireConnectionTimeout: 5_000 })",
});
