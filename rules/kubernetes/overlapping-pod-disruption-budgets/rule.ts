import { defineRule, type PodDisruptionBudget } from '../../../src/rule.ts';

/** Two explicit namespaces never meet, even on a workload that names none. */
const mayMeet = (a: PodDisruptionBudget, b: PodDisruptionBudget) =>
  a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;

export default defineRule({
  id: 'overlapping-pod-disruption-budgets',
  title: 'Two PodDisruptionBudgets select the same pods, so every eviction of them fails.',
  cause: 'overlapping PodDisruptionBudgets',
  subject: 'podDisruptionBudget',
  levels: { overlap: 'error' },
  productionOnly: true,
  runbook: 'pod-2-disruption-budget',
  bearsOn: ['evictions-blocked'],
  fix: 'Keep one PodDisruptionBudget per pod: delete one, or narrow its selector',

  *check(budget) {
    const others = new Map<string, PodDisruptionBudget>();
    let shared: string | undefined;
    const related = [];
    for (const workload of budget.workloads.items) {
      const { floor } = workload.replicas;
      if (floor.state === 'known' && floor.value === 0) continue;
      for (const other of workload.podDisruptionBudgets.items) {
        // One finding per pair: it stands at the one that sorts last.
        if (other.identity >= budget.identity || !mayMeet(other, budget)) continue;
        if (!others.has(other.identity)) {
          others.set(other.identity, other);
          related.push({ at: other.nameAt, message: 'the other PodDisruptionBudget' });
          related.push({ at: workload.nameAt, message: `${workload.label}, which both select` });
        }
        shared ??= workload.label;
      }
    }
    const [other] = others.values();
    if (other === undefined || shared === undefined) return;
    yield {
      at: budget.nameAt,
      message: `${budget.label} and ${other.label} both select the pods of ${shared}; one budget per pod is wanted, because the eviction API refuses pods with two`,
      related,
    };
  },
});
