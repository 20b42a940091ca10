/**
 * What the API of Kubernetes says of its own kinds and Kustomize uses: how lists merge, and which kinds have no namespace. That of
 * Kubernetes 1.21, which Kustomize 5 has built in; lists of all other kinds are replaced.
 */

/** How a value merges. */
export interface Shape {
  /** Keys that tell the items of a list apart; `['']` for a list of texts. A list without them is replaced. */
  readonly keys?: readonly string[];
  /** Of the items of a list. */
  readonly items?: Shape;
  /** Of the fields of a map. */
  readonly fields?: Readonly<Record<string, Shape>>;
}

const BY_NAME: Shape = { keys: ['name'] };
const METADATA: Shape = {
  fields: { finalizers: { keys: [''] }, ownerReferences: { keys: ['uid'] } },
};

const EPHEMERAL_CONTAINER: Shape = {
  fields: {
    env: BY_NAME,
    volumeDevices: { keys: ['devicePath'] },
    volumeMounts: { keys: ['mountPath'] },
  },
};
const CONTAINER: Shape = {
  fields: { ...EPHEMERAL_CONTAINER.fields, ports: { keys: ['containerPort', 'protocol'] } },
};
const CONTAINERS: Shape = { keys: ['name'], items: CONTAINER };
const POD_SPEC: Shape = {
  fields: {
    containers: CONTAINERS,
    ephemeralContainers: { keys: ['name'], items: EPHEMERAL_CONTAINER },
    hostAliases: { keys: ['ip'] },
    imagePullSecrets: BY_NAME,
    initContainers: CONTAINERS,
    topologySpreadConstraints: { keys: ['topologyKey', 'whenUnsatisfiable'] },
    volumes: BY_NAME,
  },
};
const POD: Shape = { fields: { metadata: METADATA, spec: POD_SPEC } };
const WITH_TEMPLATE: Shape = {
  fields: { metadata: METADATA, spec: { fields: { template: POD } } },
};
const CRON_JOB: Shape = {
  fields: { metadata: METADATA, spec: { fields: { jobTemplate: WITH_TEMPLATE } } },
};
const WEBHOOKS: Shape = { fields: { metadata: METADATA, webhooks: BY_NAME } };
const OTHER: Shape = { fields: { metadata: METADATA } };

const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ['v1 Pod', POD],
  ['v1 PodTemplate', { fields: { metadata: METADATA, template: POD } }],
  [
    'v1 Service',
    { fields: { metadata: METADATA, spec: { fields: { ports: { keys: ['port', 'protocol'] } } } } },
  ],
  ['v1 ServiceAccount', { fields: { metadata: METADATA, secrets: BY_NAME } }],
  ['v1 Node', { fields: { metadata: METADATA, spec: { fields: { podCIDRs: { keys: [''] } } } } }],
  ...[
    'v1 ReplicationController',
    'apps/v1 DaemonSet',
    'apps/v1 Deployment',
    'apps/v1 ReplicaSet',
    'apps/v1 StatefulSet',
    'batch/v1 Job',
  ].map((kind): [string, Shape] => [kind, WITH_TEMPLATE]),
  ...['batch/v1 CronJob', 'batch/v1beta1 CronJob'].map((kind): [string, Shape] => [kind, CRON_JOB]),
  ...['v1', 'v1beta1'].flatMap((version) =>
    ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map(
      (kind): [string, Shape] => [`admissionregistration.k8s.io/${version} ${kind}`, WEBHOOKS],
    ),
  ),
]);

/** API versions of the built-in schema; every kind of theirs has metadata that merge. */
const OWN_VERSIONS: ReadonlySet<string> = new Set([
  'v1',
  'admissionregistration.k8s.io/v1',
  'admissionregistration.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1',
  'apiextensions.k8s.io/v1beta1',
  'apiregistration.k8s.io/v1',
  'apiregistration.k8s.io/v1beta1',
  'apps/v1',
  'autoscaling/v1',
  'autoscaling/v2beta1',
  'autoscaling/v2beta2',
  'batch/v1',
  'batch/v1beta1',
  'certificates.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'discovery.k8s.io/v1beta1',
  'events.k8s.io/v1',
  'extensions/v1beta1',
  'networking.k8s.io/v1',
  'networking.k8s.io/v1beta1',
  'node.k8s.io/v1',
  'node.k8s.io/v1beta1',
  'policy/v1',
  'policy/v1beta1',
  'rbac.authorization.k8s.io/v1',
  'rbac.authorization.k8s.io/v1beta1',
  'scheduling.k8s.io/v1',
  'scheduling.k8s.io/v1beta1',
  'storage.k8s.io/v1',
  'storage.k8s.io/v1beta1',
]);

/** How an object of a kind merges; undefined for kinds that are not Kubernetes' own. */
export function shapeOf(apiVersion: string, kind: string): Shape | undefined {
  return SHAPES.get(`${apiVersion} ${kind}`) ?? (OWN_VERSIONS.has(apiVersion) ? OTHER : undefined);
}

/** Kinds without a namespace, and the API versions in which Kustomize knows it of them. */
const CLUSTER_SCOPED: ReadonlyMap<string, readonly string[]> = new Map([
  ...['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map(
    (kind): [string, string[]] => [
      kind,
      ['admissionregistration.k8s.io/v1', 'admissionregistration.k8s.io/v1beta1'],
    ],
  ),
  ['ValidatingAdmissionPolicy', ['admissionregistration.k8s.io/v1']],
  ['ValidatingAdmissionPolicyBinding', ['admissionregistration.k8s.io/v1']],
  ['CustomResourceDefinition', ['apiextensions.k8s.io/v1', 'apiextensions.k8s.io/v1beta1']],
  ['APIService', ['apiregistration.k8s.io/v1', 'apiregistration.k8s.io/v1beta1']],
  ['CertificateSigningRequest', ['certificates.k8s.io/v1', 'certificates.k8s.io/v1beta1']],
  ['FlowSchema', ['flowcontrol.apiserver.k8s.io/v1beta1']],
  ['PriorityLevelConfiguration', ['flowcontrol.apiserver.k8s.io/v1beta1']],
  ['IngressClass', ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1']],
  ['RuntimeClass', ['node.k8s.io/v1', 'node.k8s.io/v1beta1']],
  ['PodSecurityPolicy', ['policy/v1beta1']],
  ...['ClusterRole', 'ClusterRoleBinding'].map((kind): [string, string[]] => [
    kind,
    ['rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io/v1beta1'],
  ]),
  ['PriorityClass', ['scheduling.k8s.io/v1', 'scheduling.k8s.io/v1beta1']],
  ...['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'].map(
    (kind): [string, string[]] => [kind, ['storage.k8s.io/v1', 'storage.k8s.io/v1beta1']],
  ),
  ...['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'].map(
    (kind): [string, string[]] => [kind, ['v1']],
  ),
]);

/** True for a kind of which Kustomize knows that it has no namespace; custom resources are never. */
export function isClusterScoped(apiVersion: string, kind: string): boolean {
  return CLUSTER_SCOPED.get(kind)?.includes(apiVersion) === true;
}
