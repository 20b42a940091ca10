import { Client } from 'pg';

const client = new Client({ host: 'db' });
client.on('notification', (message) => console.log(message.payload));
await client.connect();
await client.query('LISTEN entries');
process.once('SIGTERM', () => client.end());
