import {
  argument,
  defineLibrary,
  fact,
  noPhases,
  options,
  type Shape,
  setting,
} from '../library.ts';

const source =
  'p-retry@4.6.2 index.js:42, p-retry@6.2.1 index.js:35, p-retry@7.1.1 index.js:164-169, retry@0.13.1 lib/retry.js:15-21';
const tried: Shape = {
  call: {
    takes: [[argument('callback', 'function'), options('retry')]],
    promised: true,
    does: [{ is: 'guard', kind: 'retry', profile: 'default' }],
  },
};

/** Calls a function again when its promise is rejected. */
export default defineLibrary({
  name: 'p-retry',
  packages: [{ name: 'p-retry', versions: '>=4 <10' }],
  roles: [],
  modules: { 'p-retry': { default: tried, '=': tried, AbortError: {} } },
  shapes: {},
  profiles: [
    {
      name: 'default',
      versions: '>=4 <10',
      phases: noPhases('it tries again what it is given'),
      attempts: {
        max: 11,
        delay: 'exponential',
        delayMs: 1_000,
        jitter: false,
        on: ['connect', 'reset', 'timeout', '5xx', '429'],
        methods: ['*'],
        ...fact(source),
      },
    },
  ],
  options: [
    setting(['retry'], 'retries', 'retries', fact(source)),
    setting(['retry'], 'randomize', 'retry-jitter', fact(source)),
  ],
  fix: 'await pRetry(work, { retries: 3, minTimeout: 100, randomize: true })',
});
