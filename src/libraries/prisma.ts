import {
  argument,
  defineLibrary,
  fact,
  forEver,
  type OutboundCall,
  options,
  setting,
  type When,
  zero,
} from '../library.ts';

const query = (verb: string): OutboundCall => ({
  is: 'call',
  profile: 'default',
  verb,
  // A Prisma promise does nothing until it is awaited.
  lazy: { starts: ['then', 'catch', 'finally'] },
  body: 'read',
  rejectsOn: ['network', '5xx'],
});
const asks = { call: { promised: true, does: [query('member')] } } as const;
const ENGINE: When = {
  versions: '>=4 <7',
  options: [{ path: 'adapter', value: { is: 'undefined' } }],
};
const ADAPTER: When = { options: [{ path: 'adapter', value: { is: 'present' } }] };
const URL_RS = 'prisma-engines quaint/src/connector/postgres/url.rs';
const asPg = (proof?: string) => ({
  as: 'pg',
  ...fact('@prisma/adapter-pg@7.10.1 dist/index.js:812', proof),
});
const adapterPhases = {
  connect: asPg('prisma/adapter'),
  acquire: asPg(),
  headers: asPg('prisma/adapter'),
  idle: asPg(),
  total: asPg(),
  release: { notApplicable: 'the promise is the call' },
};

/** Prisma: up to 6 its own engine with parameters of the URL, from 7 on (or with `adapter`) a driver. PostgreSQL. */
export default defineLibrary({
  name: 'prisma',
  packages: [
    { name: '@prisma/client', versions: '>=4 <8' },
    { name: '@prisma/adapter-pg', versions: '>=5 <8' },
  ],
  roles: ['data'],
  modules: {
    '@prisma/client': {
      PrismaClient: {
        construct: {
          takes: [[options('client')]],
          gives: 'Client',
          does: [{ is: 'client', profile: 'default', connections: 'pool' }],
        },
        extended: 'Client',
      },
    },
    '@prisma/adapter-pg': {
      PrismaPg: {
        construct: {
          takes: [[options('pg:client')], [{ role: 'value', shape: 'pg:Pool', is: ['instance'] }]],
          gives: 'Adapter',
        },
      },
    },
  },
  shapes: {
    Client: {
      members: {
        '$queryRaw|$executeRaw': { call: asks.call, tag: asks.call },
        '$queryRawUnsafe|$executeRawUnsafe|$connect': asks,
        $transaction: {
          call: {
            takes: [
              [argument('handler', 'function'), options('transaction')],
              [argument('other', 'array'), options('transaction')],
            ],
            promised: true,
            does: [query('transaction')],
          },
        },
        $disconnect: {
          call: {
            does: [
              {
                is: 'close',
                what: 'client',
                completes: 'promise',
                drains: true,
                reopens: fact(
                  'https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections/connection-management (the next query connects)',
                ),
              },
            ],
          },
        },
        '$extends|$on|$use': { call: { gives: 'Client' } },
      },
      others: 'Model',
    },
    Model: { others: asks },
    Adapter: {},
  },
  profiles: [
    {
      name: 'default',
      versions: '>=4 <7',
      when: ENGINE,
      phases: {
        connect: { ms: 5_000, ...fact(`${URL_RS}@0d495ae (connect_timeout)`) },
        acquire: { ms: 10_000, ...fact(`${URL_RS}@0d495ae (pool_timeout)`) },
        headers: forEver(fact(`${URL_RS}@0d495ae (socket_timeout)`)),
        idle: forEver(fact(`${URL_RS}@0d495ae (socket_timeout)`)),
        total: forEver(fact(`${URL_RS}@0d495ae (socket_timeout)`)),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: {
        max: 1,
        ...fact(
          'https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections',
        ),
      },
    },
    {
      name: 'default',
      versions: '>=4 <7',
      when: ADAPTER,
      phases: adapterPhases,
      attempts: { max: 1, ...fact('@prisma/adapter-pg@7.10.1 dist/index.js:812') },
      pool: {
        size: 10,
        queue: Infinity,
        per: 'client',
        ...fact('@prisma/adapter-pg@7.10.1 dist/index.js:812'),
      },
    },
    {
      name: 'default',
      versions: '>=7 <8',
      phases: adapterPhases,
      attempts: { max: 1, ...fact('@prisma/adapter-pg@7.10.1 dist/index.js:812') },
      pool: {
        size: 10,
        queue: Infinity,
        per: 'client',
        ...fact('@prisma/adapter-pg@7.10.1 dist/index.js:812'),
      },
    },
  ],
  options: [
    {
      in: ['url'],
      path: 'socket_timeout',
      when: ENGINE,
      meaning: { bounds: ['headers', 'idle', 'total'], unit: 's', per: 'call' },
      disabledBy: [zero],
      ...fact(`${URL_RS}@0d495ae`),
    },
    {
      in: ['url'],
      path: 'connect_timeout',
      when: ENGINE,
      meaning: { bounds: ['connect'], unit: 's', per: 'call' },
      disabledBy: [zero],
      ...fact(`${URL_RS}@0d495ae`),
    },
    {
      in: ['url'],
      path: 'pool_timeout',
      when: ENGINE,
      meaning: { bounds: ['acquire'], unit: 's', per: 'call' },
      disabledBy: [zero],
      ...fact(`${URL_RS}@0d495ae`),
    },
    {
      in: ['transaction'],
      path: 'timeout',
      meaning: { bounds: ['headers', 'idle', 'total', 'release'], unit: 'ms', per: 'call' },
      disabledBy: [],
      ...fact(
        '@prisma/client@7.10.0 runtime/client.js (timeout ?? 5000; of interactive transactions)',
      ),
    },
    {
      in: ['transaction'],
      path: 'maxWait',
      meaning: { bounds: ['acquire'], unit: 'ms', per: 'call' },
      disabledBy: [],
      ...fact(
        '@prisma/client@7.10.0 runtime/client.js (maxWait ?? 2000; of interactive transactions)',
      ),
    },
    setting(
      ['url'],
      'connection_limit',
      'pool-size',
      fact('prisma-engines quaint/src/pooled.rs@031bd63'),
      { when: ENGINE },
    ),
    setting(['client'], 'adapter', 'variant', fact('@prisma/client@7.10.0 runtime/client.js')),
  ],
  delegates: [
    {
      in: ['client'],
      path: 'transactionOptions',
      to: 'transaction',
      ...fact('@prisma/client@7.10.0 runtime/client.js'),
    },
    {
      in: ['client'],
      path: 'datasources.db.url',
      to: 'url',
      when: ENGINE,
      ...fact('https://www.prisma.io/docs/orm/reference/prisma-client-reference'),
    },
    {
      in: ['client'],
      path: 'datasourceUrl',
      to: 'url',
      when: ENGINE,
      ...fact('https://www.prisma.io/docs/orm/reference/prisma-client-reference'),
    },
    {
      in: ['client'],
      path: 'adapter',
      to: 'pg:client',
      ...fact('@prisma/adapter-pg@7.10.1 dist/index.js:812', 'prisma/adapter-query-timeout'),
    },
  ],
  connectionElsewhere: 'url',
  generated: [
    { specifier: '*generated/prisma*', module: '@prisma/client' },
    { specifier: '*prisma/generated*', module: '@prisma/client' },
    { specifier: '*generated/client*', module: '@prisma/client' },
  ],
  ineffective: (
    ['socket_timeout', 'connect_timeout', 'pool_timeout', 'connection_limit'] as const
  ).map((path) => ({
    in: ['url'],
    path,
    versions: '>=7 <8',
    why: `With a driver adapter Prisma does not read ${path} from the URL.`,
    instead:
      'new PrismaPg({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 10_000 })',
    ...fact('@prisma/adapter-pg@7.10.1 dist/index.js:812'),
  })),
  fixes: [
    {
      versions: '<7.0.0',
      without: 'adapter',
      fix: '// the same parameters in DATABASE_URL itself do as well; seconds\nnew PrismaClient({ datasources: { db: { url: process.env.DATABASE_URL + "?connect_timeout=5&socket_timeout=10" } } })',
    },
    // Its adapter takes a pool only.
    {
      versions: '<6.6.0',
      fix: 'new PrismaPg(new Pool({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 10_000 }))',
    },
  ],
  fix: 'new PrismaPg({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 10_000 })',
});
