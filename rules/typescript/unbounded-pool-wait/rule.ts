import { boundOf, defineRule, requestPath } from '../../../src/rule.ts';

const FOREVER = Number.POSITIVE_INFINITY;

export default defineRule({
  id: 'unbounded-pool-wait',
  title: 'Requests wait for a connection of the pool as long as it takes.',
  cause: 'unlimited wait for the pool',
  subject: 'client',
  levels: { wait: 'strict', queue: 'strict' },
  runbook: 'io-2-connection-pool',
  bearsOn: ['hangs-on-a-silent-peer', 'exhausts-connections'],
  fix: 'Bound the time in the queue:\nnew Pool({ connectionTimeoutMillis: 5_000 })',

  *check({ pool, bounds, label, at, library, calls }) {
    if (pool === undefined || !library.roles.includes('data')) return;
    if (!calls.some((call) => requestPath(call) !== undefined)) return;
    const ms = boundOf(bounds, 'acquire')?.ms;
    if (ms?.state === 'unknown') yield { undecided: ms.why, at: ms.at };
    if (ms?.state !== 'known') return;
    const size = pool.size.state === 'known' ? `${pool.size.value} connections` : 'connections';
    if (ms.value === FOREVER)
      yield {
        at,
        as: 'wait',
        message: `a request that finds the ${size} of ${label} taken waits for ever; a few seconds are wanted`,
        fix: `Bound the time in the queue:\n${library.fix}`,
      };
    else if (pool.queue.state === 'known' && pool.queue.value === FOREVER)
      yield {
        at,
        as: 'queue',
        message: `any number of requests may wait for the ${size} of ${label}; a limit before the pool is wanted`,
        fix: 'Refuse requests when too many are open already (a rate limit, a bulkhead)',
      };
  },
});
