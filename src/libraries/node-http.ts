import { argument, defineLibrary, fact, options, type Parameter, unset, zero } from '../library.ts';

const callback: Parameter = { role: 'callback', is: ['function'], optional: true };
const request = (verb: string | { option: string; otherwise: string }) =>
  ({
    call: {
      takes: [
        [argument('url', 'string', 'url-object'), options('request'), callback],
        [options('request'), callback],
      ],
      gives: 'ClientRequest',
      does: [{ is: 'call', profile: 'default', verb, body: 'unread', rejectsOn: ['network'] }],
    },
  }) as const;

/** `http` and `https` of Node.js: calls and servers. */
export default defineLibrary({
  name: 'node-http',
  packages: [{ name: 'node', versions: '>=18' }],
  roles: ['http', 'server'],
  modules: {
    'node:http': { default: 'http', '=': 'http' },
    http: { default: 'http', '=': 'http' },
    'node:https': { default: 'http', '=': 'http' },
    https: { default: 'http', '=': 'http' },
  },
  shapes: {
    http: {
      members: {
        request: request({ option: 'method', otherwise: 'GET' }),
        get: request('GET'),
        Agent: {
          construct: {
            takes: [[options('agent')]],
            gives: 'Agent',
            does: [{ is: 'client', profile: 'default', connections: 'pool' }],
          },
        },
        globalAgent: 'Agent',
        createServer: {
          call: {
            takes: [
              [
                options('server'),
                { role: 'handler', is: ['function', 'instance'], optional: true },
              ],
              [{ role: 'handler', is: ['function', 'instance'], optional: true }],
            ],
            gives: 'Server',
          },
        },
        Server: {
          construct: {
            takes: [
              [
                options('server'),
                { role: 'handler', is: ['function', 'instance'], optional: true },
              ],
              [{ role: 'handler', is: ['function', 'instance'], optional: true }],
            ],
            gives: 'Server',
          },
        },
      },
    },
    Agent: { assigns: { set: 'agent', of: 'client' } },
    ClientRequest: {
      members: {
        setTimeout: {
          call: {
            takes: [
              [
                { role: 'option', set: 'request', path: 'setTimeout' },
                argument('callback', 'function'),
              ],
            ],
            chains: true,
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
        'on|once|addListener': {
          call: {
            takes: [[argument('name'), argument('callback')]],
            chains: true,
            does: [{ is: 'listener' }],
          },
        },
        'destroy|abort': {
          call: { does: [{ is: 'close', what: 'client', completes: 'at-once', drains: false }] },
        },
      },
    },
    Server: {
      members: {
        listen: {
          call: {
            takes: [[argument('port'), { role: 'other', rest: true }]],
            chains: true,
            does: [{ is: 'listen', server: 'http' }],
          },
        },
        close: {
          call: {
            takes: [[callback]],
            chains: true,
            does: [{ is: 'close', what: 'server', completes: 'callback', drains: true }],
          },
        },
        'closeAllConnections|closeIdleConnections': { call: {} },
        'on|once|addListener': {
          call: {
            takes: [
              [
                { role: 'name', is: ['string'] },
                { role: 'handler', is: ['function', 'instance'] },
              ],
            ],
            chains: true,
            does: [{ is: 'listener' }],
          },
        },
        'keepAliveTimeout|headersTimeout|requestTimeout|timeout': {},
      },
      assigns: { set: 'server', of: 'client' },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=18',
      phases: {
        connect: {
          ms: Infinity,
          ...fact('node@20.20.2 lib/_http_client.js:958', 'node-http/default'),
        },
        acquire: {
          ms: Infinity,
          ...fact('node@20.20.2 lib/_http_agent.js:203 (maxSockets Infinity)'),
        },
        headers: {
          ms: Infinity,
          ...fact('node@20.20.2 lib/_http_client.js:958', 'node-http/default'),
        },
        idle: {
          ms: Infinity,
          ...fact('node@20.20.2 lib/_http_client.js:958', 'node-http/default'),
        },
        total: {
          ms: Infinity,
          ...fact('node@20.20.2 lib/_http_client.js:958', 'node-http/default'),
        },
        release: { notApplicable: 'the request is an emitter' },
      },
      attempts: { max: 1, ...fact('node@20.20.2 lib/_http_client.js', 'node-http/default') },
      pool: {
        size: Infinity,
        queue: Infinity,
        per: 'host',
        ...fact('node@20.20.2 lib/_http_agent.js:203'),
      },
    },
  ],
  options: [
    {
      in: ['request'],
      path: 'signal',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'signal', per: 'call' },
      disabledBy: [unset],
      ...fact('node@20.20.2 lib/_http_client.js', 'node-http/signal'),
    },
    {
      in: ['request'],
      path: 'timeout',
      meaning: {
        bounds: ['connect', 'headers', 'idle'],
        unit: 'ms',
        per: 'attempt',
        needsListener: 'timeout',
      },
      disabledBy: [zero, unset],
      ...fact('node@20.20.2 lib/_http_client.js:958', 'node-http/timeout-and-destroy'),
    },
    {
      in: ['request'],
      path: 'setTimeout',
      meaning: {
        bounds: ['headers', 'idle'],
        unit: 'ms',
        per: 'attempt',
        needsListener: 'timeout',
      },
      disabledBy: [zero],
      ...fact('node@20.20.2 lib/_http_client.js:958', 'node-http/set-timeout'),
    },
    {
      in: ['request'],
      path: 'method',
      meaning: { sets: 'verb' },
      disabledBy: [],
      ...fact('https://nodejs.org/docs/latest-v20.x/api/http.html#httprequesturl-options-callback'),
    },
    {
      in: ['agent'],
      path: 'maxSockets',
      meaning: { sets: 'pool-size' },
      disabledBy: [{ is: 'Infinity' }],
      ...fact('node@20.20.2 lib/_http_agent.js:203'),
    },
    {
      in: ['server'],
      path: 'keepAliveTimeout',
      meaning: { sets: 'keep-alive-timeout' },
      disabledBy: [zero],
      ...fact(
        'https://nodejs.org/docs/latest-v20.x/api/http.html#serverkeepalivetimeout',
        'node-http/close',
      ),
    },
    {
      in: ['server'],
      path: 'requestTimeout',
      meaning: { sets: 'request-timeout' },
      disabledBy: [zero],
      ...fact('https://nodejs.org/docs/latest-v20.x/api/http.html#serverrequesttimeout'),
    },
  ],
  ineffective: [
    {
      in: ['agent'],
      path: 'timeout',
      why: 'The timeout of an Agent only emits an event; nothing ends the request.',
      instead: 'signal: AbortSignal.timeout(5_000)',
      ...fact('node@20.20.2 lib/_http_agent.js', 'node-http/agent-timeout'),
    },
    {
      in: ['request'],
      path: 'timeout',
      unlessListener: 'timeout',
      why: 'It only emits an event that nobody listens to.',
      instead: 'signal: AbortSignal.timeout(5_000)',
      ...fact('node@20.20.2 lib/_http_client.js:958', 'node-http/timeout-alone'),
    },
  ],
  servers: [
    {
      name: 'http',
      versions: '>=19',
      sigterm: { byDefault: 'killed', ...fact('node@20.20.2', 'node-http/unhandled') },
      close: {
        drains: true,
        keepAliveMs: 5_000,
        keepAliveOption: 'keepAliveTimeout',
        waitsFor: ['streams', 'websockets', 'requests'],
        ...fact('node@20.20.2 lib/_http_server.js', 'node-http/close'),
      },
      closing: {
        keep: 'const server = createServer(handler).listen(8080);',
        call: 'server.close',
        completes: 'callback',
      },
      catchesAsyncErrors: false,
    },
    {
      name: 'http',
      versions: '>=18 <19',
      sigterm: {
        byDefault: 'killed',
        ...fact('https://nodejs.org/docs/latest-v18.x/api/process.html#signal-events'),
      },
      close: {
        drains: true,
        keepAliveMs: 5_000,
        keepAliveOption: 'keepAliveTimeout',
        waitsFor: ['streams', 'websockets', 'requests'],
        ...fact('https://nodejs.org/docs/latest-v18.x/api/http.html#serverclosecallback'),
      },
      closing: {
        keep: 'const server = createServer(handler).listen(8080);',
        call: 'server.close',
        completes: 'callback',
      },
      catchesAsyncErrors: false,
    },
  ],
  fix: 'https.request(url, { signal: AbortSignal.timeout(5_000) }, onResponse)',
});
