import { defineRule, type IntOrPercent } from '../../../src/rule.ts';

const text = (value: IntOrPercent) =>
  value.unit === 'percent' ? `${value.amount}%` : `${value.amount}`;

export default defineRule({
  id: 'toothless-pod-disruption-budget',
  title: 'A PodDisruptionBudget allows the eviction of all pods at once.',
  cause: 'PodDisruptionBudget protects nothing',
  subject: 'podDisruptionBudget',
  levels: { toothless: 'warning' },
  productionOnly: true,
  runbook: 'pod-2-disruption-budget',
  bearsOn: ['evictions-unbounded'],
  fix: 'Let one pod go at a time:\nspec:\n  maxUnavailable: 1',

  *check(budget) {
    const { minAvailable, maxUnavailable, expectedPods, allowedDisruptions, workloads } = budget;
    if (workloads.items.length === 0) return;
    const set = maxUnavailable.state === 'absent' ? minAvailable : maxUnavailable;
    const field = maxUnavailable.state === 'absent' ? 'minAvailable' : 'maxUnavailable';
    if (set.state !== 'known') return;
    const pods = expectedPods.state === 'known' ? expectedPods.value : undefined;
    const always =
      field === 'minAvailable'
        ? set.value.amount === 0
        : set.value.unit === 'percent' && set.value.amount >= 100;
    // At one replica the budget is not to blame: too-few-replicas says so. None run at 0.
    if (pods !== undefined && pods < (always ? 1 : 2)) return;
    const all =
      pods !== undefined &&
      allowedDisruptions.state === 'known' &&
      allowedDisruptions.value >= pods;
    if (!always && !all) return;
    const of = pods === undefined ? '' : ` of ${pods} ${pods === 1 ? 'replica' : 'replicas'}`;
    yield {
      at: set.at,
      message: `${budget.label} sets ${field} ${text(set.value)}${of}; at most 1 unavailable pod is wanted, because a node drain may still evict all pods at once`,
      related: workloads.items.map((workload) => ({
        at: workload.nameAt,
        message: `${workload.label}, which it does not protect`,
      })),
    };
  },
});
