/** MongoDB and Redis, against peers that speak just enough of their protocols. */
import type { Proof } from '../proof.ts';
import { forms, use } from './http.ts';

const MONGO = { peer: 'mongodb', faults: ['blackhole', 'mute', 'frozen'] } as const;
const REDIS = { peer: 'redis', faults: ['blackhole', 'mute', 'frozen'] } as const;

const mongodb = (options: string, operation = '') => `
import mongodb from 'mongodb';
const call = async ({ host, port, ms, fault }) => {
  const client = new mongodb.MongoClient('mongodb://' + host + ':' + port + '/shop', { monitorCommands: false, ${options} });
  const orders = client.db().collection('orders');
  if (fault === 'busy') { orders.findOne({}).catch(() => {}); await new Promise((done) => setTimeout(done, 800)); }
  return orders.findOne({}, { ${operation} });
};`;
const mongoose = (options: string) => `
import mongoose from 'mongoose';
const Order = mongoose.model('Order', new mongoose.Schema({}), 'orders');
const call = async ({ host, port, ms }) => {
  await mongoose.connect('mongodb://' + host + ':' + port + '/shop', { ${options} });
  return Order.findOne({});
};`;
const mongooseForms = (version: string, driver: string): Proof[] => {
  const more = { ...MONGO, brings: { mongodb: driver } };
  return [
    ...forms('mongoose', 'mongoose', [version], 'default', [], mongoose(''), more),
    ...forms(
      'mongoose',
      'mongoose',
      [version],
      'socket-timeout',
      use('mongodb:client', 'socketTimeoutMS'),
      mongoose('socketTimeoutMS: ms, retryReads: false'),
      {
        ...more,
        faults: ['frozen'],
      },
    ),
  ];
};
const MONGODB = ['6.21.0', '7.9.0'];

const ioredis = (options: string) => `
import { Redis } from 'ioredis';
const call = ({ host, port, ms }) => {
  const redis = new Redis({ host, port, ${options} });
  redis.on('error', () => {});
  return redis.get('orders');
};`;
const IOREDIS = ['5.11.1', '6.0.0'];

const redis = (options: string) => `
import { createClient } from 'redis';
const call = async ({ host, port, ms }) => {
  const client = createClient({ url: 'redis://' + host + ':' + port, ${options} });
  client.on('error', () => {});
  await client.connect();
  return client.get('orders');
};`;
const REDIS_VERSIONS = ['4.7.1', '5.12.1', '6.3.1'];

export const data: readonly Proof[] = [
  ...forms('mongodb', 'mongodb', MONGODB, 'default', [], mongodb(''), MONGO),
  ...forms(
    'mongodb',
    'mongodb',
    MONGODB,
    'server-selection',
    use('client', 'serverSelectionTimeoutMS'),
    mongodb('serverSelectionTimeoutMS: ms'),
    MONGO,
  ),
  ...forms(
    'mongodb',
    'mongodb',
    MONGODB,
    'socket-timeout',
    use('client', 'socketTimeoutMS'),
    mongodb('socketTimeoutMS: ms, retryReads: false'),
    { ...MONGO, faults: ['frozen'] },
  ),
  ...forms(
    'mongodb',
    'mongodb',
    MONGODB,
    'wait-queue',
    use('client', 'waitQueueTimeoutMS'),
    mongodb('waitQueueTimeoutMS: ms, maxPoolSize: 1, retryReads: false'),
    { ...MONGO, faults: ['busy', 'frozen'] },
  ),
  ...forms(
    'mongodb',
    'mongodb',
    MONGODB,
    'connect-timeout',
    use('client', 'connectTimeoutMS'),
    mongodb('connectTimeoutMS: ms'),
    MONGO,
  ),
  ...forms(
    'mongodb',
    'mongodb',
    MONGODB,
    'max-time-ms',
    use('operation', 'maxTimeMS'),
    mongodb('', 'maxTimeMS: ms'),
    { ...MONGO, faults: ['frozen'] },
  ),
  ...forms(
    'mongodb',
    'mongodb',
    ['6.21.0', '7.7.0'],
    'timeout-ms',
    use('client', 'timeoutMS'),
    mongodb('timeoutMS: ms'),
    MONGO,
  ),
  ...forms(
    'mongodb',
    'mongodb',
    ['6.22.0', '7.9.0'],
    'timeout-ms-ignored',
    use('client', 'timeoutMS'),
    mongodb('timeoutMS: ms'),
    MONGO,
  ),

  ...mongooseForms('8.24.10', '6.20.0'),
  ...mongooseForms('9.12.1', '7.8.0'),

  ...forms('ioredis', 'ioredis', IOREDIS, 'default', [], ioredis(''), REDIS),
  ...forms(
    'ioredis',
    'ioredis',
    IOREDIS,
    'command-timeout',
    use('client', 'commandTimeout'),
    ioredis('commandTimeout: ms'),
    REDIS,
  ),
  ...forms(
    'ioredis',
    'ioredis',
    IOREDIS,
    'connect-timeout',
    use('client', 'connectTimeout'),
    ioredis('connectTimeout: ms'),
    REDIS,
  ),
  ...forms(
    'ioredis',
    'ioredis',
    IOREDIS,
    'socket-timeout',
    use('client', 'socketTimeout'),
    ioredis('socketTimeout: ms'),
    REDIS,
  ),

  ...forms('redis', 'redis', REDIS_VERSIONS, 'default', [], redis(''), REDIS),
  ...forms(
    'redis',
    'redis',
    REDIS_VERSIONS,
    'connect-timeout',
    use('client', 'socket.connectTimeout'),
    redis('socket: { connectTimeout: ms }'),
    REDIS,
  ),
  ...forms(
    'redis',
    'redis',
    ['4.7.1'],
    'socket-timeout-4',
    use('client', 'socket.socketTimeout'),
    redis('socket: { socketTimeout: ms }'),
    REDIS,
  ),
  // From 6 on it also ends a handshake that is not answered; a SYN that is dropped it never ends.
  ...forms(
    'redis',
    'redis',
    ['5.12.1', '6.3.1'],
    'socket-timeout',
    use('client', 'socket.socketTimeout'),
    redis('socket: { socketTimeout: ms }'),
    { ...REDIS, faults: ['blackhole', 'frozen'] },
  ),
  ...forms(
    'redis',
    'redis',
    ['5.12.1', '6.3.1'],
    'command-timeout',
    use('command', 'timeout'),
    redis('commandOptions: { timeout: ms }'),
    REDIS,
  ),
  ...forms(
    'redis',
    'redis',
    ['5.12.1', '6.3.1'],
    'ioredis-option',
    use('client', 'commandTimeout'),
    redis('commandTimeout: ms'),
    REDIS,
  ),
];
