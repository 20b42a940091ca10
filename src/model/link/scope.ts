/** One context while it is linked: its objects by kind, in a stable order, and what nobody can see there. */
import type { Context } from '../model.ts';
import type { ContextObjects, KubernetesObject, LinkSettings } from './objects.ts';

/** API groups of the kinds that more than one group has. */
const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['apps', 'extensions']],
  ['StatefulSet', ['apps']],
  ['ReplicaSet', ['apps', 'extensions']],
  ['ReplicationController', ['']],
  ['DaemonSet', ['apps', 'extensions']],
  ['Pod', ['']],
  ['Job', ['batch']],
  ['CronJob', ['batch']],
  ['Rollout', ['argoproj.io']],
  ['DeploymentConfig', ['apps.openshift.io', '']],
  ['Service', ['']],
  ['PodDisruptionBudget', ['policy']],
  ['HorizontalPodAutoscaler', ['autoscaling']],
  ['ScaledObject', ['keda.sh', 'keda.k8s.io']],
  ['Ingress', ['networking.k8s.io', 'extensions']],
  ['HTTPRoute', ['gateway.networking.k8s.io']],
  ['GRPCRoute', ['gateway.networking.k8s.io']],
  ['TCPRoute', ['gateway.networking.k8s.io']],
  ['TLSRoute', ['gateway.networking.k8s.io']],
  ['UDPRoute', ['gateway.networking.k8s.io']],
  ['Route', ['route.openshift.io', '']],
  ['VirtualService', ['networking.istio.io']],
  ['DestinationRule', ['networking.istio.io']],
  ['LimitRange', ['']],
  ['PersistentVolumeClaim', ['']],
  ['ConfigMap', ['']],
  ['PrometheusRule', ['monitoring.coreos.com']],
]);

/**
 * True for a kind that the joins of the model look up, of an API group that has it. Settings are only read: copies of a
 * ConfigMap do not make two clusters.
 */
export function isJoined(group: string, kind: string): boolean {
  return kind !== 'ConfigMap' && GROUPS.get(kind)?.includes(group) === true;
}

/** Kinds that make pods and are modelled as workloads. */
export const WORKLOAD_KINDS = [
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'DaemonSet',
  'Pod',
  'Job',
  'CronJob',
  'Rollout',
  'DeploymentConfig',
] as const;

/** Namespaces whose pods the cluster itself brings along. */
const CLUSTER_NAMESPACE = /^(?:kube-system|kube-public|kube-node-lease|openshift(?:-.*)?)$/;

/** True when two objects may be in one namespace: an absent namespace joins with any. */
export function meet(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** True when `reference` names the object, before or after Kustomize gave it a prefix or suffix. */
export function isNamed(object: KubernetesObject, reference: string): boolean {
  return reference !== '' && (object.name === reference || object.facts.name === reference);
}

/** The objects of one context by kind, and what may exist there although nobody sees it. */
export interface Scope {
  readonly context: Context;
  readonly settings: LinkSettings;
  readonly replacedImages: ReadonlyMap<string, string>;
  /** Objects of a kind, and of the API groups that this kind is modelled for; by path and position. */
  ofKind(kind: string): readonly KubernetesObject[];
  /** Every object whose group is `group`. */
  ofGroup(group: string): readonly KubernetesObject[];
  /** Says that objects of one of these kinds stand in something unread; undefined when not. */
  unread(...kinds: readonly string[]): string | undefined;
  /** Why pods may exist in this namespace that nobody sees: unread templates, operators, another repository. */
  podsUnseen(namespace: string | undefined): string | undefined;
  /** Why Services may exist in this namespace that nobody sees. */
  servicesUnseen(namespace: string | undefined): string | undefined;
}

function compare(a: KubernetesObject, b: KubernetesObject): number {
  if (a.file.path !== b.file.path) return a.file.path < b.file.path ? -1 : 1;
  return a.facts.range[0] - b.facts.range[0] || (a.identity < b.identity ? -1 : 1);
}

/** Indexes one context. */
export function scopeOf(objects: ContextObjects, settings: LinkSettings): Scope {
  const { context, unreadKinds } = objects;
  const byKind = new Map<string, KubernetesObject[]>();
  const sorted = [...objects.objects].sort(compare);
  for (const object of sorted) {
    const groups = GROUPS.get(object.kind);
    if (groups !== undefined && !groups.includes(object.group)) continue;
    const list = byKind.get(object.kind);
    if (list === undefined) byKind.set(object.kind, [object]);
    else list.push(object);
  }
  const ofKind = (kind: string) => byKind.get(kind) ?? [];
  const hasOneIn = (namespace: string | undefined, kinds: readonly string[]) =>
    kinds.some((kind) => ofKind(kind).some((object) => meet(object.namespace, namespace)));

  const unread = (...kinds: readonly string[]) => {
    const kind = kinds.find((k) => unreadKinds.has(k));
    return kind === undefined ? undefined : `a ${kind} stands in a file that could not be read`;
  };
  const elsewhere = (namespace: string | undefined, kinds: readonly string[]) => {
    if (context.openBecause !== undefined) return context.openBecause;
    if (namespace !== undefined && CLUSTER_NAMESPACE.test(namespace))
      return `the cluster itself runs pods in ${namespace}`;
    if (hasOneIn(namespace, kinds)) return undefined;
    return namespace === undefined
      ? 'no workload is in these files'
      : `nothing else of namespace ${namespace} is in these files`;
  };
  const once = (find: (namespace: string | undefined) => string | undefined) => {
    const answers = new Map<string | undefined, string | undefined>();
    return (namespace: string | undefined) => {
      if (!answers.has(namespace)) answers.set(namespace, find(namespace));
      return answers.get(namespace);
    };
  };
  return {
    context,
    settings,
    replacedImages: objects.replacedImages,
    ofKind,
    ofGroup: (group) => sorted.filter((object) => object.group === group),
    unread,
    podsUnseen: once(
      (namespace) => unread(...WORKLOAD_KINDS) ?? elsewhere(namespace, WORKLOAD_KINDS),
    ),
    servicesUnseen: once(
      (namespace) => unread('Service') ?? elsewhere(namespace, ['Service', ...WORKLOAD_KINDS]),
    ),
  };
}
