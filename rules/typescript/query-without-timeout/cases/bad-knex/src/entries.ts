import knex from 'knex';

const db = knex({ client: 'pg', connection: { host: 'db', database: 'ledger' } });

export const entriesOf = (account: string) => db('entries').where({ account });
