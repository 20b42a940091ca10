import { Kafka } from 'kafkajs';
import { closeOnSigterm } from './signals.ts';

const consumer = new Kafka({ brokers: ['kafka:9092'] }).consumer({ groupId: 'ledger' });
closeOnSigterm(() => consumer.disconnect());
await consumer.connect();
await consumer.subscribe({ topic: 'payments' });
await consumer.run({ eachMessage: async ({ message }) => console.log(message.offset) });
