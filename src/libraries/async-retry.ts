import {
  argument,
  defineLibrary,
  fact,
  noPhases,
  options,
  type Shape,
  setting,
} from '../library.ts';

const source = 'async-retry@1.3.3 lib/index.js:10-12, retry@0.13.1 lib/retry.js:15-21';
const tried: Shape = {
  call: {
    takes: [[argument('callback', 'function'), options('retry')]],
    promised: true,
    does: [{ is: 'guard', kind: 'retry', profile: 'default' }],
  },
};

/** Calls a function again when its promise is rejected. */
export default defineLibrary({
  name: 'async-retry',
  packages: [{ name: 'async-retry', versions: '>=1 <2' }],
  roles: [],
  modules: { 'async-retry': { default: tried, '=': tried } },
  shapes: {},
  profiles: [
    {
      name: 'default',
      versions: '>=1 <2',
      phases: noPhases('it tries again what it is given'),
      attempts: {
        max: 11,
        delay: 'exponential',
        delayMs: 1_000,
        jitter: true,
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
  fix: 'await retry(work, { retries: 3, minTimeout: 100, maxTimeout: 1_000 })',
});
