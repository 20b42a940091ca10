/** PodDisruptionBudgets: what they select and how many evictions they allow. */
import { allowedDisruptions } from '../derive/disruption.ts';
import { sumOf } from '../derive/replicas.ts';
import { known, unknown } from '../derive/values.ts';
import type { PodDisruptionBudget, Workload } from '../model.ts';
import type { Value } from '../value.ts';
import { isUncertain, type LabelSelector, labelSelectorOf } from './labels.ts';
import type { KubernetesObject } from './objects.ts';
import { joined, type Mutable, resourceOf } from './resources.ts';
import type { Scope } from './scope.ts';
import { nearMissIn, type PodIndex, type Selection, workloadsJoined } from './selection.ts';

interface BudgetRecord {
  readonly budget: Mutable<PodDisruptionBudget>;
  readonly selector: LabelSelector;
  readonly selection: Selection;
}

/** Healthy pods of a workload: its floor; a Pod is one; those of a DaemonSet or Job cannot be told. */
function podsOf(workload: Workload): Value<number> {
  if (workload.kind === 'Pod') return known(1, workload.at);
  return workload.replicas.floor;
}

function budgetOf(scope: Scope, index: PodIndex, object: KubernetesObject): BudgetRecord {
  const spec = object.body.get('spec');
  // policy/v1beta1 `{}` selects nothing, policy/v1 `{}` the whole namespace (kubernetes.io deprecation guide v1.25).
  const selector = labelSelectorOf(
    spec.get('selector'),
    object.version === 'v1' ? 'everything' : 'nothing',
  );
  const selection = index.select(selector, object.namespace);
  const minAvailable = spec.get('minAvailable').intOrPercent();
  const maxUnavailable = spec.get('maxUnavailable').intOrPercent();
  const selected = selection.records.map((record) => record.workload);
  const unclear = isUncertain(selector) || selection.perhaps.length > 0;
  const expectedPods = unclear
    ? unknown('what it selects cannot be read', object.nameAt)
    : sumOf(selected.map(podsOf), object.nameAt);
  const budget: Mutable<PodDisruptionBudget> = {
    ...resourceOf(object),
    minAvailable,
    maxUnavailable,
    workloads: workloadsJoined(scope, selector, selection, object.namespace),
    expectedPods,
    allowedDisruptions: allowedDisruptions(
      minAvailable,
      maxUnavailable,
      expectedPods,
      object.nameAt,
    ),
    workloadsWithoutController: selected.filter((workload) => !workload.scalable),
  };
  return { budget, selector, selection };
}

/**
 * Joins PodDisruptionBudgets and workloads both ways; needs the effective replicas.
 * Budget to workloads: see `workloadsJoined`. Workload to budgets is not complete when a budget stands in something
 * unread or may match it, or when the policy says that a controller makes budgets. An open context does not matter:
 * operators make budgets for their own pods.
 */
export function podDisruptionBudgetsOf(
  scope: Scope,
  index: PodIndex,
): readonly PodDisruptionBudget[] {
  const records = scope
    .ofKind('PodDisruptionBudget')
    .map((object) => budgetOf(scope, index, object));
  const budgets = new Map<Workload, PodDisruptionBudget[]>();
  const unsure = new Map<Workload, string>();
  for (const { budget, selection } of records) {
    for (const { workload } of selection.records) {
      const list = budgets.get(workload);
      if (list === undefined) budgets.set(workload, [budget]);
      else list.push(budget);
    }
    for (const { workload } of selection.perhaps)
      unsure.set(workload, `${budget.label} may select it`);
  }
  for (const { budget, selector, selection } of records) {
    if (selection.records.length > 0) continue;
    const miss = nearMissIn(index, budget, selector, ({ workload }) => budgets.has(workload));
    if (miss !== undefined) budget.nearMiss = miss;
  }
  const assumed = scope.settings.assume.podDisruptionBudgets
    ? 'the policy says that a controller makes PodDisruptionBudgets'
    : undefined;
  for (const { workload } of index.workloads.records) {
    const why = scope.unread('PodDisruptionBudget') ?? assumed ?? unsure.get(workload);
    workload.podDisruptionBudgets = joined(budgets.get(workload) ?? [], why);
  }
  return records.map((record) => record.budget);
}
