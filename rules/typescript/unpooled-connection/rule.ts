import { defineRule, requestOf, requestPath } from '../../../src/rule.ts';

export default defineRule({
  id: 'unpooled-connection',
  title: 'All requests of a server share one database connection.',
  cause: 'no connection pool',
  subject: 'client',
  levels: { found: 'warning' },
  runbook: 'io-2-connection-pool',
  bearsOn: ['slow-under-load', 'hangs-on-a-silent-peer'],
  fix: 'Use a pool, which also connects again after a failure:\nexport const pool = new Pool({ max: 10 });',

  *check({ scope, connections, library, label, at, calls }) {
    if (connections !== 'single' || !library.roles.includes('data')) return;
    if (scope !== 'module' && scope !== 'singleton') return;
    // Waiting for notifications and holding a lock need one connection.
    if (
      calls.some(
        ({ waits, target }) =>
          waits || (target.state === 'known' && /\b(?:listen|advisory_lock)/i.test(target.value)),
      )
    )
      return;
    const asked = calls.find((call) => requestPath(call) !== undefined);
    const path = asked && requestPath(asked);
    if (asked === undefined || path === undefined) return;
    yield {
      at,
      message: `${label} is one connection for all requests (${requestOf(path)}), so they wait for each other, and it stays broken after a failover; a pool is wanted`,
      related: [{ at: asked.at, message: `${asked.label} of ${requestOf(path)}` }],
    };
  },
});
