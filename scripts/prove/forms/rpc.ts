/** SDKs and RPC. */
import type { Proof, ShutdownProof } from '../proof.ts';
import { ENDS } from './built-in.ts';
import { forms, use } from './http.ts';

const aws = (service: 'SQS' | 'SNS', handler: string, call = '') => `
import sdk from '@aws-sdk/client-${service.toLowerCase()}';
const logger = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };
const call = async ({ url, ms }) => {
  const client = new sdk.${service}Client({
    region: 'eu-central-1', endpoint: new URL(url).origin, logger,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    ${handler}
  });
  return client.send(new sdk.${service === 'SQS' ? 'ListQueuesCommand' : 'ListTopicsCommand'}({}), { ${call} });
};`;
const AWS = {
  packages: { '@aws-sdk/client-sqs': '3.1169.0', '@aws-sdk/client-sns': '3.1169.0' },
};
const CURRENT = ['4.14.2'];
const awsForms = (
  name: string,
  uses: Parameters<typeof forms>[4],
  handler: string,
  call?: string,
  more = {},
) =>
  forms('aws-sdk', '@smithy/node-http-handler', CURRENT, name, uses, aws('SNS', handler, call), {
    ...AWS,
    ...more,
  });

const grpc = (options: string) => `
import grpc from '@grpc/grpc-js';
const bytes = (value) => value;
const call = ({ host, port, ms }) => new Promise((resolve, reject) => {
  const client = new grpc.Client(host + ':' + port, grpc.credentials.createInsecure());
  client.makeUnaryRequest('/shop.Orders/Get', bytes, bytes, Buffer.from('a'), new grpc.Metadata(), { ${options} },
    (error, value) => (error ? reject(error) : resolve(value)));
});`;

const grpcServer = (form: ShutdownProof['form'], handler: string): ShutdownProof => ({
  kind: 'shutdown',
  name: `grpc-js/${form}`,
  library: 'grpc-js',
  version: '1.14.7',
  packages: { '@grpc/grpc-js': '1.14.7' },
  server: 'grpc',
  form,
  // The outside speaks HTTP: a front in the same process calls the gRPC server, and does not keep connections.
  code: `
import grpc from '@grpc/grpc-js';
import { createServer } from 'node:http';
import { fork } from 'node:child_process';
const bytes = (value) => value;
if (process.argv[2] === 'front') {
  const client = new grpc.Client('127.0.0.1:' + process.argv[3], grpc.credentials.createInsecure());
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => setTimeout(() => process.exit(0), 300));
  const front = createServer((request, response) => {
    client.makeUnaryRequest('/shop.Orders/Get', bytes, bytes, Buffer.from('a'), (error) => {
      response.statusCode = error ? 502 : 200;
      response.setHeader('connection', 'close');
      response.end();
      front.close();
      client.close();
    });
  });
  front.listen(0, '127.0.0.1', () => process.send(front.address().port));
} else {
  const server = new grpc.Server();
  server.addService({ Get: { path: '/shop.Orders/Get', requestStream: false, responseStream: false,
    requestSerialize: bytes, requestDeserialize: bytes, responseSerialize: bytes, responseDeserialize: bytes } },
    { Get: async (call, done) => { await slowly(); done(null, Buffer.from('b')); } });
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    const front = fork(process.argv[1], ['front', String(port)]);
    front.on('message', (frontPort) => { listening(frontPort); front.unref(); front.channel?.unref(); });
  });
  ${handler}
}`,
});

export const rpc: readonly Proof[] = [
  ...awsForms('default', [], '', '', {
    faults: [...ENDS, 'unavailable', 'reset'],
    verbs: ['POST'],
  }),
  ...forms('aws-sdk', '@smithy/node-http-handler', CURRENT, 'sqs', [], aws('SQS', ''), {
    ...AWS,
    profile: 'sqs',
    faults: [...ENDS, 'unavailable', 'reset'],
    verbs: ['POST'],
  }),
  ...awsForms(
    'abort-signal',
    use('call', 'abortSignal'),
    '',
    'abortSignal: AbortSignal.timeout(ms)',
  ),
  ...awsForms(
    'connection-timeout',
    use('handler', 'connectionTimeout'),
    'maxAttempts: 1, requestHandler: { connectionTimeout: ms }',
  ),
  ...awsForms(
    'socket-timeout',
    use('handler', 'socketTimeout'),
    'maxAttempts: 1, requestHandler: { socketTimeout: ms }',
  ),
  ...awsForms(
    'request-timeout-throws',
    use('handler', 'requestTimeout'),
    'maxAttempts: 1, requestHandler: { requestTimeout: ms, throwOnRequestTimeout: true }',
  ),
  // Without throwOnRequestTimeout the option is as good as absent.
  ...awsForms(
    'request-timeout-warns',
    [],
    'maxAttempts: 1, requestHandler: { requestTimeout: ms }',
  ),
  ...forms(
    'aws-sdk',
    '@smithy/node-http-handler',
    ['4.3.0'],
    'request-timeout-4.3',
    use('handler', 'requestTimeout'),
    `import { NodeHttpHandler } from '@smithy/node-http-handler';
${aws('SNS', 'maxAttempts: 1, requestHandler: new NodeHttpHandler({ requestTimeout: ms })')}`,
    AWS,
  ),

  ...forms('grpc-js', '@grpc/grpc-js', ['1.14.7'], 'default', [], grpc(''), {
    faults: ['blackhole', 'frozen'],
    peer: 'tcp',
  }),
  ...forms(
    'grpc-js',
    '@grpc/grpc-js',
    ['1.14.7'],
    'deadline',
    use('call', 'deadline'),
    grpc('deadline: Date.now() + ms'),
    { faults: ['blackhole', 'mute', 'frozen'], peer: 'tcp' },
  ),
  ...forms(
    'grpc-js',
    '@grpc/grpc-js',
    ['1.14.7'],
    'timeout-option',
    use('call', 'timeout'),
    grpc('timeout: ms'),
    { faults: ['frozen'], peer: 'tcp' },
  ),
  grpcServer('unhandled', ''),
  grpcServer('close', "process.once('SIGTERM', () => server.tryShutdown(() => {}));"),
  grpcServer(
    'exit-at-once',
    "process.once('SIGTERM', () => { server.tryShutdown(() => {}); process.exit(0); });",
  ),
];
