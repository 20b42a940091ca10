import { defineLibrary, fact, noPhases, options, type Shape, setting } from '../library.ts';

const source = 'axios-retry@4.5.0 dist/esm/index.js, axios-retry@3.9.1 lib/esm/index.js:98-101';
const attached: Shape = {
  call: {
    takes: [[{ role: 'value', shape: 'axios:Instance' }, options('retry')]],
    does: [{ is: 'attach', profile: 'default' }],
  },
  members: {
    'exponentialDelay|linearDelay|isNetworkError|isRetryableError|isNetworkOrIdempotentRequestError':
      {},
  },
};

/** Makes an instance of axios try again. */
export default defineLibrary({
  name: 'axios-retry',
  packages: [{ name: 'axios-retry', versions: '>=3 <5' }],
  roles: [],
  modules: { 'axios-retry': { default: attached, '=': attached } },
  shapes: {},
  profiles: [
    {
      name: 'default',
      versions: '>=3 <5',
      phases: noPhases('axios decides'),
      attempts: {
        max: 4,
        delay: 'none',
        jitter: false,
        // A timeout of axios is not tried again; what a POST did before its connection broke is done twice.
        on: ['connect', 'reset', '5xx', '429'],
        methods: ['*'],
        ...fact(source),
      },
    },
  ],
  options: [
    setting(['retry'], 'retries', 'retries', fact(source)),
    setting(['retry'], 'retryDelay', 'retry-delay', fact(source)),
  ],
  fix: 'axiosRetry(http, { retries: 3, retryDelay: axiosRetry.exponentialDelay })',
});
