import { argument, defineLibrary, fact, infinite, options, type Shape } from '../library.ts';

const source = 'p-timeout@7.0.2 index.js:12, p-timeout@4.1.0 index.js:10';
const passes = { notApplicable: 'it waits for what it is given' } as const;
const timed: Shape = {
  call: {
    takes: [
      [
        argument('other'),
        { role: 'option', set: 'timeout', path: 'milliseconds', is: ['number'] },
        { role: 'other', rest: true },
      ],
      [argument('other'), options('timeout')],
    ],
    promised: true,
    does: [{ is: 'guard', kind: 'timeout', profile: 'default' }],
  },
};

/** Frees the caller after a time; what it was given goes on. */
export default defineLibrary({
  name: 'p-timeout',
  packages: [{ name: 'p-timeout', versions: '>=1 <8' }],
  roles: [],
  modules: { 'p-timeout': { default: timed, '=': timed } },
  shapes: {},
  profiles: [
    {
      name: 'default',
      versions: '>=1 <8',
      phases: {
        connect: passes,
        acquire: passes,
        headers: passes,
        idle: passes,
        total: passes,
        release: { ms: Number.POSITIVE_INFINITY, ...fact(source) },
      },
      attempts: { max: 1, ...fact(source) },
    },
  ],
  options: [
    {
      in: ['timeout'],
      path: 'milliseconds',
      meaning: { bounds: ['release'], unit: 'ms', per: 'call' },
      disabledBy: [infinite],
      ...fact(source),
    },
  ],
  fix: 'await pTimeout(work, { milliseconds: 5_000 })',
});
