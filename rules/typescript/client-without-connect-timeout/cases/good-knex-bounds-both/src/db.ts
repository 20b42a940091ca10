import knex from 'knex';

export const db = knex({ client: 'pg', connection: { host: 'db' }, acquireConnectionTimeout: 5_000 });
