import {
  argument,
  defineLibrary,
  fact,
  forEver,
  infinite,
  type OutboundCall,
  options,
  setting,
  unset,
  zero,
} from '../library.ts';

const leaves = (profile: string, verb: string): OutboundCall => ({
  is: 'call',
  profile,
  verb,
  body: 'read',
  rejectsOn: ['network', '4xx', '5xx'],
});
const client = (profile: 'default' | 'sqs') =>
  ({
    construct: {
      takes: [[options('client')]],
      gives: profile === 'sqs' ? 'SqsClient' : 'Client',
      does: [{ is: 'client', profile, connections: 'pool' }],
    },
    extended: profile === 'sqs' ? 'SqsClient' : 'Client',
  }) as const;
const instance = (profile: string) =>
  ({
    members: {
      send: {
        call: {
          takes: [[argument('body'), options('call')]],
          promised: true,
          does: [leaves(profile, 'send')],
        },
      },
      destroy: {
        call: { does: [{ is: 'close', what: 'client', completes: 'at-once', drains: false }] },
      },
      config: {},
      middlewareStack: {},
    },
    // The operations of aggregated clients: new S3().getObject(input, options).
    others: {
      call: {
        takes: [[argument('body'), options('call')]],
        promised: true,
        does: [leaves(profile, 'member')],
      },
    },
  }) as const;
const commands = { construct: { takes: [[argument('body')]], gives: 'Command' } } as const;
const attempts = {
  max: 3,
  delay: 'exponential',
  delayMs: 100,
  jitter: true,
  on: ['connect', 'reset', 'timeout', '5xx', '429'],
  methods: ['*'],
  ...fact('@smithy/core@3.41.0 dist-es/submodules/retry/util-retry/config.js:6', 'aws-sdk/default'),
} as const;
const HANDLER = '@smithy/node-http-handler@4.14.2 dist-es/node-http-handler.js';

/** AWS SDK for JavaScript 3. What a timeout does is decided by the HTTP handler, a package of its own. */
export default defineLibrary({
  name: 'aws-sdk',
  packages: [
    { name: '@smithy/node-http-handler', versions: '>=2 <5' },
    { name: '@aws-sdk/client-*', versions: '>=3 <4' },
    { name: '@aws-sdk/lib-*', versions: '>=3 <4' },
  ],
  decidedBy: '@smithy/node-http-handler',
  roles: ['sdk', 'http'],
  modules: {
    '@aws-sdk/client-sqs': { 'SQSClient|SQS': client('sqs'), '*Command': commands },
    '@aws-sdk/client-*': {
      '*Client': client('default'),
      '*Command': commands,
      'paginate*': {
        call: {
          takes: [[{ role: 'value', shape: 'Client', path: 'client' }, argument('body')]],
          does: [leaves('default', 'paginate')],
        },
      },
      'waitUntil*': {
        call: {
          takes: [[{ role: 'value', shape: 'Client', path: 'client' }, argument('body')]],
          promised: true,
          // It polls on purpose, up to maxWaitTime.
          does: [{ ...leaves('default', 'wait'), waits: true }],
        },
      },
      '*Exception': {},
      // Aggregated clients: S3, DynamoDB.
      '*': client('default'),
    },
    '@aws-sdk/lib-dynamodb': {
      'DynamoDBDocumentClient|DynamoDBDocument': 'DocumentClient',
      '*Command': commands,
    },
    '@aws-sdk/lib-storage': {
      Upload: {
        construct: {
          takes: [[{ role: 'value', shape: 'Client', path: 'client' }]],
          gives: 'Upload',
        },
      },
    },
    '@smithy/node-http-handler': { NodeHttpHandler: 'NodeHttpHandler' },
    '@aws-sdk/node-http-handler': { NodeHttpHandler: 'NodeHttpHandler' },
  },
  shapes: {
    Client: instance('default'),
    SqsClient: instance('sqs'),
    Command: {},
    DocumentClient: {
      members: {
        from: {
          call: {
            takes: [[{ role: 'value', shape: 'Client' }, argument('other')]],
            gives: 'Client',
          },
        },
      },
    },
    Upload: {
      members: {
        done: { call: { promised: true, does: [leaves('default', 'upload')] } },
        abort: { call: {} },
        on: { call: { does: [{ is: 'listener' }] } },
      },
    },
    NodeHttpHandler: { construct: { takes: [[options('handler')]], gives: 'Handler' } },
    Handler: {},
  },
  profiles: [
    {
      name: 'default',
      versions: '>=2 <5',
      phases: {
        connect: forEver(fact(`${HANDLER}:232`, 'aws-sdk/default')),
        acquire: forEver(fact(`${HANDLER}:258 (50 sockets, then a queue with a warning)`)),
        headers: forEver(fact(`${HANDLER}:232`, 'aws-sdk/default')),
        idle: forEver(fact(`${HANDLER}:232`, 'aws-sdk/default')),
        total: forEver(fact(`${HANDLER}:232`, 'aws-sdk/default')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts,
      pool: { size: 50, queue: Infinity, per: 'client', ...fact(`${HANDLER}:258`) },
    },
    {
      name: 'sqs',
      versions: '>=2 <5',
      phases: {
        connect: forEver(fact(`${HANDLER}:232`, 'aws-sdk/sqs')),
        acquire: forEver(fact(`${HANDLER}:258 (50 sockets, then a queue with a warning)`)),
        headers: {
          ms: 900_000,
          ...fact('@aws-sdk/client-sqs@3.1169.0 dist-es/runtimeConfig.js:29', 'aws-sdk/sqs'),
        },
        idle: {
          ms: 900_000,
          ...fact('@aws-sdk/client-sqs@3.1169.0 dist-es/runtimeConfig.js:29', 'aws-sdk/sqs'),
        },
        total: forEver(fact(`${HANDLER}:232`, 'aws-sdk/sqs')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { ...attempts, proof: 'aws-sdk/sqs' },
      pool: { size: 50, queue: Infinity, per: 'client', ...fact(`${HANDLER}:258`) },
    },
  ],
  options: [
    {
      in: ['call'],
      path: 'abortSignal',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'signal', per: 'call' },
      disabledBy: [unset],
      ...fact(
        '@smithy/node-http-handler@4.14.2 dist-es/node-http-handler.js',
        'aws-sdk/abort-signal',
      ),
    },
    {
      in: ['handler'],
      path: 'connectionTimeout',
      meaning: { bounds: ['connect'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(
        '@smithy/node-http-handler@4.14.2 dist-es/set-connection-timeout.js',
        'aws-sdk/connection-timeout',
      ),
    },
    {
      in: ['handler'],
      path: 'socketTimeout',
      meaning: { bounds: ['headers', 'idle'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(
        '@smithy/node-http-handler@4.14.2 dist-es/set-socket-timeout.js',
        'aws-sdk/socket-timeout',
      ),
    },
    {
      in: ['handler'],
      path: 'requestTimeout',
      versions: '>=2 <4.4',
      meaning: { bounds: ['headers', 'idle'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(
        '@smithy/node-http-handler@4.3.0 dist-es/node-http-handler.js:186',
        'aws-sdk/request-timeout-4.3',
      ),
    },
    {
      in: ['handler'],
      path: 'requestTimeout',
      versions: '>=4.4 <5',
      meaning: {
        bounds: ['connect', 'headers'],
        unit: 'ms',
        per: 'attempt',
        needs: [{ path: 'throwOnRequestTimeout', value: { equals: true } }],
      },
      disabledBy: [zero, unset, infinite],
      ...fact(
        '@smithy/node-http-handler@4.14.2 dist-es/set-request-timeout.js',
        'aws-sdk/request-timeout-throws',
      ),
    },
    setting(
      ['client'],
      'maxAttempts',
      'attempts',
      fact('@smithy/core@3.41.0 dist-es/submodules/retry/util-retry/config.js:6'),
    ),
    setting(
      ['client'],
      'endpoint',
      'target',
      fact('@aws-sdk/client-sqs@3.1169.0 dist-es/SQSClient.js'),
    ),
  ],
  ineffective: [
    {
      in: ['handler'],
      path: 'requestTimeout',
      versions: '>=4.4 <5',
      unless: [{ path: 'throwOnRequestTimeout', value: { equals: true } }],
      why: 'requestTimeout only writes a warning since @smithy/node-http-handler 4.4.',
      instead: 'throwOnRequestTimeout: true',
      ...fact(
        '@smithy/node-http-handler@4.4.0 dist-es/node-http-handler.js:189',
        'aws-sdk/request-timeout-warns',
      ),
    },
    {
      in: ['client'],
      path: 'requestTimeout',
      why: 'requestTimeout belongs into requestHandler.',
      instead: 'requestHandler: { requestTimeout: 5_000, throwOnRequestTimeout: true }',
      ...fact('@aws-sdk/client-sqs@3.1169.0 dist-es/SQSClient.js'),
    },
  ],
  delegates: [
    {
      in: ['client'],
      path: 'requestHandler',
      to: 'handler',
      ...fact(
        '@smithy/node-http-handler@4.14.2 dist-es/node-http-handler.js',
        'aws-sdk/socket-timeout',
      ),
    },
  ],
  // @aws-sdk/client-sns@3.515.0 dist-cjs/runtimeConfig.js:37 takes an instance only, 3.521.0 gives options to NodeHttpHandler.create().
  fixes: [
    {
      versions: '<2.4.0',
      fix: 'new S3Client({ requestHandler: new NodeHttpHandler({ connectionTimeout: 2_000, requestTimeout: 5_000 }) })',
    },
    {
      versions: '>=2.4.0 <4.4.0',
      fix: 'new S3Client({ requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 } })',
    },
    {
      versions: '>=4.4.0',
      fix: 'new S3Client({ requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true, socketTimeout: 5_000 } })',
    },
  ],
  fix: 'new S3Client({ requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true, socketTimeout: 5_000 } })\n// before 3.521 the same options as new NodeHttpHandler({ ... }): older clients take an instance only',
});
