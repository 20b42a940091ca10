import { Kafka } from 'kafkajs';
import { record } from './record.ts';

const consumer = new Kafka({ brokers: ['kafka:9092'] }).consumer({ groupId: 'ledger' });
await consumer.connect();
await consumer.subscribe({ topic: 'payments' });
await consumer.run({ eachMessage: async ({ message }) => record(message.value) });
