import { defineRule } from '../../../src/rule.ts';

export default defineRule({
  id: 'orphan-pod-disruption-budget',
  title: 'A PodDisruptionBudget selects no pods.',
  cause: 'PodDisruptionBudget selects nothing',
  subject: 'podDisruptionBudget',
  levels: { orphan: 'warning' },
  productionOnly: true,
  runbook: 'pod-2-disruption-budget',
  bearsOn: ['evictions-unbounded'],
  fix: 'Copy the labels of the pod template into spec.selector.matchLabels, or delete the PodDisruptionBudget',

  *check(budget) {
    const { workloads, nearMiss } = budget;
    if (workloads.items.length > 0) return;
    if (!workloads.complete && nearMiss === undefined) {
      yield { undecided: workloads.why ?? 'pods may be unseen', at: budget.nameAt };
      return;
    }
    const wanted =
      nearMiss === undefined
        ? 'the labels of a pod template are wanted, because it protects nothing'
        : `it protects nothing, because ${nearMiss.message}`;
    yield {
      at: budget.nameAt,
      message: `${budget.label} selects no workload; ${wanted}`,
      related: nearMiss === undefined ? [] : [nearMiss],
      ...(nearMiss === undefined
        ? {}
        : { fix: `Make the PodDisruptionBudget and the pods agree: ${nearMiss.message}` }),
    };
  },
});
