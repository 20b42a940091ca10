import { asTemplate, defineRule, labelsForFix } from '../../../src/rule.ts';

export default defineRule({
  id: 'missing-pod-disruption-budget',
  title: 'No PodDisruptionBudget limits how many pods of a workload may be evicted at once.',
  cause: 'no PodDisruptionBudget',
  subject: 'workload',
  levels: { behindService: 'error', other: 'warning' },
  productionOnly: true,
  runbook: 'pod-2-disruption-budget',
  bearsOn: ['evictions-unbounded'],
  fix: 'Add a PodDisruptionBudget that selects the pods and lets one go at a time:\nspec:\n  maxUnavailable: 1',
  options: {
    minReplicas: {
      type: 'integer',
      minimum: 1,
      default: 2,
      description: 'The fewest effective replicas from which on a budget is wanted.',
    },
  },

  *check(workload, { options }) {
    const { floor } = workload.replicas;
    if (!workload.scalable || floor.state === 'absent') return;
    const budgets = workload.podDisruptionBudgets;
    if (budgets.items.length > 0) return;
    if (floor.state === 'unknown') {
      yield { undecided: floor.why, at: floor.at };
      return;
    }
    if (floor.value < options.minReplicas) return;
    if (!budgets.complete) {
      yield { undecided: budgets.why ?? 'a budget may be unseen', at: workload.at };
      return;
    }

    const services = workload.trafficServices;
    const switches = workload.settings.get('PodDisruptionBudget') ?? [];
    const namespace =
      workload.namespace === undefined ? '' : `\n  namespace: ${workload.namespace}`;
    yield {
      at: workload.at,
      settings: switches,
      as: services.length > 0 ? 'behindService' : 'other',
      message: `${workload.label} has ${floor.value} replicas and no PodDisruptionBudget selects them; one is wanted, because a node drain may evict them all at once`,
      related: services.map((service) => ({
        at: service.nameAt,
        message: 'the Service that sends it traffic',
      })),
      fix:
        switches.length > 0
          ? `Let the chart write the PodDisruptionBudget that it has: ${switches.map(({ key }) => key).join(', ')} decides it`
          : `Add a PodDisruptionBudget for ${asTemplate(workload, workload.name)}:
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${asTemplate(workload, workload.name)}${namespace}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
${labelsForFix(workload, 6)}`,
    };
  },
});
