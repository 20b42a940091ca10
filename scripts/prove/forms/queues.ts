/** Queues: what their clients do when the broker is silent. */
import type { Proof } from '../proof.ts';
import { forms, use } from './http.ts';

const bullmq = (connection: string) => `
import { Queue } from 'bullmq';
const call = ({ host, port, ms }) => {
  const queue = new Queue('orders', { connection: { host, port, ${connection} } });
  queue.on('error', () => {});
  return queue.add('order', {});
};`;
const REDIS = { peer: 'redis', faults: ['blackhole', 'mute', 'frozen'] } as const;

const kafkajs = (options: string) => `
import kafkajs from 'kafkajs';
const call = async ({ host, port, ms }) => {
  const kafka = new kafkajs.Kafka({ brokers: [host + ':' + port], logLevel: 0, retry: { retries: 0 }, ${options} });
  const admin = kafka.admin();
  await admin.connect();
  await admin.listTopics();
};`;

const amqplib = (options: string) => `
import amqp from 'amqplib';
const call = async ({ host, port, ms }) => {
  const connection = await amqp.connect('amqp://' + host + ':' + port, { ${options} });
  connection.on('error', () => {});
  const channel = await connection.createChannel();
  return channel.assertQueue('orders');
};`;
const AMQP = { peer: 'amqp', faults: ['blackhole', 'mute', 'frozen'] } as const;

export const queues: readonly Proof[] = [
  ...forms('bullmq', 'bullmq', ['5.81.5', '6.7.0'], 'default', [], bullmq(''), {
    ...REDIS,
    packages: { ioredis: '5.11.1' },
  }),
  ...forms(
    'bullmq',
    'bullmq',
    ['5.81.5', '6.7.0'],
    'command-timeout',
    use('ioredis:client', 'commandTimeout'),
    bullmq('commandTimeout: ms'),
    { ...REDIS, packages: { ioredis: '5.11.1' }, faults: ['frozen'] },
  ),
  // A broker that accepts and is silent is asked for its versions first: the time of a request.
  ...forms('kafkajs', 'kafkajs', ['2.2.4'], 'default', [], kafkajs(''), {
    peer: 'tcp',
    faults: ['blackhole', 'frozen'],
  }),
  ...forms(
    'kafkajs',
    'kafkajs',
    ['2.2.4'],
    'connection-timeout',
    use('client', 'connectionTimeout'),
    kafkajs('connectionTimeout: ms'),
    { peer: 'tcp', faults: ['blackhole'] },
  ),
  ...forms(
    'kafkajs',
    'kafkajs',
    ['2.2.4'],
    'request-timeout',
    use('client', 'requestTimeout'),
    kafkajs('requestTimeout: ms'),
    { peer: 'tcp', faults: ['frozen'] },
  ),
  ...forms('amqplib', 'amqplib', ['0.10.9', '2.3.1'], 'default', [], amqplib(''), AMQP),
  ...forms(
    'amqplib',
    'amqplib',
    ['0.10.9', '2.3.1'],
    'timeout',
    use('client', 'timeout'),
    amqplib('timeout: ms'),
    AMQP,
  ),
];
