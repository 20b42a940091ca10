import { MongoClient } from 'mongodb';

const client = new MongoClient('mongodb://db/ledger');
process.once('SIGTERM', () => client.close());
for await (const change of client.db().collection('entries').watch()) console.log(change);
