/** HorizontalPodAutoscalers and KEDA ScaledObjects, and the workloads that they scale. */

import { folderOf } from '../../paths.ts';
import { effectiveReplicas } from '../derive/replicas.ts';
import { rolloutOf } from '../derive/rollout.ts';
import { known, orDefault, unknown } from '../derive/values.ts';
import type { Autoscaler, AutoscalerMetric, Workload } from '../model.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import { nearMissOfReference } from './near.ts';
import type { KubernetesObject } from './objects.ts';
import { joined, type Mutable, resourceOf } from './resources.ts';
import { isNamed, meet, type Scope, WORKLOAD_KINDS } from './scope.ts';
import { roleOf, type WorkloadRecord, type Workloads } from './workloads.ts';

function typeOf(target: Cursor, fallback: AutoscalerMetric['targetType'] = 'unknown') {
  const type = target.get('type').string();
  if (type.state !== 'known') return fallback;
  return type.value === 'Utilization' || type.value === 'AverageValue' || type.value === 'Value'
    ? type.value
    : 'unknown';
}

/** One metric of a HorizontalPodAutoscaler, in the shape of v2 or of v2beta1. */
function metricOf(item: Cursor): AutoscalerMetric {
  const type = item.get('type');
  const text = type.string();
  const kind = text.state === 'known' ? text.value : '';
  if (kind !== 'Resource' && kind !== 'ContainerResource')
    return { type: 'other', resource: '', targetType: 'unknown', at: type.at };
  const source = item.get(kind === 'Resource' ? 'resource' : 'containerResource');
  const name = source.get('name');
  const resource = name.string();
  const container = source.get('container').string();
  const beta = source.get('targetAverageUtilization').isAbsent
    ? source.get('targetAverageValue').isAbsent
      ? 'unknown'
      : 'AverageValue'
    : 'Utilization';
  return {
    type: kind,
    resource: resource.state === 'known' ? resource.value : '',
    ...(container.state === 'known' ? { container: container.value } : {}),
    targetType: typeOf(source.get('target'), beta),
    at: name.isAbsent ? type.at : name.at,
  };
}

/** A HorizontalPodAutoscaler without metrics scales on 80 % CPU (kubernetes.io API reference, v1 and v2). */
function horizontalMetricsOf(spec: Cursor, object: KubernetesObject): readonly AutoscalerMetric[] {
  const list = spec.get('metrics');
  const old = spec.get('targetCPUUtilizationPercentage');
  const cpu = { type: 'Resource', resource: 'cpu', targetType: 'Utilization' } as const;
  if (list.isUnknown) return [];
  if (list.items.length > 0)
    return list.items.filter((item) => item.node?.kind === 'map').map(metricOf);
  return [{ ...cpu, at: old.isAbsent ? object.kindAt : old.at }];
}

/** KEDA's cpu and memory triggers; the others read something outside the pods. */
function triggerOf(item: Cursor): AutoscalerMetric {
  const type = item.get('type');
  const text = type.string();
  const resource = text.state === 'known' ? text.value : '';
  if (resource !== 'cpu' && resource !== 'memory')
    return { type: 'other', resource: '', targetType: 'unknown', at: type.at };
  const container = item.get('metadata', 'containerName').string();
  const metric = item.get('metricType');
  const legacy = metric.isAbsent ? item.get('metadata', 'type') : metric;
  const targetType = legacy.string();
  return {
    type: container.state === 'known' ? 'ContainerResource' : 'Resource',
    resource,
    ...(container.state === 'known' ? { container: container.value } : {}),
    targetType:
      targetType.state === 'known' &&
      (targetType.value === 'Utilization' || targetType.value === 'AverageValue')
        ? targetType.value
        : 'unknown',
    at: type.at,
  };
}

interface ReplicaRange {
  readonly min: Value<number>;
  readonly max: Value<number>;
}

/**
 * KEDA's floor and ceiling (keda.sh "ScaledObject specification" and "Pause autoscaling"): defaults 0 and 100;
 * idleReplicaCount is the floor while nothing happens; `paused-replicas` pins both; `paused` keeps the current,
 * unknown count.
 */
function kedaBoundsOf(spec: Cursor, annotations: Autoscaler['annotations']): ReplicaRange {
  const pinned = annotations.get('autoscaling.keda.sh/paused-replicas');
  if (pinned !== undefined) {
    const count = /^\d+$/.test(pinned.value.trim())
      ? known(Number(pinned.value), pinned.at)
      : unknown('paused-replicas is not a number', pinned.at);
    return { min: count, max: count };
  }
  const paused = annotations.get('autoscaling.keda.sh/paused');
  if (paused !== undefined && paused.value !== 'false') {
    const count = unknown('paused at the current number of replicas', paused.at);
    return { min: count, max: count };
  }
  const idle = spec.get('idleReplicaCount').number();
  return {
    min: idle.state === 'absent' ? orDefault(spec.get('minReplicaCount').number(), 0) : idle,
    max: orDefault(spec.get('maxReplicaCount').number(), 100),
  };
}

/** Kinds that an autoscaler can scale and that link knows. */
const SCALABLE: ReadonlySet<string> = new Set(
  WORKLOAD_KINDS.filter((kind) => !/^(?:DaemonSet|Pod|Job|CronJob)$/.test(kind)),
);

interface AutoscalerRecord {
  readonly autoscaler: Mutable<Autoscaler>;
  readonly targets: readonly WorkloadRecord[];
  /** The name of the target cannot be read. */
  readonly unclear: boolean;
}

function autoscalerOf(
  scope: Scope,
  workloads: Workloads,
  object: KubernetesObject,
  type: Autoscaler['type'],
): AutoscalerRecord {
  const keda = type === 'ScaledObject';
  const spec = object.body.get('spec');
  const reference = spec.get('scaleTargetRef');
  const resource = resourceOf(object);
  const bounds = keda
    ? kedaBoundsOf(spec, resource.annotations)
    : {
        min: orDefault(spec.get('minReplicas').number(), 1),
        max: spec.get('maxReplicas').number(),
      };
  const targetName = reference.get('name').string();
  const kind = reference.get('kind').string();
  const apiVersion = reference.get('apiVersion').string();
  const targetKind = kind.state === 'known' ? kind.value : keda ? 'Deployment' : '';
  const group =
    apiVersion.state === 'known' && apiVersion.value.includes('/')
      ? apiVersion.value.split('/')[0]
      : apiVersion.state === 'absent' && keda
        ? 'apps'
        : undefined;
  const name = targetName.state === 'known' ? targetName.value : '';
  const fits = (candidate: KubernetesObject) =>
    candidate.kind === targetKind &&
    isNamed(candidate, name) &&
    meet(candidate.namespace, object.namespace) &&
    // apps and extensions are one thing: manifests that moved keep the old group in references.
    (group === undefined ||
      group === candidate.group ||
      (SAME_GROUP.has(group) && SAME_GROUP.has(candidate.group)));
  const found = workloads.records.filter((record) => fits(record.object));
  const exact = found.filter((record) => record.object.namespace === object.namespace);
  const near = exact.length > 0 ? exact : found;
  const targets = isMeantForAnother(object, name, near, workloads) ? [] : near;
  const [first] = targets;
  // A hook, or a Deployment whose pods a Rollout runs.
  const noWorkload = near.length === 0 && scope.ofKind(targetKind).some(fits);
  const autoscaler: Mutable<Autoscaler> = {
    ...resource,
    type,
    minReplicas: bounds.min,
    maxReplicas: bounds.max,
    targetKind,
    targetName,
    targetAt: reference.keyAt,
    ...(first === undefined ? {} : { target: first.workload }),
    targetMayBeUnseen:
      !SCALABLE.has(targetKind) ||
      noWorkload ||
      scope.podsUnseen(object.namespace) !== undefined ||
      object.facts.namespaceUnknown === true,
    metrics: keda ? spec.get('triggers').items.map(triggerOf) : horizontalMetricsOf(spec, object),
  };
  const unclear = targetName.state === 'unknown' || kind.state === 'unknown';
  return { autoscaler, targets, unclear };
}

/**
 * True when the workload that an autoscaler names is in other trees of folders only, while one of that name and another kind stands
 * beside it: that one is meant, and the other belongs to something else.
 */
function isMeantForAnother(
  object: KubernetesObject,
  name: string,
  found: readonly WorkloadRecord[],
  workloads: Workloads,
): boolean {
  if (found.length === 0) return false;
  const folder = folderOf(object.file.path);
  const holds = (a: string, b: string) => a === '' || `${b}/`.startsWith(`${a}/`);
  const isInOneTree = (other: string) => holds(folder, other) || holds(other, folder);
  if (found.some((record) => isInOneTree(folderOf(record.object.file.path)))) return false;
  return workloads.records.some(
    ({ workload, object: other }) =>
      workload.scalable &&
      folderOf(other.file.path) === folder &&
      isNamed(other, name) &&
      meet(other.namespace, object.namespace),
  );
}

const SAME_GROUP: ReadonlySet<string> = new Set(['apps', 'extensions']);

function nearMissOf(
  autoscaler: Autoscaler,
  workloads: Workloads,
  targeted: ReadonlySet<Workload>,
): Autoscaler['nearMiss'] {
  const { targetName, targetKind, kind, namespace } = autoscaler;
  if (targetName.state !== 'known') return undefined;
  const free = workloads.records
    .map((record) => record.workload)
    .filter((workload) => workload.scalable && !targeted.has(workload));
  const sameNames = free.filter(
    (w) => w.name === targetName.value && w.kind !== targetKind && meet(w.namespace, namespace),
  );
  const folder = folderOf(autoscaler.at.path);
  const sameName = sameNames.find((w) => folderOf(w.at.path) === folder) ?? sameNames[0];
  if (sameName !== undefined)
    return { at: sameName.nameAt, message: `${sameName.label} exists, not a ${targetKind}` };
  const candidates = free
    .filter((workload) => workload.kind === targetKind)
    .map(({ label, name, namespace, nameAt }) => ({ label, name, namespace, at: nameAt }));
  return nearMissOfReference({ kind, namespace }, targetName.value, candidates);
}

/**
 * Joins autoscalers and workloads, then derives what depends on both: effective replicas, rollout, role.
 * Workload to autoscalers is not complete when an autoscaler stands in something unread, or the name of a target
 * cannot be read; an open context does not matter, because operators scale their own workloads.
 */
export function autoscalersOf(scope: Scope, workloads: Workloads): readonly Autoscaler[] {
  const records = (['HorizontalPodAutoscaler', 'ScaledObject'] as const).flatMap((type) =>
    scope.ofKind(type).map((object) => autoscalerOf(scope, workloads, object, type)),
  );
  const scaledBy = new Map<Workload, Autoscaler[]>();
  for (const { autoscaler, targets } of records)
    for (const { workload } of targets) {
      const list = scaledBy.get(workload);
      if (list === undefined) scaledBy.set(workload, [autoscaler]);
      else list.push(autoscaler);
    }
  const targeted = new Set(scaledBy.keys());
  for (const { autoscaler } of records) {
    if (autoscaler.target !== undefined) continue;
    const miss = nearMissOf(autoscaler, workloads, targeted);
    if (miss !== undefined) autoscaler.nearMiss = miss;
  }
  const unclear = records.filter((record) => record.unclear);
  const unread = scope.unread('HorizontalPodAutoscaler', 'ScaledObject');
  for (const record of workloads.records) {
    const { workload } = record;
    const items = scaledBy.get(workload) ?? [];
    const maybe = unclear.find(({ autoscaler }) => meet(autoscaler.namespace, workload.namespace));
    const why = unread ?? (maybe && `the target of ${maybe.autoscaler.label} cannot be read`);
    workload.autoscalers = joined(items, why);
    workload.replicas = effectiveReplicas(workload, items);
    workload.rollout = rolloutOf(workload.kind, record.spec, workload.replicas.floor);
    workload.role = roleOf(record);
  }
  return records.map((record) => record.autoscaler);
}
