import {
  argument,
  defineLibrary,
  fact,
  type OutboundCall,
  off,
  options,
  setting,
  unset,
  type When,
  zero,
} from '../library.ts';

const query: OutboundCall = {
  is: 'call',
  profile: 'default',
  verb: 'member',
  body: 'read',
  rejectsOn: ['network', '5xx'],
};
const asks = { call: { promised: true, does: [query] } } as const;
const construct = {
  takes: [[options('client')]],
  gives: 'DataSource',
  does: [{ is: 'client', profile: 'default', connections: 'pool' }],
} as const;
const POSTGRES: When = {
  options: [{ path: 'type', value: { equals: 'postgres' } }],
};
const MYSQL: When = { options: [{ path: 'type', value: { equals: 'mysql' } }] };
const notKnown = { notApplicable: 'SQLite runs in the process' };
const as = (library: string, source: string, proof?: string) => ({
  as: library,
  ...fact(source, proof),
});
const OFF = [zero, off, unset];

export default defineLibrary({
  name: 'typeorm',
  packages: [
    { name: 'typeorm', versions: '>=0.2 <2' },
    { name: '@nestjs/typeorm', versions: '>=8 <13' },
  ],
  roles: ['data'],
  modules: {
    typeorm: {
      DataSource: { construct, extended: 'DataSource' },
      'createConnection|createConnections': {
        call: {
          takes: [[options('client')]],
          gives: 'DataSource',
          promised: true,
          does: construct.does,
        },
      },
      Repository: { extended: 'Repository' },
      EntityManager: 'EntityManager',
      'getRepository|getTreeRepository|getMongoRepository': { call: { gives: 'Repository' } },
      getConnection: { call: { gives: 'DataSource' } },
      getManager: { call: { gives: 'EntityManager' } },
    },
    '@nestjs/typeorm': {
      TypeOrmModule: {
        members: {
          forRoot: { call: { takes: [[options('client')]], does: construct.does } },
          forRootAsync: {
            call: {
              takes: [[{ role: 'options', set: 'client', path: 'useFactory()', is: ['object'] }]],
              does: construct.does,
            },
          },
          forFeature: { call: {} },
        },
      },
      // Constructor parameters: @InjectRepository(Order) orders: Repository<Order>.
      'InjectRepository|InjectDataSource|InjectEntityManager': {},
    },
  },
  shapes: {
    DataSource: {
      members: {
        initialize: asks,
        query: asks,
        transaction: { call: { takes: [[argument('handler')]], promised: true, does: [query] } },
        'getRepository|getTreeRepository|getMongoRepository': { call: { gives: 'Repository' } },
        manager: 'EntityManager',
        createQueryBuilder: { call: { gives: 'QueryBuilder' } },
        createQueryRunner: { call: { gives: 'QueryRunner' } },
        'destroy|close': {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
      },
    },
    EntityManager: {
      members: {
        'find|findBy|findAndCount|findOne|findOneBy|findOneOrFail|findOneByOrFail|save|insert|update|upsert|delete|remove|softDelete|restore|count|countBy|exists|existsBy|query|increment|decrement|sum|average|minimum|maximum':
          asks,
        transaction: { call: { takes: [[argument('handler')]], promised: true, does: [query] } },
        getRepository: { call: { gives: 'Repository' } },
        createQueryBuilder: { call: { gives: 'QueryBuilder' } },
      },
    },
    Repository: {
      members: {
        'find|findBy|findAndCount|findAndCountBy|findOne|findOneBy|findOneOrFail|findOneByOrFail|save|insert|update|upsert|delete|remove|softDelete|softRemove|restore|recover|count|countBy|exists|existsBy|query|clear|increment|decrement|sum|average|minimum|maximum':
          asks,
        createQueryBuilder: { call: { gives: 'QueryBuilder' } },
        manager: 'EntityManager',
      },
    },
    QueryBuilder: {
      members: {
        'getOne|getOneOrFail|getMany|getManyAndCount|getRawOne|getRawMany|getCount|getExists|execute|stream':
          asks,
      },
      others: { call: { chains: true } },
    },
    QueryRunner: {
      members: {
        'connect|query|startTransaction|commitTransaction|rollbackTransaction': asks,
        release: { call: {} },
        manager: 'EntityManager',
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=0.2 <2',
      when: POSTGRES,
      phases: {
        connect: as(
          'pg',
          'typeorm@0.3.31 driver/postgres/PostgresDriver.js:1203',
          'typeorm/postgres',
        ),
        acquire: as('pg', 'typeorm@0.3.31 driver/postgres/PostgresDriver.js:1203'),
        headers: as(
          'pg',
          'typeorm@0.3.31 driver/postgres/PostgresDriver.js:1206',
          'typeorm/postgres',
        ),
        idle: as('pg', 'typeorm@0.3.31 driver/postgres/PostgresDriver.js:1206'),
        total: as('pg', 'typeorm@0.3.31 driver/postgres/PostgresDriver.js:1206'),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('typeorm@0.3.31 driver/postgres/PostgresDriver.js') },
      pool: {
        size: 10,
        queue: Infinity,
        per: 'client',
        ...fact('typeorm@0.3.31 driver/postgres/PostgresDriver.js (pg-pool)'),
      },
    },
    {
      name: 'default',
      versions: '>=0.2 <2',
      when: MYSQL,
      phases: {
        connect: { ms: 10_000, ...fact('mysql2@3.24.6 lib/connection_config.js:116') },
        acquire: { ms: Infinity, ...fact('mysql2@3.24.6 lib/pool_config.js:25') },
        headers: { ms: Infinity, ...fact('mysql2@3.24.6 lib/commands/query.js:32') },
        idle: { ms: Infinity, ...fact('mysql2@3.24.6 lib/commands/query.js:32') },
        total: { ms: Infinity, ...fact('mysql2@3.24.6 lib/commands/query.js:32') },
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('typeorm@0.3.31 driver/mysql/MysqlDriver.js') },
      pool: {
        size: 10,
        queue: Infinity,
        per: 'client',
        ...fact('typeorm@0.3.31 driver/mysql/MysqlDriver.js:1053'),
      },
    },
    ...(['sqlite', 'better-sqlite3', 'sqljs'] as const).map((type) => ({
      name: 'default',
      versions: '>=0.2 <2',
      when: { options: [{ path: 'type', value: { equals: type } }] },
      phases: {
        connect: notKnown,
        acquire: notKnown,
        headers: notKnown,
        idle: notKnown,
        total: notKnown,
        release: notKnown,
      },
      attempts: { max: 1, ...fact('typeorm@0.3.31 driver/sqlite/SqliteDriver.js') },
    })),
  ],
  options: [
    {
      in: ['client'],
      path: 'connectTimeoutMS',
      when: POSTGRES,
      meaning: { bounds: ['connect', 'acquire'], unit: 'ms', per: 'call' },
      disabledBy: OFF,
      ...fact(
        'typeorm@0.3.31 driver/postgres/PostgresDriver.js:1203, typeorm@1.1.1 driver/postgres/PostgresDriver.js:1378',
        'typeorm/connect-timeout',
      ),
    },
    {
      in: ['client'],
      path: 'connectTimeout',
      when: MYSQL,
      meaning: { bounds: ['connect'], unit: 'ms', per: 'attempt' },
      disabledBy: OFF,
      ...fact('typeorm@0.3.31 driver/mysql/MysqlDriver.js:1053'),
    },
    setting(['client'], 'type', 'variant', fact('typeorm@0.3.31 driver/DriverFactory.js')),
    setting(
      ['client'],
      'poolSize',
      'pool-size',
      fact('typeorm@0.3.31 driver/postgres/PostgresDriver.js'),
    ),
    setting(
      ['client'],
      'extra.connectionLimit',
      'pool-size',
      fact('typeorm@0.3.31 driver/mysql/MysqlDriver.js:1053'),
      { when: MYSQL },
    ),
  ],
  delegates: [
    {
      in: ['client'],
      path: 'extra',
      to: 'pg:client',
      when: POSTGRES,
      ...fact(
        'typeorm@0.3.31 driver/postgres/PostgresDriver.js:1206',
        'typeorm/extra-query-timeout',
      ),
    },
    {
      in: ['client'],
      path: 'url',
      to: 'pg:url',
      when: POSTGRES,
      ...fact('typeorm@0.3.31 driver/postgres/PostgresDriver.js:1203'),
    },
  ],
  ineffective: [
    {
      in: ['client'],
      path: 'maxQueryExecutionTime',
      why: 'maxQueryExecutionTime only logs slow queries.',
      instead: 'extra: { query_timeout: 10_000 }',
      ...fact(
        'typeorm@0.3.31 driver/postgres/PostgresQueryRunner.js',
        'typeorm/max-query-execution-time',
      ),
    },
  ],
  fix: "new DataSource({ type: 'postgres', connectTimeoutMS: 5_000, extra: { query_timeout: 10_000 } })\n// with Nest: the same two options in forRoot(), or in what useFactory of forRootAsync() gives",
});
