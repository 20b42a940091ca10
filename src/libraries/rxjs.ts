import { defineLibrary, fact, infinite, type LibraryOption, setting, zero } from '../library.ts';

const passes = { notApplicable: 'the guarded call decides' };

/** Operators that guard a call: `pipe(timeout(5_000), retry(...))`. */
export default defineLibrary({
  name: 'rxjs',
  packages: [{ name: 'rxjs', versions: '>=6 <8' }],
  roles: [],
  modules: {
    rxjs: {
      'timeout|timeoutWith': 'timeout',
      retry: 'retry',
      'lastValueFrom|firstValueFrom': 'await',
    },
    'rxjs/operators': { 'timeout|timeoutWith': 'timeout', retry: 'retry' },
  },
  shapes: {
    Observable: {
      members: {
        pipe: { call: { takes: [[{ role: 'value', rest: true }]], chains: true } },
        'subscribe|toPromise|forEach': { call: {} },
      },
    },
    timeout: {
      call: {
        takes: [
          [{ role: 'option', set: 'timeout', path: 'each', is: ['number'] }],
          [{ role: 'options', set: 'timeout', is: ['object'] }],
        ],
        does: [{ is: 'guard', kind: 'timeout', profile: 'default' }],
      },
    },
    retry: {
      call: {
        takes: [
          [{ role: 'option', set: 'retry', path: 'count', is: ['number'], optional: true }],
          [{ role: 'options', set: 'retry', is: ['object'] }],
        ],
        does: [{ is: 'guard', kind: 'retry', profile: 'retry' }],
      },
    },
    await: { call: { takes: [[{ role: 'value', shape: 'Observable' }]], promised: true } },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=6 <8',
      phases: {
        connect: passes,
        acquire: passes,
        headers: passes,
        idle: passes,
        total: passes,
        release: passes,
      },
      attempts: { max: 1, ...fact('rxjs@7.8.2 src/internal/operators/timeout.ts') },
    },
    {
      name: 'retry',
      versions: '>=6 <8',
      phases: {
        connect: passes,
        acquire: passes,
        headers: passes,
        idle: passes,
        total: passes,
        release: passes,
      },
      attempts: {
        max: Infinity,
        delay: 'none',
        jitter: false,
        on: ['connect', 'reset', 'timeout', '5xx', '429'],
        methods: ['*'],
        ...fact('rxjs@7.8.2 src/internal/operators/retry.ts'),
      },
    },
  ],
  options: [
    ...(['each', 'first'] as const).map(
      (path): LibraryOption => ({
        in: ['timeout'],
        path,
        meaning: {
          bounds: ['connect', 'acquire', 'headers', 'idle', 'total', 'release'],
          unit: 'ms',
          per: 'call',
        },
        disabledBy: [infinite],
        brokenBy: [{ value: zero, result: 'fires-at-once' }],
        ...fact(
          'rxjs@7.8.2 src/internal/operators/timeout.ts',
          path === 'each' ? 'nestjs-axios/rxjs-timeout' : 'source-only',
        ),
      }),
    ),
    setting(['retry'], 'count', 'retries', fact('rxjs@7.8.2 src/internal/operators/retry.ts')),
    setting(['retry'], 'delay', 'retry-delay', fact('rxjs@7.8.2 src/internal/operators/retry.ts')),
  ],
  fix: 'timeout(5_000)',
});
