import {
  defineLibrary,
  fact,
  OF_FETCH,
  operation,
  operations,
  options,
  phases,
  signal,
} from '../library.ts';

const SOURCE = '@linear/sdk@2.6.0 dist/index-cjs.js, @linear/sdk@98.0.0 dist/index.mjs:1422';

/** Linear's API by GraphQL, over fetch. */
export default defineLibrary({
  name: 'linear',
  packages: [{ name: '@linear/sdk', versions: '>=2 <99' }],
  roles: ['sdk'],
  modules: {
    '@linear/sdk': {
      LinearClient: {
        construct: {
          takes: [[options('client')]],
          gives: 'Client',
          does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
        },
      },
    },
  },
  shapes: {
    Client: operations('Operation', { promised: true, does: [operation('member')] }),
    Operation: operations('Operation', { promised: true, does: [operation('member')] }),
  },
  profiles: [
    {
      name: 'default',
      versions: '>=2 <99',
      phases: phases(fact(SOURCE), OF_FETCH),
      attempts: { max: 1, ...fact(SOURCE) },
    },
  ],
  options: [signal(['client'], fact(SOURCE))],
  fix: 'new LinearClient({ accessToken, signal: AbortSignal.timeout(5_000) }) // a client for each use: the signal fires once',
});
