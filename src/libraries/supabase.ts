import {
  argument,
  type Callable,
  defineLibrary,
  fact,
  OF_FETCH,
  operation,
  options,
  phases,
  type Shape,
  signal,
  unset,
  zero,
} from '../library.ts';

const query: Callable = {
  takes: [[{ role: 'other', optional: true }]],
  gives: 'Query',
  // Errors are in the answer, nothing rejects.
  does: [{ ...operation('member'), rejectsOn: [], lazy: { starts: ['then'] } }],
};
const calls: Shape = {
  call: { promised: true, does: [{ ...operation('member', 'service'), rejectsOn: [] }] },
};
const FETCH = '@supabase/supabase-js@2.109.0 src/lib/fetch.ts:17';
const REST = '@supabase/postgrest-js@2.109.0 src/PostgrestClient.ts:109';
const attempts = {
  max: 1,
  ...fact('@supabase/postgrest-js@2.109.0 src/PostgrestBuilder.ts:51'),
} as const;

/** Supabase: queries by PostgREST, users, files and functions, all over fetch. */
export default defineLibrary({
  name: 'supabase',
  packages: [{ name: '@supabase/supabase-js', versions: '>=2 <3' }],
  roles: ['sdk'],
  modules: {
    '@supabase/supabase-js': {
      createClient: {
        call: {
          takes: [[argument('url'), argument('other'), options('client')]],
          gives: 'Client',
          does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
        },
      },
      SupabaseClient: {
        construct: {
          takes: [[argument('url'), argument('other'), options('client')]],
          gives: 'Client',
          does: [{ is: 'client', profile: 'default', connections: 'stateless' }],
        },
      },
    },
  },
  shapes: {
    Client: {
      members: {
        'from|schema': 'tables',
        rpc: { call: query },
        auth: 'Auth',
        storage: 'Storage',
        functions: { members: { invoke: calls, setAuth: {} } },
      },
    },
    tables: { call: { takes: [[argument('name')]], gives: 'Table' } },
    Table: {
      members: {
        from: 'tables',
        rpc: { call: query },
        'select|insert|update|upsert|delete': { call: query },
      },
    },
    Query: {
      members: {
        abortSignal: {
          call: {
            takes: [[{ role: 'option', set: 'query', path: 'signal' }]],
            chains: true,
            does: [{ is: 'configure', of: 'receiver' }],
          },
        },
      },
      others: { call: { chains: true } },
    },
    Auth: {
      members: {
        'onAuthStateChange|getSession|startAutoRefresh|stopAutoRefresh|initialize': {},
        'admin|mfa': { others: calls },
      },
      others: calls,
    },
    Storage: {
      members: {
        from: { call: { takes: [[argument('name')]], gives: 'Files' } },
        'listBuckets|getBucket|createBucket|updateBucket|emptyBucket|deleteBucket': calls,
      },
    },
    Files: { members: { getPublicUrl: {} }, others: calls },
  },
  profiles: [
    {
      name: 'default',
      versions: '>=2 <3',
      phases: phases(fact(FETCH, 'supabase/default'), OF_FETCH),
      attempts,
    },
    {
      name: 'service',
      versions: '>=2 <3',
      phases: phases(fact(FETCH), OF_FETCH),
      attempts,
    },
  ],
  options: [
    {
      in: ['client'],
      path: 'db.timeout',
      versions: '>=2.95 <3',
      meaning: { bounds: ['connect', 'headers'], unit: 'ms', per: 'attempt' },
      disabledBy: [zero, unset],
      ...fact(REST, 'supabase/db-timeout'),
    },
    signal(
      ['query'],
      fact('@supabase/postgrest-js@2.109.0 src/PostgrestBuilder.ts:336', 'supabase/signal'),
    ),
    {
      in: ['client'],
      path: 'global.fetch',
      meaning: {
        bounds: ['connect', 'headers', 'idle', 'total'],
        unit: 'signal',
        per: 'attempt',
      },
      disabledBy: [unset],
      ...fact(FETCH),
    },
  ],
  fix: 'createClient(url, key, {\n  global: { fetch: (input, init) => fetch(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(5_000) }) },\n})',
});
