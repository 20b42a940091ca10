import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'pool-exceeds-max-connections',
  title: 'The pools of all pods together want more connections than the database has.',
  cause: 'more pooled connections than the database has',
  subject: 'database',
  levels: { more: 'warning' },
  runbook: 'indicator-connections',
  productionOnly: true,
  bearsOn: ['exhausts-connections'],
  fix: 'Make the pools smaller, or put a pooler such as PgBouncer between',

  *check({ label, store, limit, pools, nameAt }) {
    if (limit === undefined) return;
    const wanted = pools.reduce((sum, { size, pods }) => sum + size.value * pods, 0);
    if (wanted <= limit.value) return;
    const terms = pools.map(
      ({ program, size, pods }) => `${pods} x ${size.value} of ${program.container.workload.label}`,
    );
    yield {
      at: nameAt,
      message: `${label} (${store}) has ${limit.value} connections for programs, and their pools may open ${wanted} (${terms.join(', ')}), so with all pods busy, or during a rollout, connecting fails`,
      related: [
        ...pools.flatMap(({ client, program, pods, podsAt, size }) => [
          {
            at: client.at,
            message: `a pool of ${size.value} in ${program.container.workload.label}`,
          },
          { at: podsAt, message: `up to ${pods} pods, those of a rollout included` },
        ]),
        ...(limit.at.start === nameAt.start ? [] : [{ at: limit.at, message: 'the limit' }]),
      ],
    };
  },
});
