/** What Node.js alone can show: the short run. */
import type { CallProof, Fault, Proof, ShutdownProof } from '../proof.ts';

export const ENDS: readonly Fault[] = ['blackhole', 'mute', 'frozen', 'stall', 'drip'];

const node = process.version.slice(1);
const call = (
  library: string,
  name: string,
  uses: CallProof['uses'],
  code: string,
  faults: readonly Fault[] = ENDS,
): CallProof => ({
  kind: 'call',
  name: `${library}/${name}`,
  library,
  version: node,
  packages: {},
  uses,
  faults,
  code,
});

const viaHttp = (options: string, more = '') => `
import http from 'node:http';
const call = ({ url, verb, ms }) => new Promise((resolve, reject) => {
  const request = http.request(url, { method: verb, ${options} }, (response) => {
    response.on('error', reject).on('end', resolve).resume();
  });
  request.on('error', reject);
  ${more}
  request.end();
});`;

const server = (
  form: ShutdownProof['form'],
  handler: string,
  keepAliveMs?: number,
): ShutdownProof => ({
  kind: 'shutdown',
  name: `node-http/${form}`,
  library: 'node-http',
  version: node,
  packages: {},
  server: 'http',
  form,
  ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
  code: `
import { createServer } from 'node:http';
const server = createServer(async (request, response) => { await slowly(); response.end('done'); });
if (keepAliveMs !== undefined) server.keepAliveTimeout = keepAliveMs;
server.listen(0, '127.0.0.1', () => listening(server.address().port));
${handler}`,
});

export const builtIn: readonly Proof[] = [
  call(
    'fetch',
    'default',
    [],
    'const call = async ({ url, verb }) => (await fetch(url, { method: verb })).text();',
    [...ENDS, 'unavailable', 'reset'],
  ),
  call(
    'fetch',
    'signal',
    [{ set: 'init', path: 'signal' }],
    'const call = async ({ url, ms }) => (await fetch(url, { signal: AbortSignal.timeout(ms) })).text();',
  ),
  call(
    'fetch',
    'timeout-option',
    [{ set: 'init', path: 'timeout' }],
    'const call = async ({ url, ms }) => (await fetch(url, { timeout: ms })).text();',
  ),
  call('node-http', 'default', [], viaHttp(''), [...ENDS, 'unavailable', 'reset']),
  call(
    'node-http',
    'signal',
    [{ set: 'request', path: 'signal' }],
    viaHttp('signal: AbortSignal.timeout(ms)'),
  ),
  call(
    'node-http',
    'timeout-and-destroy',
    [{ set: 'request', path: 'timeout' }],
    viaHttp('timeout: ms', "request.on('timeout', () => request.destroy(new Error('timeout')));"),
  ),
  call(
    'node-http',
    'set-timeout',
    [{ set: 'request', path: 'setTimeout' }],
    viaHttp('', "request.setTimeout(ms, () => request.destroy(new Error('timeout')));"),
  ),
  // The option without a listener bounds nothing.
  call('node-http', 'timeout-alone', [], viaHttp('timeout: ms')),
  call(
    'node-http',
    'agent-timeout',
    [{ set: 'agent', path: 'timeout' }],
    viaHttp('agent: new http.Agent({ timeout: ms })'),
  ),
  server('unhandled', ''),
  server('close', "process.once('SIGTERM', () => server.close());"),
  server('close', "process.once('SIGTERM', () => server.close());", 300),
  server('exit-at-once', "process.once('SIGTERM', () => { server.close(); process.exit(0); });"),
];
