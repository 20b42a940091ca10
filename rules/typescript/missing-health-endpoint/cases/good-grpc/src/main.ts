import { Server, ServerCredentials } from '@grpc/grpc-js';
import { book, health, ledger } from './services.ts';

const server = new Server();
server.addService(ledger, { book });
server.addService(health.service, { check: health.check });
server.bindAsync('0.0.0.0:8080', ServerCredentials.createInsecure(), () => {});
