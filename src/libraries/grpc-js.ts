import {
  argument,
  type Callable,
  defineLibrary,
  fact,
  forEver,
  infinite,
  options,
  type Parameter,
  setting,
  unset,
} from '../library.ts';

const callback: Parameter = { role: 'callback', is: ['function'], optional: true };
const metadata: Parameter = { role: 'value', shape: 'Metadata', is: ['instance'] };
const method: Callable = {
  takes: [
    [argument('body'), callback],
    [argument('body'), metadata, callback],
    [argument('body'), metadata, options('call'), callback],
    [argument('body'), options('call'), callback],
  ],
  does: [
    { is: 'call', profile: 'default', verb: 'member', body: 'read', rejectsOn: ['network', '5xx'] },
  ],
};
const construct: Callable = {
  takes: [[argument('url'), argument('other'), options('channel')]],
  gives: 'Client',
  does: [{ is: 'client', profile: 'default', connections: 'multiplexed' }],
};

/** gRPC clients and servers. */
export default defineLibrary({
  name: 'grpc-js',
  packages: [{ name: '@grpc/grpc-js', versions: '>=1.8 <2' }],
  roles: ['rpc', 'server'],
  modules: {
    '@grpc/grpc-js': {
      default: 'grpc',
      '=': 'grpc',
    },
    'grpc-health-check': { HealthImplementation: 'Health' },
  },
  shapes: {
    grpc: {
      members: {
        loadPackageDefinition: 'loadPackageDefinition',
        'makeClientConstructor|makeGenericClientConstructor': 'makeClient',
        Client: 'ClientClass',
        Metadata: { construct: { gives: 'Metadata' } },
        Server: { construct: { gives: 'Server' } },
      },
    },
    loadPackageDefinition: { call: { gives: 'Package' } },
    // Packages within packages, down to the services, which are constructed.
    Package: { construct, others: 'Package' },
    makeClient: { call: { gives: 'ClientClass' } },
    ClientClass: { construct, extended: 'Client' },
    Metadata: {},
    Client: {
      members: {
        'makeUnaryRequest|makeClientStreamRequest|makeServerStreamRequest|makeBidiStreamRequest': {
          call: {
            takes: [
              [
                argument('name'),
                argument('other'),
                argument('other'),
                argument('body'),
                metadata,
                options('call'),
                callback,
              ],
            ],
            does: [
              {
                is: 'call',
                profile: 'default',
                verb: 'call',
                body: 'read',
                rejectsOn: ['network', '5xx'],
              },
            ],
          },
        },
        waitForReady: {
          call: { takes: [[{ role: 'option', set: 'call', path: 'deadline' }, callback]] },
        },
        close: {
          call: { does: [{ is: 'close', what: 'client', completes: 'at-once', drains: false }] },
        },
        getChannel: { call: {} },
      },
      others: { call: method },
    },
    Server: {
      members: {
        addService: {
          call: {
            takes: [[argument('name'), { role: 'handler', is: ['object', 'instance'] }]],
            does: [{ is: 'route', verb: 'RPC' }],
          },
        },
        bindAsync: {
          call: {
            takes: [[argument('port'), argument('other'), callback]],
            does: [{ is: 'listen', server: 'grpc' }],
          },
        },
        tryShutdown: {
          call: {
            takes: [[callback]],
            does: [{ is: 'close', what: 'server', completes: 'callback', drains: true }],
          },
        },
        forceShutdown: {
          call: { does: [{ is: 'close', what: 'server', completes: 'at-once', drains: false }] },
        },
      },
    },
    Health: {
      construct: { gives: 'HealthService' },
    },
    HealthService: {
      members: {
        addToServer: { call: { does: [{ is: 'health', path: 'grpc.health.v1.Health' }] } },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=1.8 <2',
      phases: {
        // Until the kernel gives up on the SYN, about two minutes: calls wait through the attempts of the channel.
        connect: forEver(fact('@grpc/grpc-js@1.14.7 build/src/subchannel.js', 'grpc-js/default')),
        acquire: { notApplicable: 'one HTTP/2 connection carries all calls' },
        headers: forEver(
          fact('@grpc/grpc-js@1.14.7 build/src/client-interceptors.js:252', 'grpc-js/default'),
        ),
        idle: forEver(fact('@grpc/grpc-js@1.14.7 build/src/client-interceptors.js:252')),
        total: forEver(fact('@grpc/grpc-js@1.14.7 build/src/client-interceptors.js:252')),
        release: { notApplicable: 'the callback is the call' },
      },
      attempts: { max: 1, ...fact('@grpc/grpc-js@1.14.7 build/src/retrying-call.js:94') },
    },
  ],
  options: [
    {
      in: ['call'],
      path: 'deadline',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'epoch-ms',
        per: 'call',
      },
      disabledBy: [infinite, unset],
      brokenBy: [{ value: { from: 0, below: 1e12 }, result: 'fires-at-once' }],
      ...fact('@grpc/grpc-js@1.14.7 build/src/client-interceptors.js:252', 'grpc-js/deadline'),
    },
    setting(
      ['channel'],
      'grpc.service_config',
      'attempts',
      fact('@grpc/grpc-js@1.14.7 build/src/retrying-call.js:134'),
    ),
    setting(
      ['channel'],
      'grpc.keepalive_time_ms',
      'keep-alive',
      fact('@grpc/grpc-js@1.14.7 build/src/internal-channel.js:204'),
    ),
  ],
  ineffective: [
    {
      in: ['call'],
      path: 'timeout',
      why: 'gRPC calls have no option timeout.',
      instead: 'deadline: Date.now() + 2_000',
      ...fact(
        '@grpc/grpc-js@1.14.7 build/src/client-interceptors.js:252',
        'grpc-js/timeout-option',
      ),
    },
  ],
  servers: [
    {
      name: 'grpc',
      versions: '>=1.8 <2',
      sigterm: {
        byDefault: 'killed',
        ...fact('@grpc/grpc-js@1.14.7 build/src/server.js: no process.on', 'grpc-js/unhandled'),
      },
      close: {
        drains: true,
        keepAliveMs: 0,
        waitsFor: ['streams', 'requests'],
        ...fact('@grpc/grpc-js@1.14.7 build/src/server.js:861', 'grpc-js/close'),
      },
      closing: { call: 'server.tryShutdown', completes: 'callback' },
      catchesAsyncErrors: false,
    },
  ],
  fix: 'client.getOrder(request, { deadline: Date.now() + 2_000 }, callback)',
});
