import { credentials, makeClientConstructor } from '@grpc/grpc-js';
import { definition } from './definition.ts';

const Ledger = makeClientConstructor(definition, 'Ledger');
export const ledger = new Ledger('ledger:8080', credentials.createInsecure());
