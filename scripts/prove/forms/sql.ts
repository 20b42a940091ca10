/** PostgreSQL and what stands on it, against a peer that speaks just enough of its protocol. */
import type { CallProof, Proof, UsedOption } from '../proof.ts';
import { forms, use } from './http.ts';

const DATA = { peer: 'postgres', faults: ['blackhole', 'mute', 'frozen'] } as const;
const STATEMENT = "'select * from orders'";

const pg = (what: 'Pool' | 'Client', options: string, call = STATEMENT) => `
import pg from 'pg';
const call = async ({ host, port, ms, fault }) => {
  const client = new pg.${what}({ host, port, user: 'u', password: 'p', database: 'd', max: 1, ${options} });
  client.on('error', () => {});
  ${what === 'Client' ? 'await client.connect();' : ''}
  if (fault === 'busy') { client.query('select * from orders').catch(() => {}); await new Promise((done) => setTimeout(done, 100)); }
  return client.query(${call});
};`;
const pgForms = (
  name: string,
  uses: readonly UsedOption[],
  code: string,
  more: Partial<CallProof> = {},
) => forms('pg', 'pg', ['8.23.1'], name, uses, code, { ...DATA, ...more });
const url = (parameter: string) => `
import pg from 'pg';
const call = ({ host, port, ms }) => {
  const pool = new pg.Pool({ connectionString: 'postgres://u:p@' + host + ':' + port + '/d?${parameter}=' + ms });
  pool.on('error', () => {});
  return pool.query(${STATEMENT});
};`;

const typeorm = (options: string) => `
import 'pg';
import typeorm from 'typeorm';
const call = async ({ host, port, ms }) => {
  const source = new typeorm.DataSource({ type: 'postgres', host, port, username: 'u', password: 'p', database: 'd', ${options} });
  await source.initialize();
  return source.query(${STATEMENT});
};`;
const TYPEORM = {
  ...DATA,
  variant: { type: 'postgres' },
  packages: { pg: '8.23.1', 'reflect-metadata': '0.2.2' },
};

const knex = (connection: string, options: string, call = '') => `
import knex from 'knex';
const call = async ({ host, port, ms, fault }) => {
  const database = knex({ client: 'pg', version: '15.0', connection: { host, port, user: 'u', password: 'p', database: 'd', ${connection} }, pool: { min: 0, max: 1 }, ${options} });
  if (fault === 'busy') { database('orders').select().catch(() => {}); await new Promise((done) => setTimeout(done, 100)); }
  return database('orders').select()${call};
};`;
const KNEX = { ...DATA, faults: [...DATA.faults, 'busy'], packages: { pg: '8.23.1' } } as const;

const prisma = (options: string) => `
import { PrismaPg } from '@prisma/adapter-pg';
const call = async ({ host, port, ms }) => {
  const factory = new PrismaPg({ host, port, user: 'u', password: 'p', database: 'd', ${options} });
  const connection = await factory.connect();
  return connection.queryRaw({ sql: ${STATEMENT}, args: [], argTypes: [] });
};`;
const PRISMA = { ...DATA, packages: { pg: '8.23.1' } };

export const sql: readonly Proof[] = [
  ...pgForms('default', [], pg('Pool', '')),
  ...pgForms('pool', [], pg('Pool', ''), { faults: ['busy'] }),
  ...pgForms('client', [], pg('Client', ''), { profile: 'single' }),
  ...pgForms('query-timeout', use('client', 'query_timeout'), pg('Pool', 'query_timeout: ms')),
  ...pgForms(
    'query-timeout',
    use('query', 'query_timeout'),
    pg('Pool', '', `{ text: ${STATEMENT}, query_timeout: ms }`),
  ),
  ...pgForms(
    'statement-timeout',
    use('client', 'statement_timeout'),
    pg('Pool', 'statement_timeout: ms'),
  ),
  ...pgForms(
    'connection-timeout',
    use('client', 'connectionTimeoutMillis'),
    pg('Pool', 'connectionTimeoutMillis: ms'),
    { faults: [...DATA.faults, 'busy'] },
  ),
  ...pgForms('url-query-timeout', use('url', 'query_timeout'), url('query_timeout')),
  ...pgForms('url-connect-timeout', use('url', 'connect_timeout'), url('connect_timeout')),
  ...pgForms(
    'timeout-option',
    use('query', 'timeout'),
    pg('Pool', '', `{ text: ${STATEMENT}, timeout: ms }`),
    { faults: ['frozen'] },
  ),
  ...pgForms(
    'acquire-option',
    use('client', 'acquireTimeoutMillis'),
    pg('Pool', 'acquireTimeoutMillis: ms'),
    { faults: ['busy'] },
  ),

  ...forms('typeorm', 'typeorm', ['0.3.31', '1.1.1'], 'postgres', [], typeorm(''), TYPEORM),
  ...forms(
    'typeorm',
    'typeorm',
    ['0.3.31', '1.1.1'],
    'connect-timeout',
    use('client', 'connectTimeoutMS'),
    typeorm('connectTimeoutMS: ms'),
    TYPEORM,
  ),
  ...forms(
    'typeorm',
    'typeorm',
    ['0.3.31', '1.1.1'],
    'extra-query-timeout',
    use('pg:client', 'query_timeout'),
    typeorm('extra: { query_timeout: ms }'),
    TYPEORM,
  ),
  ...forms(
    'typeorm',
    'typeorm',
    ['0.3.31'],
    'max-query-execution-time',
    use('client', 'maxQueryExecutionTime'),
    typeorm('maxQueryExecutionTime: ms'),
    { ...TYPEORM, faults: ['frozen'] },
  ),

  ...forms('knex', 'knex', ['3.3.0'], 'default', [], knex('', ''), KNEX),
  ...forms(
    'knex',
    'knex',
    ['3.3.0'],
    'timeout',
    use('query', 'timeout'),
    knex('', '', '.timeout(ms)'),
    KNEX,
  ),
  ...forms(
    'knex',
    'knex',
    ['3.3.0'],
    'acquire-timeout',
    use('client', 'acquireConnectionTimeout'),
    knex('', 'acquireConnectionTimeout: ms'),
    KNEX,
  ),
  ...forms(
    'knex',
    'knex',
    ['3.3.0'],
    'create-timeout',
    use('client', 'pool.createTimeoutMillis'),
    knex('', '').replace('max: 1', 'max: 1, createTimeoutMillis: ms'),
    KNEX,
  ),
  ...forms(
    'knex',
    'knex',
    ['3.3.0'],
    'query-timeout',
    use('pg:client', 'query_timeout'),
    knex('query_timeout: ms', ''),
    { ...KNEX, faults: DATA.faults },
  ),

  ...forms('prisma', '@prisma/adapter-pg', ['7.10.1'], 'adapter', [], prisma(''), PRISMA),
  ...forms(
    'prisma',
    '@prisma/adapter-pg',
    ['7.10.1'],
    'adapter-query-timeout',
    use('pg:client', 'query_timeout'),
    prisma('query_timeout: ms'),
    PRISMA,
  ),
];
