/**
 * Which faults the workloads survive: each from its own semantics, the victim, the direction and the numbers of manifests and
 * code. One condition that is broken is a failure; one that cannot be told, and none that is broken, cannot be told.
 */
import {
  FAULTS,
  type FaultName,
  type Injection,
  type Judgement,
  type Prediction,
  type Reason,
  type Victim,
} from '../../prediction.ts';
import { bytesOf } from '../derive/quantity.ts';
import type { VolumeMount, Workload } from '../model.ts';
import {
  aborted,
  delayed,
  lossy,
  narrowed,
  silent,
  slowAnswers,
  slowDisk,
  unresolved,
} from './calls.ts';
import { drainedNode, failedNode, failedZone } from './nodes.ts';
import { failedPods, isServed, killedContainers, lostPods } from './pods.ts';
import { endedPods } from './shutdown.ts';
import { memoryStress, processorStress } from './stress.ts';
import type { World } from './world.ts';

const RANK = { broken: 0, unknown: 1, holds: 2 } as const;

/** The verdict of conditions; of two that say the same, one stays. */
export function judged(reasons: readonly Reason[]): Judgement {
  const once = new Map(reasons.map((reason) => [`${reason.state} ${reason.says}`, reason]));
  const sorted = [...once.values()].sort((a, b) => RANK[a.state] - RANK[b.state]);
  const [first] = sorted;
  if (first === undefined) return { verdict: 'not applicable', reasons: [] };
  const verdict =
    first.state === 'broken' ? 'fails' : first.state === 'unknown' ? 'cannot tell' : 'survives';
  return { verdict, reasons: sorted };
}

const notApplicable = (why: string): Judgement => ({ verdict: 'not applicable', reasons: [], why });

/** A directory with data: of the store that runs there, else on a volume that outlives the pod. */
export function dataMountOf({ containers }: Workload): VolumeMount | undefined {
  const mounts = containers.flatMap(({ volumeMounts, dataStore }) =>
    volumeMounts.map((mount) => ({ mount, dataStore })),
  );
  const own = mounts.find(({ mount, dataStore }) =>
    dataStore?.dataPaths.some((path) => `${path}/`.startsWith(`${mount.mountPath}/`)),
  );
  const kept = mounts.find(
    ({ mount }) =>
      mount.volume?.type === 'persistentVolumeClaim' ||
      mount.volume?.type === 'volumeClaimTemplate',
  );
  return (own ?? kept)?.mount;
}

/** Whether an I/O fault on a path meets a mount of the workload. */
function mountsAt({ containers }: Workload, path: string): boolean {
  return containers.some(({ volumeMounts }) =>
    volumeMounts.some(({ mountPath }) => mountPath.replace(/\/$/, '') === path.replace(/\/$/, '')),
  );
}

/** Whether some container listens on a port, as far as its ports are declared; undefined: not known. */
function listensOn(workload: Workload, port: number, world: World): boolean | undefined {
  const declared = workload.containers.flatMap(({ ports }) => ports);
  const targets = workload.services.items.flatMap(({ ports }) => ports);
  const numbers = [
    ...declared.map(({ number }) => number),
    ...targets.map(({ targetPort }) => targetPort),
  ];
  if (numbers.some((number) => number.state === 'known' && number.value === port)) return true;
  const programs = world.programsOf(workload);
  const ports = programs.flatMap((program) => program.ports.items);
  if (ports.some(({ number }) => number === port)) return true;
  const complete =
    programs.length === workload.containers.length &&
    programs.every((program) => program.ports.complete);
  return complete ? false : undefined;
}

/** What a fault shows at one workload. */
export function judge(
  workload: Workload,
  injection: Injection,
  peers: readonly Workload[] | undefined,
  world: World,
): Judgement {
  const { fault, volumePath, port } = injection;
  if (fault === undefined)
    return { verdict: 'cannot tell', reasons: [], why: injection.why ?? 'the fault is not known' };
  switch (fault) {
    case 'pod-kill':
      // A grace period that cannot be read may be one.
      if (injection.graceSeconds === undefined)
        return judged([
          ...lostPods(workload, injection, world),
          ...endedPods(workload, injection, world),
        ]);
      return judged(lostPods(workload, injection, world));
    case 'pod-kill-with-grace':
      return judged(endedPods(workload, injection, world));
    case 'pod-failure':
      return judged(failedPods(workload, injection, world));
    case 'container-kill':
      return judged(killedContainers(workload, injection, world));
    case 'network-delay':
      return judged(delayed(workload, injection, peers, world));
    case 'network-loss':
      return judged(lossy(workload, injection, peers, world));
    case 'network-partition':
      return judged(silent(workload, injection, peers, world));
    case 'network-bandwidth':
      return judged(narrowed(workload, injection, peers, world));
    case 'dns-error':
      return judged(unresolved(workload, world));
    case 'http-abort':
    case 'http-delay':
      if (!isServed(workload)) return notApplicable('no Service sends it requests');
      if (port !== undefined && listensOn(workload, port, world) === false)
        return notApplicable(`nothing in ${workload.label} listens on port ${port}`);
      return judged(
        fault === 'http-abort'
          ? aborted(workload, injection, world)
          : slowAnswers(workload, injection, world),
      );
    case 'io-latency':
    case 'io-fault':
      if (volumePath === undefined) return notApplicable('it has no volume with data');
      if (!mountsAt(workload, volumePath))
        return workload.containersComplete
          ? notApplicable(`nothing of ${workload.label} is mounted at ${volumePath}`)
          : {
              verdict: 'cannot tell',
              reasons: [],
              why: `whether ${volumePath} is a mount is not known`,
            };
      return judged(slowDisk(workload, injection, world));
    case 'cpu-stress':
      return judged(processorStress(workload, injection));
    case 'memory-stress':
      return judged(memoryStress(workload, injection));
    case 'node-drain':
      if (workload.kind === 'DaemonSet') return notApplicable('a drain leaves DaemonSets alone');
      return judged(drainedNode(workload, world));
    case 'node-failure':
      return judged(failedNode(workload, world));
    case 'zone-failure':
      return judged(failedZone(workload, world));
  }
}

const ONE = { of: 'pods', count: 1 } as const;
const ALL = { of: 'all' } as const;
const FIVE_MINUTES = 300_000;

/** The faults of the matrix: one pod where a fault can take one, and mild where it hits all. */
function usual(fault: FaultName, workload: Workload): Injection {
  const common = { fault, at: workload.at, share: ONE, lasts: FIVE_MINUTES } as const;
  const volumePath = dataMountOf(workload)?.mountPath;
  const limit = workload.containers.find(({ nativeSidecar }) => !nativeSidecar)?.resources
    .memoryLimit;
  const memory = limit?.state === 'known' ? bytesOf(limit.value) : undefined;
  switch (fault) {
    case 'pod-kill':
      return { ...common, graceSeconds: 0 };
    case 'network-delay':
      return { ...common, share: ALL, milliseconds: 100, direction: 'to' };
    case 'network-loss':
      return { ...common, percent: 10, direction: 'to' };
    case 'network-partition':
    case 'network-bandwidth':
      return { ...common, direction: 'to' };
    case 'http-delay':
      return { ...common, milliseconds: 500 };
    case 'io-latency':
      return {
        ...common,
        share: ALL,
        milliseconds: 500,
        ...(volumePath === undefined ? {} : { volumePath }),
      };
    case 'io-fault':
      return {
        ...common,
        share: ALL,
        percent: 10,
        ...(volumePath === undefined ? {} : { volumePath }),
      };
    case 'memory-stress':
      return { ...common, bytes: memory === undefined ? 256 * 2 ** 20 : Math.floor(memory / 2) };
    default:
      return common;
  }
}

/** Workloads that run all the time. */
const LASTING: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'DaemonSet',
  'Rollout',
  'DeploymentConfig',
]);

function isJudged({ kind, restartPolicy }: Workload): boolean {
  if (kind !== 'Pod') return LASTING.has(kind);
  return restartPolicy.state === 'known' && restartPolicy.value === 'Always';
}

/** Who is hit, in plain data. */
export function victimOf(workload: Workload): Victim {
  const { selectorLabels, podLabels, containers, trafficServices } = workload;
  const labels =
    selectorLabels.state === 'known' && selectorLabels.value.size > 0 ? selectorLabels : podLabels;
  const container = containers.find(({ nativeSidecar }) => !nativeSidecar);
  const mount = dataMountOf(workload);
  const port = trafficServices
    .flatMap(({ ports }) => ports)
    .flatMap(({ targetPort }) => {
      if (targetPort.state !== 'known') return [];
      if (typeof targetPort.value === 'number') return [targetPort.value];
      const named = containers
        .flatMap(({ ports }) => ports)
        .find(({ name }) => name === targetPort.value);
      return named?.number.state === 'known' ? [named.number.value] : [];
    })[0];
  return {
    label: workload.label,
    identity: workload.identity,
    context: workload.context.name,
    at: workload.at,
    labels: labels.state === 'known' ? Object.fromEntries(labels.value) : {},
    container: container?.name ?? '',
    ...(workload.namespace === undefined ? {} : { namespace: workload.namespace }),
    ...(mount === undefined ? {} : { volumePath: mount.mountPath }),
    ...(port === undefined ? {} : { port }),
  };
}

/** Every workload that runs all the time, with every fault. Contexts that are not production only when there are no others. */
export function matrixOf(world: World): readonly Prediction[] {
  const all = world.model.workloads.filter(isJudged);
  const production = all.filter(({ context }) => context.production);
  const seen = new Set<string>();
  return (production.length > 0 ? production : all).flatMap((workload): readonly Prediction[] => {
    const victim = victimOf(workload);
    const row = FAULTS.map((fault): Prediction => {
      const injection = usual(fault, workload);
      return { victim, fault, injection, ...judge(workload, injection, undefined, world) };
    });
    // The same object in several contexts with the same outcome is one row.
    const key = `${workload.identity} ${row.map(({ verdict }) => verdict).join()}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return row;
  });
}
