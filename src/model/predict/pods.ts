/** Faults that take pods away: is enough left, who notices, and when are they back? */
import type { Injection, Portion, Reason } from '../../prediction.ts';
import type { Container, Workload } from '../model.ts';
import {
  broken,
  type Condition,
  type Crossing,
  holds,
  lasting,
  unsure,
  type World,
} from './world.ts';

/** What is left must be this part of the pods: the runbook's three with one lost. */
const ENOUGH = 2 / 3;

/** How many of `pods` are hit; undefined: it cannot be told. */
export function hitOf(portion: Portion | undefined, pods: number): number | undefined {
  switch (portion?.of) {
    case 'all':
      return pods;
    case 'pods':
      return Math.min(portion.count, pods);
    // Source: chaos-mesh pkg/selector/generic, fixed-percent rounds down.
    case 'percent':
      return Math.floor((pods * portion.percent) / 100);
    case undefined:
      return undefined;
  }
}

/** The part of the requests that the pods serve that are hit; undefined: it cannot be told. */
export function partOf(workload: Workload, portion: Portion | undefined): number | undefined {
  if (portion?.of === 'all') return 1;
  const { floor } = workload.replicas;
  if (floor.state !== 'known' || floor.value === 0) return undefined;
  const hit = hitOf(portion, floor.value);
  return hit === undefined ? undefined : hit / floor.value;
}

/** Somebody asks it over the network. */
export function isServed(workload: Workload): boolean {
  return workload.trafficServices.length > 0;
}

/** Whether enough pods are left when `hit` of them are gone. */
export function capacityOf(workload: Workload, portion: Portion | undefined): Reason {
  const { replicas, role, kind, nameAt, label } = workload;
  const dependsOnOne = role === 'single-instance-store' || role === 'single-writer';
  const condition = {
    property: 'no-spare-pod',
    runbook: replicas.setBy === 'autoscaler' ? 'stress-4-autoscaling' : 'pod-1-replicas',
    about: [workload.identity, ...workload.autoscalers.items.map(({ identity }) => identity)],
    fix: dependsOnOne
      ? 'Run a replicated store, by an operator or as a managed service: copies of one that does not replicate help nobody'
      : replicas.setBy === 'autoscaler'
        ? 'Let the autoscaler keep at least 3 pods: minReplicas: 3'
        : 'Run at least 3 pods: replicas: 3',
  } as const;
  if (!workload.scalable) {
    if (kind === 'Pod')
      return broken({
        ...condition,
        property: 'not-recreated',
        at: nameAt,
        says: `${label} is a pod of its own: nothing takes its place`,
        fix: 'Let a Deployment make the pods',
      });
    return unsure({ ...condition, at: nameAt, says: `how many pods ${label} has is not known` });
  }
  const { floor } = replicas;
  const at = floor.state === 'known' && floor.byDefault ? nameAt : floor.at;
  if (floor.state !== 'known')
    return unsure({ ...condition, at, says: `the number of pods of ${label} is not known` });
  const hit = hitOf(portion, floor.value);
  if (floor.value === 0)
    return unsure({ ...condition, at, says: `${label} may run no pod at all` });
  if (hit === undefined)
    return unsure({ ...condition, at, says: `how many pods of ${label} it hits is not known` });
  const left = floor.value - hit;
  const numbers = `${left} of ${floor.value} pod${floor.value === 1 ? '' : 's'} left`;
  if (hit === 0) return holds({ ...condition, at, says: `it hits no pod: ${numbers}` });
  if (left === 0 && !isServed(workload))
    return unsure({
      ...condition,
      at,
      says: `nothing does the work of ${label} until a pod is back (${numbers}); how long that takes is not known`,
    });
  if (left === 0)
    return broken({
      ...condition,
      at,
      says: `${label} has no pod left (${numbers})`,
      ...(floor.value >= 3 ? { fix: 'Hit fewer pods than there are: mode: one' } : {}),
    });
  if (dependsOnOne)
    return unsure({
      ...condition,
      at,
      says: `${label} may need the one that is lost (${numbers})`,
    });
  if (left / floor.value < ENOUGH - 1e-9)
    return unsure({
      ...condition,
      at,
      says: `${numbers} of ${label}: whether they carry the load is not known`,
    });
  return holds({ ...condition, at, says: `${numbers}` });
}

/** Containers that a Service sends traffic to. */
function serving(workload: Workload): readonly Container[] {
  const targeted = workload.containers.filter(({ servicePorts }) =>
    servicePorts.items.some(({ scraped }) => !scraped),
  );
  if (targeted.length > 0) return targeted;
  return workload.containers.filter(({ nativeSidecar }) => !nativeSidecar);
}

/**
 * Whether a pod that cannot answer is taken out of rotation, and a new one gets no traffic before it can.
 * Nobody asks a workload without Service: there is nothing to take out.
 */
export function readinessOf(workload: Workload, why: string, world: World): readonly Reason[] {
  if (!isServed(workload)) return [];
  const served = world
    .programsOf(workload)
    .flatMap(({ probes }) => probes)
    .find(({ which, served: answer }) => {
      return which === 'readinessProbe' && answer.state === 'known' && !answer.value;
    });
  const condition = {
    property: 'traffic-to-unready-pods',
    runbook: 'pod-4-readiness-probe',
    fix: 'Add a readiness probe that answers only while the container can serve',
  } as const;
  const own = serving(workload);
  const about = [workload.identity, ...own.map(({ identity }) => identity)];
  if (served !== undefined)
    return [
      broken({
        ...condition,
        property: 'unreachable',
        about,
        at: served.probe.at,
        says: `its readiness probe asks ${served.path}, which the program does not serve: no pod becomes ready again`,
        fix: 'Let the probe ask a route that the program serves',
      }),
    ];
  const lacking = own.find(({ readinessProbe }) => readinessProbe.state === 'absent');
  if (lacking !== undefined)
    return [
      broken({
        ...condition,
        about,
        at: lacking.at,
        says: `${lacking.noun} of ${workload.label} has no readiness probe: ${why}`,
      }),
    ];
  const vague = own.find(({ readinessProbe }) => readinessProbe.state === 'unknown');
  if (vague !== undefined)
    return [
      unsure({
        ...condition,
        about,
        at: vague.readinessProbe.at,
        says: `the readiness probe of ${vague.noun} cannot be read`,
      }),
    ];
  if (own.length === 0) return [];
  return [
    holds({
      ...condition,
      about,
      at: own[0]?.readinessProbe.at ?? workload.at,
      says: 'readiness takes pods that cannot answer out of rotation',
    }),
  ];
}

/** Seconds that a probe needs until it says no; undefined: it cannot be told. */
export function probeEnds(container: Container | undefined): number | undefined {
  if (container?.readinessProbe.state !== 'known') return undefined;
  const { periodSeconds, failureThreshold, timeoutSeconds } = container.readinessProbe.value;
  if (
    periodSeconds.state !== 'known' ||
    failureThreshold.state !== 'known' ||
    timeoutSeconds.state !== 'known'
  )
    return undefined;
  return periodSeconds.value * failureThreshold.value + timeoutSeconds.value;
}

/** Seconds that a silent pod stays in rotation. */
export function outOfRotationAfter(workload: Workload): number | undefined {
  const seconds = serving(workload).map(probeEnds);
  const known = seconds.flatMap((one) => one ?? []);
  return known.length === seconds.length && known.length > 0 ? Math.max(...known) : undefined;
}

/** Whether a pod is back in time: what the manifest makes it wait for. */
export function recoveryOf(workload: Workload, { thresholds }: World): Reason {
  const { restartSeconds } = thresholds;
  const condition = {
    property: 'slow-recovery',
    runbook: 'indicator-restart-time',
    about: [workload.identity, ...workload.containers.map(({ identity }) => identity)],
    fix: `Let a pod be ready within ${restartSeconds} s: a startupProbe that asks often instead of a long initialDelaySeconds`,
  } as const;
  let longest = 0;
  let at = workload.at;
  for (const { readinessProbe, startupProbe } of workload.containers) {
    let delay = 0;
    for (const probe of [readinessProbe, startupProbe]) {
      if (probe.state !== 'known') continue;
      const { initialDelaySeconds } = probe.value;
      if (initialDelaySeconds.state === 'unknown')
        return unsure({
          ...condition,
          at: initialDelaySeconds.at,
          says: 'how long a new pod waits before it is ready is not known',
        });
      delay += initialDelaySeconds.state === 'known' ? initialDelaySeconds.value : 0;
      if (delay > longest) at = initialDelaySeconds.at;
    }
    longest = Math.max(longest, delay);
  }
  if (longest > restartSeconds)
    return broken({
      ...condition,
      at,
      says: `a new pod waits ${longest} s before it is first asked, more than ${restartSeconds} s`,
    });
  return holds({
    ...condition,
    at,
    says: `nothing in the manifest holds a new pod back for more than ${longest} s`,
  });
}

/** What is on the pod's own disk, or in its memory, is gone with it. */
export function dataOf(workload: Workload, world: World): readonly Reason[] {
  const condition = {
    property: 'loses-data-with-the-pod',
    runbook: 'indicator-data-loss',
  } as const;
  const reasons: Reason[] = [];
  for (const container of workload.containers) {
    const path = container.dataStore?.dataPath ?? container.dataStore?.dataPaths[0];
    if (path === undefined) continue;
    const about = [container.identity, workload.identity];
    const mount = container.volumeMounts.find(({ mountPath }) =>
      `${path}/`.startsWith(`${mountPath.replace(/\/$/, '')}/`),
    );
    const type = mount?.volume?.type;
    const kept = type === 'persistentVolumeClaim' || type === 'volumeClaimTemplate';
    if (kept || type === 'hostPath')
      reasons.push(
        holds({ ...condition, about, at: container.at, says: `${path} is on a volume` }),
      );
    else if (mount === undefined || type === 'emptyDir')
      reasons.push(
        broken({
          ...condition,
          about,
          at: mount?.at ?? container.at,
          says: `${container.dataStore?.name} keeps its data in ${path}, which is gone with the pod`,
          fix: `Put ${path} on a PersistentVolumeClaim`,
        }),
      );
    else
      reasons.push(
        unsure({ ...condition, about, at: mount.at, says: `what holds ${path} is not known` }),
      );
  }
  for (const program of world.programsOf(workload))
    for (const { what, at } of program.memoryStates) {
      if (what !== 'sessions') continue;
      reasons.push(
        broken({
          ...condition,
          about: [program.identity],
          at,
          says: `it keeps ${what} in memory: those of a pod are gone with it`,
          fix: `Keep the ${what} in a store that all pods share`,
        }),
      );
    }
  return reasons;
}

/** Whether requests in flight on a pod that ends without warning are tried again by those who ask. */
export function retriedBy(workload: Workload, world: World): readonly Reason[] {
  const open = workload.containers.some(({ ports }) => ports.some(({ scraped }) => !scraped));
  // What has no port either is asked by nobody.
  if (!isServed(workload) && !open) return [];
  const condition = {
    property: 'keeps-calling-a-sick-peer',
    runbook: 'network-1-retries',
    fix: 'Try calls that change nothing again, with a growing delay',
  } as const;
  const ways = world.incoming(workload);
  if (ways.length === 0)
    return [
      unsure({
        ...condition,
        at: workload.at,
        says: `who asks ${workload.label} is not known: requests that it is working on are lost unless they are tried again`,
      }),
    ];
  return ways.map((way) => {
    const own: Condition = { ...condition, about: way.about, at: way.at, says: '' };
    if (way.answersInstead || way.tries.state === 'unknown')
      return unsure({
        ...own,
        says: `whether ${way.label} tries again is not known`,
      });
    const tries = way.tries.state === 'known' ? way.tries.value : 1;
    if (tries > 1) return holds({ ...own, says: `${way.label} tries ${times(tries)}` });
    return isUnsafe(way)
      ? unsure({
          ...own,
          says: `${way.label} is not safe to repeat, and what is on its way when the pod ends is lost`,
        })
      : broken({
          ...own,
          says: `${way.label} does not try again: what the pod was working on is lost`,
        });
  });
}

function times(tries: number): string {
  return tries === Number.POSITIVE_INFINITY ? 'until it works' : `${tries} times`;
}

/** A call that changes something must not be repeated blindly. */
export function isUnsafe({ call }: Crossing): boolean {
  if (call === undefined) return false;
  const { idempotent, idempotencyKey } = call;
  return !idempotencyKey && !(idempotent.state === 'known' && idempotent.value);
}

/** The conditions of every fault that ends pods at once. */
export function lostPods(
  workload: Workload,
  { share }: Injection,
  world: World,
  early = 'the new pod gets requests before it can answer',
): Reason[] {
  return [
    capacityOf(workload, share),
    ...readinessOf(workload, early, world),
    ...retriedBy(workload, world),
    recoveryOf(workload, world),
    ...dataOf(workload, world),
  ];
}

/** The container ends and starts again in its pod: the pod stays, and so does what is in its volumes. */
export function killedContainers(workload: Workload, injection: Injection, world: World): Reason[] {
  const early = 'a container that starts again gets requests before it can answer';
  return lostPods(workload, injection, world, early).filter(
    ({ property, state }) => property !== 'loses-data-with-the-pod' || state === 'holds',
  );
}

/** The image is swapped for one that does nothing: connections are refused for as long as it lasts, on the same address. */
export function failedPods(workload: Workload, injection: Injection, world: World): Reason[] {
  const { share, lasts } = injection;
  return [
    capacityOf(workload, share),
    ...readinessOf(
      workload,
      `a pod that refuses every connection stays in rotation${lasts === undefined ? '' : ` ${lasting(lasts)}`}`,
      world,
    ),
    ...retriedBy(workload, world),
  ];
}
