/** Faults of nodes and zones: how many pods stand there, and whether they go in order. */
import type { Reason } from '../../prediction.ts';
import type { Workload } from '../model.ts';
import type { Value } from '../value.ts';
import { capacityOf, dataOf, readinessOf, recoveryOf, retriedBy } from './pods.ts';
import { gracefulEnd } from './shutdown.ts';
import { broken, holds, unsure, type World } from './world.ts';

/** Kubernetes waits so long before it replaces the pods of a node that is gone (tolerationSeconds of not-ready). */
const EVICTION_AFTER_SECONDS = 300;

function pinned(workload: Workload): readonly Reason[] {
  const volume = workload.volumes.find(({ type }) => type === 'hostPath');
  const place =
    workload.nodeName.state === 'known'
      ? { at: workload.nodeName.at, says: `it runs only on node ${workload.nodeName.value}` }
      : volume !== undefined && workload.containers.some(({ dataStore }) => dataStore !== undefined)
        ? { at: volume.at, says: `its data is on the disk of one node (${volume.hostPath ?? ''})` }
        : undefined;
  if (place === undefined) return [];
  return [
    broken({
      ...place,
      property: 'bound-to-a-node',
      runbook: 'pod-1-replicas',
      about: [workload.identity],
      fix: 'Let the scheduler choose the node, and keep data on a PersistentVolumeClaim',
    }),
  ];
}

/** Whether enough pods stand elsewhere. Nodes and zones are as many as the spread needs: clusters with fewer cannot be seen. */
function apart(workload: Workload, spread: Value<boolean>, over: 'node' | 'zone'): Reason {
  const { floor } = workload.replicas;
  if (floor.state === 'known' && floor.value === 1)
    return capacityOf(workload, { of: 'pods', count: 1 });
  const condition = {
    property: 'pods-share-a-node',
    runbook: 'pod-1-replicas',
    about: [workload.identity],
    at: spread.at,
    fix: `Spread the pods over ${over}s: topologySpreadConstraints with topologyKey ${over === 'node' ? 'kubernetes.io/hostname' : 'topology.kubernetes.io/zone'}`,
  } as const;
  if (spread.state === 'known' && spread.value) {
    const capacity = capacityOf(workload, { of: 'pods', count: 1 });
    if (capacity.state !== 'holds') return capacity;
    return holds({ ...condition, says: `its pods are spread over ${over}s; ${capacity.says}` });
  }
  return unsure({
    ...condition,
    says: `nothing keeps the pods of ${workload.label} on different ${over}s: they may all be on one`,
  });
}

function budgetOf(workload: Workload): Reason {
  const { items, complete } = workload.podDisruptionBudgets;
  const condition = { runbook: 'pod-2-disruption-budget', at: workload.at } as const;
  const about = [workload.identity, ...items.map(({ identity }) => identity)];
  const [budget, second] = items;
  if (budget === undefined) {
    const base = { ...condition, property: 'evictions-unbounded', about } as const;
    const { floor } = workload.replicas;
    if (!complete || !workload.scalable)
      return unsure({
        ...base,
        says: 'whether a PodDisruptionBudget bounds evictions is not known',
      });
    if (floor.state === 'known' && floor.value === 1)
      return holds({
        ...base,
        says: 'its only pod is evicted: no PodDisruptionBudget blocks the drain',
      });
    return broken({
      ...base,
      says: `no PodDisruptionBudget selects ${workload.label}: nodes that are drained together take all its pods`,
      fix: 'Add a PodDisruptionBudget: maxUnavailable: 1',
    });
  }
  if (second !== undefined)
    return broken({
      ...condition,
      property: 'evictions-blocked',
      about,
      at: second.at,
      says: `two PodDisruptionBudgets select its pods: the eviction API refuses, and the drain never ends`,
      fix: 'Keep one PodDisruptionBudget',
    });
  const { allowedDisruptions: allowed } = budget;
  const base = { ...condition, about, at: allowed.at };
  if (allowed.state !== 'known')
    return unsure({
      ...base,
      property: 'evictions-unbounded',
      says: `how many pods ${budget.label} lets go is not known`,
    });
  if (allowed.value === 0)
    return broken({
      ...base,
      property: 'evictions-blocked',
      says: `${budget.label} lets no pod go: the drain never ends`,
      fix: 'Let one pod go at a time: maxUnavailable: 1',
    });
  const pods = budget.expectedPods;
  if (pods.state === 'known' && allowed.value >= pods.value)
    return broken({
      ...base,
      property: 'evictions-unbounded',
      says: `${budget.label} lets all ${pods.value} pods go at once`,
      fix: 'Let one pod go at a time: maxUnavailable: 1',
    });
  return holds({
    ...base,
    property: 'evictions-unbounded',
    says: `${budget.label} lets ${allowed.value} pod${allowed.value === 1 ? '' : 's'} go at a time`,
  });
}

/** Pods are evicted, in order and one after the other as far as a PodDisruptionBudget says so. */
export function drainedNode(workload: Workload, world: World): Reason[] {
  const { floor } = workload.replicas;
  const budget = budgetOf(workload);
  const bounded = budget.state === 'holds' && floor.state === 'known' && floor.value > 1;
  return [
    budget,
    ...(bounded ? [] : [apart(workload, workload.spread, 'node')]),
    ...pinned(workload),
    ...readinessOf(workload, 'the new pod gets requests before it can answer', world),
    ...gracefulEnd(workload, undefined, world),
    recoveryOf(workload, world),
    ...dataOf(workload, world),
  ];
}

/** Pods are gone without warning and come back elsewhere only after five minutes. */
function gone(workload: Workload, over: 'node' | 'zone', world: World): Reason[] {
  const where = apart(workload, over === 'node' ? workload.spread : workload.zoneSpread, over);
  const { restartSeconds } = world.thresholds;
  const { floor } = workload.replicas;
  const late =
    floor.state === 'known' && floor.value === 1 && EVICTION_AFTER_SECONDS > restartSeconds
      ? [
          broken({
            property: 'slow-recovery',
            runbook: 'indicator-restart-time',
            about: [workload.identity],
            at: floor.byDefault ? workload.nameAt : floor.at,
            says: `Kubernetes replaces the only pod after ${EVICTION_AFTER_SECONDS} s, more than ${restartSeconds} s`,
            fix: 'Run at least 3 pods: replicas: 3',
          }),
        ]
      : [];
  return [
    where,
    ...late,
    ...pinned(workload),
    ...readinessOf(workload, 'the new pod gets requests before it can answer', world),
    ...retriedBy(workload, world),
    ...dataOf(workload, world),
  ];
}

export function failedNode(workload: Workload, world: World): Reason[] {
  return gone(workload, 'node', world);
}

export function failedZone(workload: Workload, world: World): Reason[] {
  return gone(workload, 'zone', world);
}
