/** The kinds that the model reads beyond their header, and the files that only look like objects of a cluster. */

const CORE = '';

/** Kinds with bodies and their API groups; a new kind of the model is one more line here. */
const MODELLED: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['apps', 'extensions']],
  ['StatefulSet', ['apps']],
  ['ReplicaSet', ['apps', 'extensions']],
  ['ReplicationController', [CORE]],
  ['DaemonSet', ['apps', 'extensions']],
  ['Pod', [CORE]],
  ['Job', ['batch']],
  ['CronJob', ['batch']],
  ['Rollout', ['argoproj.io']],
  ['DeploymentConfig', ['apps.openshift.io', CORE]],
  ['Service', [CORE]],
  ['PodDisruptionBudget', ['policy']],
  ['HorizontalPodAutoscaler', ['autoscaling']],
  ['ScaledObject', ['keda.sh', 'keda.k8s.io']],
  ['Ingress', ['networking.k8s.io', 'extensions']],
  ['HTTPRoute', ['gateway.networking.k8s.io']],
  ['GRPCRoute', ['gateway.networking.k8s.io']],
  ['TCPRoute', ['gateway.networking.k8s.io']],
  ['TLSRoute', ['gateway.networking.k8s.io']],
  ['UDPRoute', ['gateway.networking.k8s.io']],
  ['Route', ['route.openshift.io', CORE]],
  ['VirtualService', ['networking.istio.io']],
  ['DestinationRule', ['networking.istio.io']],
  ['LimitRange', [CORE]],
  ['PersistentVolumeClaim', [CORE]],
  ['ConfigMap', [CORE]],
  ['PrometheusRule', ['monitoring.coreos.com']],
  ['Application', ['argoproj.io']],
  ['HelmRelease', ['helm.toolkit.fluxcd.io']],
]);

/** Groups whose every kind has a body: chaos experiments. */
const MODELLED_GROUPS: ReadonlySet<string> = new Set([
  'chaos-mesh.org',
  'pingcap.com',
  'litmuschaos.io',
]);

/** Kinds that hold other objects. */
const CONTAINERS = /^Template$|List$/;

/**
 * Configuration of tools and of components on the nodes: it has an apiVersion and a kind and is never sent to
 * the API server.
 */
const LOCAL_GROUPS =
  /^(?:skaffold|kustomize\.config\.k8s\.io|kind\.x-k8s\.io|k3d\.io|ctlptl\.dev|eksctl\.io|kops\.k8s\.io|kpt\.dev|(?:scaffolder\.)?backstage\.io|(?:[a-z]+\.)?config\.k8s\.io|kubeadm\.k8s\.io|audit\.k8s\.io|client\.authentication\.k8s\.io|cli\.kyverno\.io)$/;

/** The API group of an `apiVersion`; '' is the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** The `apiVersion` of transformers and generators that Kustomize has built in. */
export const BUILT_IN = 'builtin';

/** Does the model read more than the header of this kind? */
export function isModelled(apiVersion: string, kind: string): boolean {
  if (apiVersion === BUILT_IN) return true;
  const group = groupOf(apiVersion);
  return MODELLED_GROUPS.has(group) || (MODELLED.get(kind)?.includes(group) ?? false);
}

/** May the objects of this kind hold other objects (`List`, `DeploymentList`, an OpenShift `Template`)? */
export function mayHoldObjects(kind: string): boolean {
  return CONTAINERS.test(kind);
}

/** Is this the configuration of a tool rather than an object of a cluster? */
export function isLocal(apiVersion: string, kind: string): boolean {
  if (kind === 'Config' && (apiVersion === 'v1' || apiVersion.startsWith('skaffold/'))) return true;
  return LOCAL_GROUPS.test(groupOf(apiVersion));
}
