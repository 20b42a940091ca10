import grpc from '@grpc/grpc-js';

type Callback = (error: null, answer: object) => void;

export const ledger = grpc.loadPackageDefinition({}).Ledger;
export const book = (_call: object, done: Callback): void => done(null, {});
export const health = {
  service: grpc.loadPackageDefinition({}).Health,
  check: (_call: object, done: Callback): void => done(null, { status: 'SERVING' }),
};
