/** Kustomize's own field specifications: which fields its transformers change, and which fields hold names of other objects. */
import { type FieldSpec, pathOf } from './field-spec.ts';

/** Which fields hold the name of an object of a kind. */
export interface NameReference {
  readonly target: Pick<FieldSpec, 'group' | 'version' | 'kind'>;
  readonly referrers: readonly FieldSpec[];
}

/** All field specifications that a build uses; `configurations:` add to them. */
export interface Configuration {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly volumeClaimTemplateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
  readonly varReference: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
}

/** `group/Kind`, `Kind`, or '' for every kind. */
function spec(path: string, kind: string, create: boolean, version?: string): FieldSpec {
  const slash = kind.lastIndexOf('/');
  return {
    path: pathOf(path),
    ...(slash < 0 ? {} : { group: kind.slice(0, slash) }),
    ...(kind === '' ? {} : { kind: kind.slice(slash + 1) }),
    ...(version === undefined ? {} : { version }),
    create,
  };
}

function specs(paths: readonly string[], kinds: readonly string[], create = false): FieldSpec[] {
  return kinds.flatMap((kind) => paths.map((path) => spec(path, kind, create)));
}

const TEMPLATED = ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'];

const CLAIM_LABELS = [
  spec('spec/volumeClaimTemplates[]/metadata/labels', 'apps/StatefulSet', true),
];

const TEMPLATE_LABELS = [
  spec('metadata/labels', '', true),
  spec('spec/template/metadata/labels', 'ReplicationController', true, 'v1'),
  ...specs(['spec/template/metadata/labels'], ['Deployment', 'ReplicaSet', 'DaemonSet'], true),
  ...specs(['spec/template/metadata/labels'], ['apps/StatefulSet', 'batch/Job'], true),
  ...specs(
    ['spec/jobTemplate/metadata/labels', 'spec/jobTemplate/spec/template/metadata/labels'],
    ['batch/CronJob'],
    true,
  ),
];

const AFFINITY = 'spec/template/spec/affinity';
const PREFERRED =
  'preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels';

const COMMON_LABELS = [
  spec('spec/selector', 'Service', true, 'v1'),
  spec('spec/selector', 'ReplicationController', true, 'v1'),
  ...specs(
    ['spec/selector/matchLabels'],
    ['Deployment', 'ReplicaSet', 'DaemonSet', 'apps/StatefulSet'],
    true,
  ),
  ...specs(
    [
      ...['podAffinity', 'podAntiAffinity'].flatMap((affinity) => [
        `${AFFINITY}/${affinity}/${PREFERRED}`,
        `${AFFINITY}/${affinity}/${REQUIRED}`,
      ]),
      'spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels',
    ],
    ['apps/Deployment', 'apps/StatefulSet'],
  ),
  ...specs(['spec/selector/matchLabels'], ['batch/Job', 'policy/PodDisruptionBudget']),
  spec('spec/jobTemplate/spec/selector/matchLabels', 'batch/CronJob', false),
  ...specs(
    [
      'spec/podSelector/matchLabels',
      'spec/ingress/from/podSelector/matchLabels',
      'spec/egress/to/podSelector/matchLabels',
    ],
    ['networking.k8s.io/NetworkPolicy'],
  ),
  ...TEMPLATE_LABELS,
  ...CLAIM_LABELS,
];

const COMMON_ANNOTATIONS = [
  spec('metadata/annotations', '', true),
  spec('spec/template/metadata/annotations', 'ReplicationController', true, 'v1'),
  ...specs(
    ['spec/template/metadata/annotations'],
    ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'batch/Job'],
    true,
  ),
  ...specs(
    [
      'spec/jobTemplate/metadata/annotations',
      'spec/jobTemplate/spec/template/metadata/annotations',
    ],
    ['batch/CronJob'],
    true,
  ),
];

const IMAGES = ['spec', 'spec/template/spec'].flatMap((pod) =>
  ['containers[]/image', 'initContainers[]/image', 'volumes[]/image/reference'].map((path) =>
    spec(`${pod}/${path}`, '', true),
  ),
);

/** Paths below the pod specs of all kinds that have one. */
function inPods(paths: readonly string[]): FieldSpec[] {
  const below = (pod: string) => paths.map((path) => `${pod}/${path}`);
  return [
    ...below('spec').map((path) => spec(path, 'Pod', false, 'v1')),
    ...specs(below('template/spec'), ['PodTemplate']),
    ...specs(below('spec/template/spec'), TEMPLATED),
    ...specs(below('spec/jobTemplate/spec/template/spec'), ['CronJob']),
  ];
}

/** The same for fields that Kustomize also knows of replication controllers. */
function inAllPods(path: string): FieldSpec[] {
  const kinds = ['StatefulSet', 'Deployment', 'ReplicationController', 'Job', 'DaemonSet'];
  return [
    spec(`spec/${path}`, 'Pod', false),
    ...specs([`spec/template/spec/${path}`], kinds),
    spec(`spec/jobTemplate/spec/template/spec/${path}`, 'CronJob', false),
  ];
}

const RBAC = 'rbac.authorization.k8s.io';
const BINDINGS = [`${RBAC}/RoleBinding`, `${RBAC}/ClusterRoleBinding`];
const ROLES = specs(['rules/resourceNames'], ['Role', 'ClusterRole']);

const NAME_REFERENCES: readonly NameReference[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) => ({
    target: { kind },
    referrers: specs(['spec/scaleTargetRef/name'], ['HorizontalPodAutoscaler']),
  })),
  {
    target: { kind: 'ConfigMap', version: 'v1' },
    referrers: [
      ...inPods([
        'volumes/configMap/name',
        'containers/env/valueFrom/configMapKeyRef/name',
        'initContainers/env/valueFrom/configMapKeyRef/name',
        'containers/envFrom/configMapRef/name',
        'initContainers/envFrom/configMapRef/name',
        'volumes/projected/sources/configMap/name',
      ]),
      spec('spec/configSource/configMap', 'Node', false),
      ...ROLES,
      ...specs(
        ['metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap'],
        ['Ingress'],
      ),
    ],
  },
  {
    target: { kind: 'Secret', version: 'v1' },
    referrers: [
      ...inPods([
        'volumes/secret/secretName',
        'containers/env/valueFrom/secretKeyRef/name',
        'initContainers/env/valueFrom/secretKeyRef/name',
        'containers/envFrom/secretRef/name',
        'initContainers/envFrom/secretRef/name',
        'imagePullSecrets/name',
        'volumes/projected/sources/secret/name',
      ]),
      spec(
        'spec/template/spec/containers/env/valueFrom/secretKeyRef/name',
        'serving.knative.dev/Service',
        false,
        'v1',
      ),
      ...specs(
        [
          'spec/tls/secretName',
          'metadata/annotations/ingress.kubernetes.io\\/auth-secret',
          'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret',
          'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret',
        ],
        ['Ingress'],
      ),
      spec('imagePullSecrets/name', 'ServiceAccount', false),
      ...specs(
        ['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map(
          (name) => `parameters/${name}`,
        ),
        ['StorageClass'],
      ),
      ...ROLES,
      spec('spec/azureFile/secretName', 'PersistentVolume', false),
    ],
  },
  {
    target: { kind: 'Service', version: 'v1' },
    referrers: [
      spec('spec/serviceName', 'apps/StatefulSet', false),
      ...specs(
        [
          'spec/rules/http/paths/backend/serviceName',
          'spec/backend/serviceName',
          'spec/rules/http/paths/backend/service/name',
          'spec/defaultBackend/service/name',
        ],
        ['Ingress'],
      ),
      spec('spec/service/name', 'apiregistration.k8s.io/APIService', false),
      ...specs(
        ['webhooks/clientConfig/service'],
        ['Validating', 'Mutating'].map(
          (name) => `admissionregistration.k8s.io/${name}WebhookConfiguration`,
        ),
      ),
    ],
  },
  {
    target: { kind: 'Role', group: RBAC },
    referrers: specs(['roleRef/name'], BINDINGS.slice(0, 1)),
  },
  { target: { kind: 'ClusterRole', group: RBAC }, referrers: specs(['roleRef/name'], BINDINGS) },
  {
    target: { kind: 'ServiceAccount', version: 'v1' },
    referrers: [...specs(['subjects'], BINDINGS), ...inAllPods('serviceAccountName')],
  },
  {
    target: { kind: 'PersistentVolumeClaim', version: 'v1' },
    referrers: inAllPods('volumes/persistentVolumeClaim/claimName'),
  },
  {
    target: { kind: 'PersistentVolume', version: 'v1' },
    referrers: [
      spec('spec/volumeName', 'PersistentVolumeClaim', false),
      spec('rules/resourceNames', 'ClusterRole', false),
    ],
  },
  {
    target: { kind: 'StorageClass', version: 'v1', group: 'storage.k8s.io' },
    referrers: [
      ...specs(['spec/storageClassName'], ['PersistentVolume', 'PersistentVolumeClaim']),
      spec('spec/volumeClaimTemplates/spec/storageClassName', 'StatefulSet', false),
    ],
  },
  {
    target: { kind: 'PriorityClass', version: 'v1', group: 'scheduling.k8s.io' },
    referrers: inAllPods('priorityClassName'),
  },
  {
    target: { kind: 'ValidatingAdmissionPolicy', group: 'admissionregistration.k8s.io' },
    referrers: [
      spec(
        'spec/policyName',
        'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
        false,
      ),
    ],
  },
];

const VARIABLES_IN_CONTAINERS = ['containers', 'initContainers'].flatMap((list) =>
  ['args', 'command', 'env/value', 'volumeMounts/mountPath'].map((path) => `${list}/${path}`),
);

const VAR_REFERENCES = [
  ...specs(
    [
      ...VARIABLES_IN_CONTAINERS.map((path) => `spec/jobTemplate/spec/template/spec/${path}`),
      'spec/jobTemplate/spec/template/volumes/nfs/server',
    ],
    ['CronJob'],
  ),
  ...specs(
    VARIABLES_IN_CONTAINERS.map((path) => `spec/template/spec/${path}`),
    ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'StatefulSet'],
  ),
  ...specs(
    ['spec/template/spec/volumes/nfs/server'],
    ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet'],
  ),
  spec('spec/template/metadata/annotations', 'Deployment', false),
  ...specs(['spec/rules/host', 'spec/tls/hosts', 'spec/tls/secretName'], ['Ingress']),
  ...specs(
    [...VARIABLES_IN_CONTAINERS.map((path) => `spec/${path}`), 'spec/volumes/nfs/server'],
    ['Pod'],
  ),
  ...specs(['spec/ports/port', 'spec/ports/targetPort'], ['Service']),
  spec('spec/volumeClaimTemplates/spec/nfs/server', 'StatefulSet', false),
  spec('spec/nfs/server', 'PersistentVolume', false),
  spec('metadata/labels', '', false),
  spec('metadata/annotations', '', false),
];

/** What Kustomize does without any `configurations:`. */
export const DEFAULTS: Configuration = {
  namePrefix: [spec('metadata/name', '', false)],
  nameSuffix: [spec('metadata/name', '', false)],
  namespace: [
    spec('metadata/name', 'Namespace', true),
    spec('spec/service/namespace', 'apiregistration.k8s.io/APIService', true),
    spec(
      'spec/conversion/webhook/clientConfig/service/namespace',
      'apiextensions.k8s.io/CustomResourceDefinition',
      false,
    ),
  ],
  commonLabels: COMMON_LABELS,
  labels: [],
  // Kustomize 5.8 has a switch of its own for claims; before, templates included them.
  templateLabels: [...TEMPLATE_LABELS, ...CLAIM_LABELS],
  volumeClaimTemplateLabels: CLAIM_LABELS,
  commonAnnotations: COMMON_ANNOTATIONS,
  images: IMAGES,
  replicas: specs(
    ['spec/replicas'],
    ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'],
    true,
  ),
  varReference: VAR_REFERENCES,
  nameReference: NAME_REFERENCES,
};
