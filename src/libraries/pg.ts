import {
  argument,
  defineLibrary,
  fact,
  forEver,
  type LibraryOption,
  type OutboundCall,
  off,
  options,
  type Parameter,
  type Shape,
  setting,
  unset,
  zero,
} from '../library.ts';

const callback: Parameter = { role: 'callback', is: ['function'], optional: true };
const query: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'query',
  body: 'read',
  rejectsOn: ['network', '5xx'],
};
const queries: Shape = {
  call: {
    takes: [
      [argument('statement', 'string'), { role: 'other', is: ['array'], optional: true }, callback],
      [options('query'), { role: 'other', is: ['array'], optional: true }, callback],
    ],
    promised: true,
    does: [query],
  },
};
const make = (shape: 'Pool' | 'Client'): Shape => ({
  construct: {
    takes: [[argument('connection', 'string')], [options('client')]],
    gives: shape,
    does: [
      {
        is: 'client',
        profile: shape === 'Pool' ? 'default' : 'single',
        connections: shape === 'Pool' ? 'pool' : 'single',
        needsErrorListener: fact(
          shape === 'Pool' ? 'pg-pool@3.14.0 index.js:62' : 'pg@8.23.1 lib/client.js:422',
        ),
      },
    ],
  },
  extended: shape,
});
const OFF = [zero, off, unset];
/** pg reads these from the options, and from the parameters of the URL, which win. */
const both = (option: Omit<LibraryOption, 'in'>): LibraryOption => ({
  in: ['client', 'url'],
  ...option,
});

/** PostgreSQL. What is said of the connection string holds for node-postgres, not for libpq. */
export default defineLibrary({
  name: 'pg',
  packages: [
    { name: 'pg', versions: '>=7 <9' },
    { name: 'pg-pool', versions: '>=2 <4' },
  ],
  roles: ['data'],
  modules: {
    pg: { default: 'pg', '=': 'pg', Pool: make('Pool'), Client: make('Client') },
    'pg-pool': { default: make('Pool'), '=': make('Pool') },
  },
  shapes: {
    pg: {
      members: {
        Pool: make('Pool'),
        Client: make('Client'),
        defaults: { assigns: { set: 'client', of: 'process' } },
      },
    },
    Pool: {
      members: {
        query: queries,
        connect: {
          call: {
            takes: [[callback]],
            gives: 'Client',
            promised: true,
            does: [{ ...query, verb: 'connect' }],
          },
        },
        end: {
          call: {
            does: [{ is: 'close', what: 'client', completes: 'promise-or-callback', drains: true }],
          },
        },
        'on|once|addListener': {
          call: { takes: [[argument('name'), { role: 'callback' }]], does: [{ is: 'listener' }] },
        },
      },
    },
    Client: {
      members: {
        query: queries,
        connect: {
          call: { takes: [[callback]], promised: true, does: [{ ...query, verb: 'connect' }] },
        },
        end: {
          call: {
            does: [{ is: 'close', what: 'client', completes: 'promise-or-callback', drains: true }],
          },
        },
        release: { call: {} },
        'on|once|addListener': {
          call: { takes: [[argument('name'), { role: 'callback' }]], does: [{ is: 'listener' }] },
        },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=7 <9',
      phases: {
        connect: forEver(fact('pg@8.23.1 lib/client.js:116', 'pg/default')),
        acquire: forEver(fact('pg-pool@3.14.0 index.js:206', 'pg/pool')),
        headers: forEver(fact('pg@8.23.1 lib/defaults.js:76', 'pg/default')),
        idle: forEver(fact('pg@8.23.1 lib/defaults.js:76')),
        total: forEver(fact('pg@8.23.1 lib/defaults.js:76')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('pg@8.23.1 lib/client.js') },
      pool: { size: 10, queue: Infinity, per: 'client', ...fact('pg-pool@3.14.0 index.js:89') },
    },
    {
      name: 'single',
      versions: '>=7 <9',
      phases: {
        connect: forEver(fact('pg@8.23.1 lib/client.js:116', 'pg/client')),
        acquire: { notApplicable: 'one connection; statements queue behind each other' },
        headers: forEver(fact('pg@8.23.1 lib/defaults.js:76', 'pg/client')),
        idle: forEver(fact('pg@8.23.1 lib/defaults.js:76')),
        total: forEver(fact('pg@8.23.1 lib/defaults.js:76')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('pg@8.23.1 lib/client.js') },
    },
  ],
  options: [
    {
      in: ['client', 'query', 'url'],
      path: 'query_timeout',
      // The server goes on with the statement.
      meaning: { bounds: ['headers', 'idle', 'total', 'release'], unit: 'ms', per: 'call' },
      disabledBy: OFF,
      ...fact('pg@8.23.1 lib/client.js:702', 'pg/query-timeout'),
    },
    both({
      path: 'statement_timeout',
      meaning: {
        bounds: ['headers', 'idle', 'total'],
        unit: 'ms',
        per: 'call',
        enforcedBy: 'server',
      },
      disabledBy: OFF,
      ...fact('pg@8.23.1 lib/client.js:558', 'pg/statement-timeout'),
    }),
    both({
      path: 'lock_timeout',
      meaning: { bounds: [], unit: 'ms', per: 'call', enforcedBy: 'server' },
      disabledBy: OFF,
      ...fact('pg@8.23.1 lib/connection-parameters.js'),
    }),
    {
      in: ['client'],
      path: 'connectionTimeoutMillis',
      meaning: { bounds: ['connect', 'acquire'], unit: 'ms', per: 'call' },
      disabledBy: OFF,
      ...fact('pg@8.23.1 lib/client.js:116, pg-pool@3.14.0 index.js:206', 'pg/connection-timeout'),
    },
    setting(['client'], 'max', 'pool-size', fact('pg-pool@3.14.0 index.js:89')),
    setting(['client'], 'poolSize', 'pool-size', fact('pg-pool@3.14.0 index.js:89')),
    setting(
      ['client'],
      'maxLifetimeSeconds',
      'connection-lifetime',
      fact('pg-pool@3.14.0 index.js'),
    ),
    setting(['client'], 'idleTimeoutMillis', 'idle-lifetime', fact('pg-pool@3.14.0 index.js')),
    setting(['client'], 'keepAlive', 'keep-alive', fact('pg@8.23.1 lib/client.js')),
    setting(
      ['client'],
      'connectionString',
      'target',
      fact('pg@8.23.1 lib/connection-parameters.js:60'),
    ),
    setting(['query'], 'text', 'statement', fact('pg@8.23.1 lib/query.js')),
  ],
  delegates: [
    {
      in: ['client'],
      path: 'connectionString',
      to: 'url',
      ...fact('pg@8.23.1 lib/connection-parameters.js:60', 'pg/url-query-timeout'),
    },
  ],
  ineffective: [
    {
      in: ['url'],
      path: 'connect_timeout',
      why: 'node-postgres does not read connect_timeout from the connection string.',
      instead: 'connectionTimeoutMillis: 5_000',
      ...fact('pg@8.23.1 lib/connection-parameters.js:60', 'pg/url-connect-timeout'),
    },
    {
      in: ['query'],
      path: 'timeout',
      why: 'pg has no option timeout.',
      instead: 'query_timeout: 10_000',
      ...fact('pg@8.23.1 lib/client.js:702', 'pg/timeout-option'),
    },
    {
      in: ['client'],
      path: 'acquireTimeoutMillis',
      why: 'pg-pool has no option acquireTimeoutMillis.',
      instead: 'connectionTimeoutMillis: 5_000',
      ...fact('pg-pool@3.14.0 index.js:206', 'pg/acquire-option'),
    },
  ],
  censusWords: ['statement_timeout', 'PGOPTIONS'],
  fix: 'new Pool({ connectionTimeoutMillis: 5_000, query_timeout: 10_000, statement_timeout: 9_000 })',
});
