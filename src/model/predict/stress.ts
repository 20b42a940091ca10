/** Faults that take processor time or memory from a container. */
import type { Injection, Reason } from '../../prediction.ts';
import { bytesOf } from '../derive/quantity.ts';
import type { Container, Workload } from '../model.ts';
import type { Value } from '../value.ts';
import { capacityOf, isServed } from './pods.ts';
import { broken, holds, unsure } from './world.ts';

function sizeOf(quantity: Value<string>): number | undefined {
  return quantity.state === 'known' ? bytesOf(quantity.value) : undefined;
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** The container that a fault without containerNames hits: the first. */
function hitContainer({ containers }: Workload): Container | undefined {
  return containers.find(({ nativeSidecar }) => !nativeSidecar) ?? containers[0];
}

/**
 * Memory against the limit, in the cgroup of the container: above it the kernel kills, below it nothing happens but what
 * the program itself needs, for which its request stands.
 */
export function memoryStress(workload: Workload, injection: Injection): Reason[] {
  const container = hitContainer(workload);
  if (container === undefined) return [];
  const { memoryLimit, memoryRequest, at } = container.resources;
  const condition = {
    property: 'killed-for-memory',
    runbook: 'stress-1-resources',
    about: [container.identity, workload.identity],
    at,
    fix: 'Set requests and limits for memory',
  } as const;
  if (memoryLimit.state === 'absent')
    return [
      broken({
        ...condition,
        says: `${container.noun} has no memory limit: it takes the memory of the node, and its neighbours are killed too`,
      }),
    ];
  const limit = sizeOf(memoryLimit);
  const need = sizeOf(memoryRequest);
  const taken =
    injection.bytes ??
    (injection.bytesPercent === undefined || limit === undefined
      ? undefined
      : (injection.bytesPercent / 100) * limit);
  if (limit === undefined || taken === undefined || need === undefined)
    return [
      unsure({
        ...condition,
        says: `whether ${container.noun} stays below its memory limit is not known`,
      }),
    ];
  const sum = taken + need;
  const numbers = `${mebibytes(taken)} and the ${mebibytes(need)} that it asks for, of ${mebibytes(limit)}`;
  if (taken >= limit)
    return [
      unsure({
        ...condition,
        at: memoryLimit.at,
        says: `the stress alone is above the limit (${numbers}): whether the kernel kills it or the program is not known`,
      }),
    ];
  if (sum <= limit)
    return [
      holds({ ...condition, at: memoryLimit.at, says: `it stays below the limit: ${numbers}` }),
    ];
  return [
    unsure({ ...condition, at: memoryLimit.at, says: `it may go above the limit: ${numbers}` }),
  ];
}

/** Whether a container that is only slow is restarted: its liveness probe gives up before its readiness probe does. */
function livenessOf(container: Container): Reason | undefined {
  const { livenessProbe, readinessProbe } = container;
  if (livenessProbe.state !== 'known') return undefined;
  const { handlerKey, timeoutSeconds, periodSeconds, failureThreshold, at } = livenessProbe.value;
  const condition = {
    property: 'healthy-pods-restarted',
    runbook: 'pod-4-readiness-probe',
    about: [container.identity, container.workload.identity],
    at,
  } as const;
  if (
    timeoutSeconds.state !== 'known' ||
    periodSeconds.state !== 'known' ||
    failureThreshold.state !== 'known'
  )
    return unsure({ ...condition, says: 'how patient its liveness probe is cannot be told' });
  const patience = periodSeconds.value * failureThreshold.value;
  const same =
    readinessProbe.state === 'known' &&
    handlerKey !== undefined &&
    readinessProbe.value.handlerKey === handlerKey;
  const ready = readinessProbe.state === 'known' ? readinessProbe.value : undefined;
  const readyPatience =
    ready?.periodSeconds.state === 'known' && ready.failureThreshold.state === 'known'
      ? ready.periodSeconds.value * ready.failureThreshold.value
      : undefined;
  if (same && readyPatience !== undefined && patience <= readyPatience)
    return broken({
      ...condition,
      says: `its liveness probe asks the same as its readiness probe and gives up after ${patience} s: pods that are slow are restarted instead of left alone`,
      fix: 'Let liveness ask only whether the process lives, and wait longer than readiness',
    });
  return undefined;
}

/** Processor time in the cgroup of the container: the program is slower, by how much cannot be told. */
export function processorStress(workload: Workload, { share }: Injection): Reason[] {
  const container = hitContainer(workload);
  if (container === undefined) return [];
  const { cpuRequest, at } = container.resources;
  const condition = {
    property: 'starved-by-neighbours',
    runbook: 'stress-1-resources',
    about: [container.identity, workload.identity],
  } as const;
  const reasons: Reason[] = [];
  const alive = livenessOf(container);
  if (alive !== undefined) reasons.push(alive);
  const capacity = capacityOf(workload, share);
  const scales = workload.autoscalers.items.find(
    ({ metrics, minReplicas, maxReplicas }) =>
      metrics.some(({ resource }) => resource === 'cpu') &&
      minReplicas.state === 'known' &&
      maxReplicas.state === 'known' &&
      maxReplicas.value > minReplicas.value,
  );
  if (cpuRequest.state === 'absent')
    reasons.push(
      broken({
        ...condition,
        at,
        says: `${container.noun} asks for no processor time: under stress it gets what others leave, and no autoscaler can see the load`,
        fix: 'Set a CPU request',
      }),
    );
  const scaling = {
    property: 'fixed-capacity',
    runbook: 'stress-4-autoscaling',
    about: [workload.identity, ...workload.autoscalers.items.map(({ identity }) => identity)],
  } as const;
  if (scales !== undefined && cpuRequest.state === 'known')
    reasons.push(
      capacity.state === 'holds'
        ? holds({ ...scaling, at: scales.at, says: `${scales.label} adds pods: ${capacity.says}` })
        : unsure({
            ...scaling,
            at: scales.at,
            says: `${scales.label} adds pods, when it is not too late`,
          }),
    );
  else if (capacity.state === 'broken' && isServed(workload))
    reasons.push(
      broken({
        ...capacity,
        property: 'fixed-capacity',
        says: `every pod of ${workload.label} is slow and no autoscaler adds one`,
        fix: 'Run at least 3 pods, and add a HorizontalPodAutoscaler on CPU',
        runbook: 'stress-4-autoscaling',
      }),
    );
  else
    reasons.push(
      unsure({
        ...scaling,
        at: workload.at,
        says: `how slow ${workload.label} gets is not known: no autoscaler adds pods`,
      }),
    );
  return reasons;
}
