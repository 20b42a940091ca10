import {
  argument,
  defineLibrary,
  fact,
  forEver,
  infinite,
  none,
  notANumber,
  type OutboundCall,
  options,
  overflow,
  type Shape,
  setting,
  signal,
  zero,
} from '../library.ts';

const leaves = (verb: OutboundCall['verb']): OutboundCall => ({
  is: 'call',
  profile: 'default',
  ...(verb === undefined ? {} : { verb }),
  body: 'read',
  rejectsOn: ['network', '4xx', '5xx'],
});
const create: Shape = {
  call: {
    takes: [[options('request')]],
    gives: 'Instance',
    does: [{ is: 'client', profile: 'default', connections: 'stateless', inherits: true }],
  },
};
const withConfig: Shape = {
  call: {
    takes: [[options('request')]],
    does: [leaves({ option: 'method', otherwise: 'GET' })],
  },
};

export default defineLibrary({
  name: 'axios',
  packages: [{ name: 'axios', versions: '>=0.21 <2' }],
  roles: ['http'],
  modules: {
    axios: {
      default: 'axios',
      '=': 'axios',
      create,
      Axios: {
        construct: {
          takes: [[options('request')]],
          gives: 'Instance',
          does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
        },
        extended: 'Instance',
      },
    },
  },
  shapes: {
    axios: {
      call: {
        takes: [[argument('url', 'string'), options('request')], [options('request')]],
        does: [leaves({ option: 'method', otherwise: 'GET' })],
      },
      members: {
        create,
        default: 'axios',
        'get|delete|head|options': 'withoutBody',
        'post|put|patch|postForm|putForm|patchForm': 'withBody',
        request: withConfig,
        defaults: { assigns: { set: 'request', of: 'process' } },
        interceptors: 'interceptors',
      },
    },
    Instance: {
      call: {
        takes: [[argument('url', 'string'), options('request')], [options('request')]],
        does: [leaves({ option: 'method', otherwise: 'GET' })],
      },
      members: {
        create,
        'get|delete|head|options': 'withoutBody',
        'post|put|patch|postForm|putForm|patchForm': 'withBody',
        request: withConfig,
        defaults: { assigns: { set: 'request', of: 'client' } },
        interceptors: 'interceptors',
      },
    },
    withoutBody: {
      call: { takes: [[argument('url'), options('request')]], does: [leaves('member')] },
    },
    withBody: {
      call: {
        takes: [[argument('url'), { role: 'body', optional: true }, options('request')]],
        does: [leaves('member')],
      },
    },
    interceptors: { members: { request: 'requestInterceptors', response: {} } },
    requestInterceptors: {
      members: {
        use: {
          // The function gets the options of each call and returns those that hold.
          call: {
            takes: [[{ role: 'options', set: 'request', path: '()', is: ['function'] }]],
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
      },
    },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=0.21 <2',
      phases: {
        connect: forEver(
          fact(
            'axios@0.21.4 lib/defaults.js:107, axios@0.27.2 lib/defaults/index.js:115, axios@1.21.1 lib/defaults/index.js:149',
            'axios/default',
          ),
        ),
        acquire: { notApplicable: 'the agent of Node.js has no limit' },
        headers: forEver(fact('axios@1.21.1 lib/defaults/index.js:149', 'axios/default')),
        idle: forEver(fact('axios@1.21.1 lib/defaults/index.js:149', 'axios/default')),
        total: forEver(fact('axios@1.21.1 lib/defaults/index.js:149', 'axios/default')),
        release: { notApplicable: 'the promise is the call' },
      },
      attempts: { max: 1, ...fact('axios@1.21.1 lib/core/dispatchRequest.js', 'axios/default') },
    },
  ],
  options: [
    {
      in: ['request'],
      path: 'timeout',
      when: { options: [{ path: 'adapter', value: { is: 'undefined' } }] },
      meaning: { bounds: ['connect', 'headers', 'idle'], unit: 'ms', per: 'call' },
      disabledBy: [zero, none, notANumber],
      undefinedIs: 'inherit',
      brokenBy: [
        { value: infinite, result: 'throws' },
        { value: overflow, result: 'fires-at-once' },
      ],
      ...fact('axios@1.21.1 lib/adapters/http.js:1503', 'axios/timeout'),
    },
    {
      in: ['request'],
      path: 'timeout',
      versions: '>=1.7 <2',
      when: { options: [{ path: 'adapter', value: { equals: 'fetch' } }] },
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'ms', per: 'call' },
      disabledBy: [zero, none, notANumber],
      undefinedIs: 'inherit',
      ...fact('axios@1.21.1 lib/adapters/fetch.js', 'axios/fetch-adapter'),
    },
    signal(
      ['request'],
      fact(
        'axios@0.27.2 lib/adapters/http.js:409, axios@1.21.1 lib/adapters/http.js:1543',
        'axios/signal',
      ),
      '>=0.22 <2',
    ),
    {
      in: ['request'],
      path: 'cancelToken',
      meaning: { bounds: ['connect', 'headers', 'idle', 'total'], unit: 'signal', per: 'call' },
      disabledBy: [],
      ...fact('axios@1.21.1 lib/adapters/http.js'),
    },
    setting(['request'], 'baseURL', 'target', fact('axios@1.21.1 lib/core/Axios.js')),
    setting(['request'], 'method', 'verb', fact('axios@1.21.1 lib/core/Axios.js')),
    setting(['request'], 'adapter', 'variant', fact('axios@1.21.1 lib/adapters/adapters.js')),
  ],
  ineffective: [
    {
      in: ['request'],
      path: 'signal',
      versions: '>=0.21 <0.22',
      why: 'axios below 0.22 does not know signal.',
      instead: 'timeout: 5_000',
      ...fact('axios@0.21.4 lib/adapters/http.js', 'axios/signal-0.21'),
    },
  ],
  fix: 'axios.create({ timeout: 5_000 })',
  fixes: [
    {
      at: 'call',
      fix: 'axios.get(url, { timeout: 5_000 })\naxios.post(url, body, { timeout: 5_000 })',
    },
  ],
});
