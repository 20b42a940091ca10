import { defineRule, type IntOrPercent } from '../../../src/rule.ts';

/** Roles of which a second copy is no spare pod. */
const ALONE = new Set(['single-instance-store', 'single-writer', 'store-member']);

const text = (value: IntOrPercent) =>
  value.unit === 'percent' ? `${value.amount}%` : `${value.amount}`;

export default defineRule({
  id: 'blocking-pod-disruption-budget',
  title: 'A PodDisruptionBudget never allows an eviction, so node drains and upgrades hang.',
  cause: 'PodDisruptionBudget blocks every eviction',
  subject: 'podDisruptionBudget',
  levels: { blocks: 'error', daemonSet: 'warning' },
  productionOnly: true,
  runbook: 'pod-2-disruption-budget',
  bearsOn: ['evictions-blocked'],
  fix: 'Let one pod go at a time, and run at least 2:\nspec:\n  maxUnavailable: 1',

  *check(budget) {
    const { minAvailable, maxUnavailable, expectedPods, allowedDisruptions, workloads } = budget;
    // A budget that selects nothing is orphan-pod-disruption-budget.
    if (workloads.items.length === 0 && workloads.complete) return;
    if (expectedPods.state === 'known' && expectedPods.value === 0) return;
    const related = workloads.items.map((workload) => ({
      at: workload.replicas.floor.at,
      message: `${workload.label}, whose pods it selects`,
    }));

    if (minAvailable.state === 'absent' && maxUnavailable.state === 'absent') {
      yield {
        at: budget.nameAt,
        message: `${budget.label} sets neither minAvailable nor maxUnavailable, which refuses every eviction; maxUnavailable 1 is wanted`,
        related,
      };
      return;
    }
    const set = maxUnavailable.state === 'absent' ? minAvailable : maxUnavailable;
    const field = maxUnavailable.state === 'absent' ? 'minAvailable' : 'maxUnavailable';
    if (set.state !== 'known') {
      if (set.state === 'unknown') yield { undecided: set.why, at: set.at };
      return;
    }
    const written = `${field} ${text(set.value)}`;

    const uncontrolled = budget.workloadsWithoutController;
    const [first] = uncontrolled;
    if (first !== undefined && (field === 'maxUnavailable' || set.value.unit === 'percent')) {
      const drained = uncontrolled.filter((workload) => workload.kind !== 'DaemonSet');
      const wanted =
        drained.length > 0
          ? 'a controller with replicas is wanted'
          : 'no budget is wanted, because drains leave DaemonSet pods alone';
      yield {
        at: set.at,
        as: drained.length > 0 ? 'blocks' : 'daemonSet',
        message: `${budget.label} sets ${written} for ${(drained[0] ?? first).label}, which has no replica count to reckon it from, so every eviction is refused; ${wanted}`,
        related,
        fix:
          drained.length > 0
            ? 'Give the pods a controller with replicas (a Deployment), or count minAvailable in pods'
            : `Delete ${budget.label}`,
      };
      return;
    }

    const never =
      field === 'maxUnavailable'
        ? set.value.amount === 0
        : set.value.unit === 'percent' && set.value.amount >= 100;
    if (!never && allowedDisruptions.state === 'unknown') {
      yield { undecided: allowedDisruptions.why, at: set.at };
      return;
    }
    if (!never && (allowedDisruptions.state !== 'known' || allowedDisruptions.value > 0)) return;
    const pods = expectedPods.state === 'known' ? expectedPods.value : undefined;
    const of = pods === undefined ? '' : ` at ${pods} ${pods === 1 ? 'replica' : 'replicas'}`;
    const one = `spec:\n  maxUnavailable: 1${field === 'minAvailable' ? ' # instead of minAvailable' : ''}`;
    const alone = workloads.items.find(({ role }) => ALONE.has(role));
    yield {
      at: set.at,
      message: `${budget.label} allows 0 evictions (${written}${of}); at least 1 is wanted, because a node drain never ends without it`,
      related,
      fix:
        alone !== undefined && pods === 1
          ? `Let the pod go, because ${alone.name} must not run as copies:\n${one}`
          : pods === 1
            ? `Run at least 2 replicas (3 are better) and let one go at a time:\nspec:\n  maxUnavailable: 1`
            : `Let one pod go at a time:\n${one}`,
    };
  },
});
