import {
  argument,
  defineLibrary,
  fact,
  options,
  type Shape,
  type ShutdownHooks,
} from '../library.ts';

const path = { role: 'path', is: ['string', 'array'], optional: true } as const;
const verb = (name: string): Shape => ({
  decorate: { takes: [[path]], does: [{ is: 'route', verb: name }] },
});
const create = (shape: string): Shape => ({
  call: {
    takes: [
      [
        argument('other'),
        { role: 'value', shape: 'Adapter', is: ['instance'] },
        options('application'),
      ],
      [argument('other'), options('application')],
    ],
    gives: shape,
    promised: true,
  },
});
const plain: Shape = { decorate: {} };
const SHUTDOWN_HOOKS: ShutdownHooks = {
  is: 'shutdown-hooks',
  signals: ['SIGTERM', 'SIGINT'],
  drains: true,
  // @nestjs/core@11.1.6 nest-application-context.js:159-162: these, then the server, then onApplicationShutdown.
  before: ['onModuleDestroy', 'beforeApplicationShutdown'],
};

/** NestJS: applications, controllers and their decorators. */
export default defineLibrary({
  name: 'nestjs-core',
  packages: [
    { name: '@nestjs/core', versions: '>=8 <13' },
    { name: '@nestjs/common', versions: '>=8 <13' },
  ],
  roles: ['server', 'queue'],
  modules: {
    '@nestjs/core': {
      NestFactory: {
        members: {
          create: create('Application'),
          createMicroservice: create('Microservice'),
          createApplicationContext: create('Context'),
        },
      },
    },
    '@nestjs/common': {
      Controller: {
        decorate: {
          takes: [
            [{ role: 'path', is: ['string', 'array'], optional: true }],
            [options('controller')],
          ],
          does: [{ is: 'prefix' }],
        },
      },
      Get: verb('GET'),
      Post: verb('POST'),
      Put: verb('PUT'),
      Patch: verb('PATCH'),
      Delete: verb('DELETE'),
      Head: verb('HEAD'),
      Options: verb('OPTIONS'),
      Sse: verb('GET'),
      All: verb('*'),
      'Injectable|Module|Global|Inject|Optional': plain,
    },
    '@nestjs/platform-express': { ExpressAdapter: { construct: { gives: 'Adapter' } } },
    '@nestjs/platform-fastify': { FastifyAdapter: { construct: { gives: 'Adapter' } } },
    '@nestjs/terminus': {
      // Marks the route that it stands on; the route itself is a @Get.
      HealthCheck: plain,
      HealthCheckService: {},
      TerminusModule: { members: { forRoot: { call: { takes: [[options('terminus')]] } } } },
    },
    '@nestjs/microservices': {
      'MessagePattern|EventPattern|GrpcMethod|GrpcStreamMethod': {
        decorate: {
          takes: [[argument('name')]],
          does: [{ is: 'consume', consumer: 'microservice' }],
        },
      },
      ClientProxyFactory: { members: { create: { call: { gives: 'ClientProxy' } } } },
    },
    '@nestjs/graphql': {
      'Query|Mutation|Subscription|ResolveField': {
        decorate: { does: [{ is: 'route', verb: 'GRAPHQL' }] },
      },
      Resolver: plain,
    },
  },
  shapes: {
    Adapter: {},
    Application: {
      members: {
        listen: {
          call: {
            takes: [[argument('port'), { role: 'other', rest: true }]],
            promised: true,
            does: [{ is: 'listen', server: 'nest' }],
          },
        },
        enableShutdownHooks: {
          call: {
            takes: [
              [{ role: 'option', set: 'hooks', path: 'signals', is: ['array'], optional: true }],
            ],
            chains: true,
            does: [SHUTDOWN_HOOKS],
          },
        },
        close: {
          call: { does: [{ is: 'close', what: 'server', completes: 'promise', drains: true }] },
        },
        setGlobalPrefix: {
          call: {
            takes: [[argument('path', 'string'), options('prefix')]],
            chains: true,
            does: [{ is: 'prefix', of: 'decorators' }],
          },
        },
        enableVersioning: {
          call: { takes: [[options('versioning')]], chains: true, does: [{ is: 'versions' }] },
        },
        connectMicroservice: {
          call: { takes: [[options('microservice')]], gives: 'Microservice' },
        },
        startAllMicroservices: {
          call: { promised: true, does: [{ is: 'listen', server: 'nest' }] },
        },
        init: { call: { promised: true } },
        getHttpServer: { call: { gives: 'node-http:Server' } },
        'get|resolve|select': { call: {} },
        use: {
          call: {
            takes: [
              [
                { role: 'path', is: ['string', 'array'] },
                { role: 'handler', is: ['function', 'array', 'instance'], rest: true },
              ],
              [{ role: 'handler', is: ['function', 'array', 'instance'], rest: true }],
            ],
            chains: true,
            does: [{ is: 'mount' }],
          },
        },
        'useGlobalPipes|useGlobalFilters|useGlobalGuards|useGlobalInterceptors|enableCors|useLogger|set|disable|enable|useStaticAssets|useBodyParser|setViewEngine|setBaseViewsDir|register':
          { call: { chains: true } },
      },
    },
    Microservice: {
      members: {
        listen: { call: { promised: true, does: [{ is: 'listen', server: 'nest' }] } },
        enableShutdownHooks: {
          call: {
            takes: [
              [{ role: 'option', set: 'hooks', path: 'signals', is: ['array'], optional: true }],
            ],
            chains: true,
            does: [SHUTDOWN_HOOKS],
          },
        },
        close: {
          call: { does: [{ is: 'close', what: 'server', completes: 'promise', drains: true }] },
        },
        'get|resolve|select|useLogger': { call: {} },
      },
    },
    // No server: commands, scripts, workers that consume elsewhere.
    Context: {
      members: {
        enableShutdownHooks: {
          call: {
            takes: [
              [{ role: 'option', set: 'hooks', path: 'signals', is: ['array'], optional: true }],
            ],
            chains: true,
            does: [SHUTDOWN_HOOKS],
          },
        },
        close: {
          call: { does: [{ is: 'close', what: 'client', completes: 'promise', drains: true }] },
        },
        'get|resolve|select|useLogger': { call: {} },
      },
    },
    ClientProxy: {
      members: {
        'send|emit': {
          call: {
            takes: [[argument('name'), argument('body')]],
            gives: 'rxjs:Observable',
            does: [
              {
                is: 'call',
                profile: 'client-proxy',
                verb: 'member',
                lazy: { starts: ['subscribe', 'toPromise', 'forEach'] },
                body: 'read',
                rejectsOn: ['network', '5xx'],
              },
            ],
          },
        },
        close: {
          call: { does: [{ is: 'close', what: 'client', completes: 'at-once', drains: false }] },
        },
      },
    },
  },
  injects: [
    {
      module: '@nestjs/microservices',
      token: 'ClientProxy',
      shape: 'ClientProxy',
      profile: 'client-proxy',
      providers: [
        { of: 'ClientsModule', method: 'register' },
        { of: 'ClientsModule', method: 'registerAsync' },
      ],
    },
  ],
  profiles: [
    {
      name: 'client-proxy',
      versions: '>=8 <13',
      phases: {
        connect: { ms: Infinity, ...fact('@nestjs/microservices@12.1.1 client/client-proxy.js') },
        acquire: { notApplicable: 'one connection carries all messages' },
        headers: { ms: Infinity, ...fact('@nestjs/microservices@12.1.1 client/client-proxy.js') },
        idle: { ms: Infinity, ...fact('@nestjs/microservices@12.1.1 client/client-proxy.js') },
        total: { ms: Infinity, ...fact('@nestjs/microservices@12.1.1 client/client-proxy.js') },
        release: { notApplicable: 'unsubscribing forgets the answer' },
      },
      attempts: { max: 1, ...fact('@nestjs/microservices@12.1.1 client/client-proxy.js') },
    },
  ],
  options: [
    {
      in: ['terminus'],
      path: 'gracefulShutdownTimeoutMs',
      meaning: { sets: 'drain-timeout', unit: 'ms' },
      disabledBy: [],
      ...fact('@nestjs/terminus@12.1.0 dist/health-check/health-check-executor.service.js:48'),
    },
    {
      in: ['prefix'],
      path: 'exclude',
      meaning: { sets: 'target' },
      disabledBy: [],
      ...fact('https://docs.nestjs.com/faq/global-prefix'),
    },
  ],
  servers: [
    {
      name: 'nest',
      versions: '>=8 <13',
      sigterm: {
        byDefault: 'killed',
        ...fact('@nestjs/core@12.5.1 nest-application-context.js:207', 'nestjs-core/unhandled'),
      },
      close: {
        drains: true,
        keepAliveMs: 5_000,
        keepAliveOption: 'keepAliveTimeout',
        waitsFor: ['streams', 'websockets', 'requests'],
        ...fact('@nestjs/core@12.5.1 nest-application.js:67', 'nestjs-core/close'),
      },
      closing: { call: 'app.close', completes: 'promise' },
      catchesAsyncErrors: true,
    },
  ],
  consumers: [
    {
      name: 'microservice',
      versions: '>=8 <13',
      sigterm: {
        byDefault: 'killed',
        ...fact('@nestjs/core@12.5.1 nest-application-context.js:207'),
      },
      close: { drains: false, ...fact('@nestjs/microservices@12.1.1 server/server-grpc.js:398') },
      inFlight: { max: Infinity, ...fact('@nestjs/microservices@12.1.1 server/server.js') },
      deliveries: { max: 1, ...fact('@nestjs/microservices@12.1.1 server/server.js') },
    },
  ],
  fix: 'app.enableShutdownHooks(); // before app.listen()\n// Hooks run in this order: onModuleDestroy, beforeApplicationShutdown, HTTP closes, onApplicationShutdown.\n// Clients that open requests still use are quit in onApplicationShutdown.',
});
