import { defineRule } from '../../../src/rule.ts';

const RECYCLES = new Set(['connection-lifetime', 'idle-lifetime', 'keep-alive']);

export default defineRule({
  id: 'connection-never-recycled',
  title: 'The connections of a pool live as long as the process.',
  cause: 'connections are never renewed',
  subject: 'client',
  levels: { found: 'strict' },
  runbook: 'io-2-connection-pool',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Give connections an end:\nnew Pool({ maxLifetimeSeconds: 1_800, keepAlive: true })',

  *check({ connections, library, settings, recycling, label, at }) {
    if (connections !== 'pool' || !library.roles.includes('data') || recycling.length === 0) return;
    if (settings.some(({ sets }) => RECYCLES.has(sets))) return;
    yield {
      at,
      message: `a busy connection of ${label} lives as long as the process, so after a failover it leads to the old server; a lifetime is wanted`,
      fix: `Give connections an end: ${recycling.join(', ')}`,
    };
  },
});
