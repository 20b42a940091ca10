/**
 * The model: what the files of a run mean together. Every question that needs more than one field or
 * more than one file is answered here, once. It may hold derived numbers and paths, never a verdict.
 * `Value` says known, unknown or absent; `Joined` says whether an empty list proves anything.
 */
import type { Location, SettingPlace } from '../location.ts';
import type { Injection } from '../prediction.ts';
import type { IntOrPercent, Joined, Value } from './value.ts';

export type { Absent, IntOrPercent, Joined, Known, Unknown, Value } from './value.ts';

export interface Model {
  readonly contexts: readonly Context[];
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly podDisruptionBudgets: readonly PodDisruptionBudget[];
  readonly autoscalers: readonly Autoscaler[];
  /** Every place where an Ingress, a Gateway API route or an OpenShift Route names a Service. */
  readonly backends: readonly Backend[];
  /** Every container image in use, one entry per image name and tag in a context. */
  readonly images: readonly Image[];
  readonly meshRoutes: readonly MeshRoute[];
  readonly destinationRules: readonly DestinationRule[];
  readonly experiments: readonly Experiment[];
  readonly alerts: readonly Alert[];
  readonly repository: Repository;
}

/** What lands together in one cluster (rules.md "Contexts"). */
export interface Context {
  /** Path of the overlay or directory; '' for the plain manifests of the whole repository. */
  readonly name: string;
  /** `production`-like unless the name or the policy says otherwise (rules.md "Environments"). */
  readonly production: boolean;
  /** Why pods or objects may exist that nobody here can see; undefined when the context is closed. */
  readonly openBecause?: string;
}

/** What every object of the model has. */
export interface Subject {
  readonly context: Context;
  /** Stable name: `apps/Deployment/shop/orders`; with a container `.../orders#api`. Used in fingerprints. */
  readonly identity: string;
  /**
   * `Deployment orders` (for a container `container api of Deployment orders`): for messages. Without a name
   * `a Deployment`, with a generated one `Job orders-*`.
   */
  readonly label: string;
  /** A small region to point at: the value of `kind` of an object, the `name` of a container. */
  readonly at: Location;
  /** Annotations of the object, then of its pod template: for `chaoslint.dev/ignore.RULE`. */
  readonly annotations: ReadonlyMap<string, { readonly value: string; readonly at: Location }>;
}

/** A namespaced Kubernetes object. */
export interface Resource extends Subject {
  readonly kind: string;
  readonly apiVersion: string;
  /** API group; '' for core. */
  readonly group: string;
  readonly name: string;
  /** undefined: the manifest does not say; it joins with any namespace. */
  readonly namespace: string | undefined;
  /** Place of metadata.name. */
  readonly nameAt: Location;
}

export type WorkloadKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'DaemonSet'
  | 'Pod'
  | 'Job'
  | 'CronJob'
  | 'Rollout'
  | 'DeploymentConfig';

/**
 * What losing or adding a pod means:
 * `stateless`: any number of equal pods; `clustering-store`: a data store that replicates itself, run by a
 * StatefulSet; `single-instance-store`: a data store image that does not; `single-writer`: not a known store,
 * but a ReadWriteOnce volume or the Recreate strategy without leader election.
 */
export type WorkloadRole =
  | 'stateless'
  | 'clustering-store'
  | 'store-member'
  | 'single-instance-store'
  | 'single-writer';

/** `load-generator`: makes traffic; `operator`: acts on the cluster, one at a time; `exporter`: is scraped, each copy once more. */
export type Tool = 'load-generator' | 'operator' | 'exporter';

export interface Workload extends Resource {
  readonly settings: Settings;
  /** The name that stands for that of the release, where a chart wrote it and nobody gave one. */
  readonly release?: string;
  readonly kind: WorkloadKind;
  readonly role: WorkloadRole;
  /** False for DaemonSet, Pod, Job and CronJob: no replica count. */
  readonly scalable: boolean;
  /** spec.replicas as written. */
  readonly specReplicas: Value<number>;
  readonly replicas: EffectiveReplicas;
  /** Services of its namespace whose selector matches the pod template. */
  readonly services: Joined<Service>;
  /** Those of `services` that carry more than what a monitoring system reads (see `ServicePort.scraped`). */
  readonly trafficServices: readonly Service[];
  readonly podDisruptionBudgets: Joined<PodDisruptionBudget>;
  readonly autoscalers: Joined<Autoscaler>;
  /** Of every context: an experiment that hits the same workload in staging counts for production. */
  readonly experiments: Joined<Experiment>;
  /** Experiments of the repository that hit other workloads. */
  readonly otherExperiments: readonly Experiment[];
  /** Regular containers and native sidecars; never plain init containers. */
  readonly containers: readonly Container[];
  /** False when the pod has, or may have, a container that cannot be read. */
  readonly containersComplete: boolean;
  /** Every container is known and third-party: whether several copies of it can run is not decided here. */
  readonly thirdParty: boolean;
  /** Its name says that it serves nobody, so that a second copy does harm or no good. */
  readonly tool?: Tool;
  readonly podLabels: Value<ReadonlyMap<string, string>>;
  /** matchLabels of spec.selector (the whole map where the selector is one): what tells its pods from those of others. */
  readonly selectorLabels: Value<ReadonlyMap<string, string>>;
  /** Known false: spec.selector does not select the labels of the pod template; `at` is the selector. */
  readonly selectorMatchesTemplate: Value<boolean>;
  /** Default Always. */
  readonly restartPolicy: Value<string>;
  /** Seconds; default 30. */
  readonly terminationGracePeriodSeconds: Value<number>;
  readonly rollout: Rollout;
  /** podAntiAffinity or topologySpreadConstraints (hostname or zone) that match its own labels. */
  readonly spread: Value<boolean>;
  /** The same over zones only. */
  readonly zoneSpread: Value<boolean>;
  readonly readinessGates: boolean;
  readonly volumes: readonly Volume[];
  readonly nodeName: Value<string>;
  readonly hostNetwork: Value<boolean>;
  /** Present on Job and CronJob. */
  readonly job?: JobFacts;
  /** A Pod that something else owns, a mirror pod, or a pod of a hook is never in the model. */
}

/** The number of pods that is guaranteed (rules.md "Effective replicas"). */
export interface EffectiveReplicas {
  /** The floor: of the autoscaler when one targets it, else spec.replicas, else 1. absent when not scalable. */
  readonly floor: Value<number>;
  /** The most pods that may run: the autoscaler's maximum, else the floor. */
  readonly ceiling: Value<number>;
  readonly setBy: 'spec' | 'default' | 'autoscaler';
}

export interface Rollout {
  /** `RollingUpdate`, `Recreate`, `OnDelete`, `blueGreen`, `canary`; with Kubernetes' default filled in. */
  readonly type: Value<string>;
  /** In pods of the effective replicas: maxUnavailable rounded down, maxSurge rounded up; both 0 means 1 and 0. */
  readonly maxUnavailable: Value<number>;
  readonly maxSurge: Value<number>;
  /** Fewest ready pods during a rollout at the effective floor; Recreate 0. Only for Deployment-like kinds. */
  readonly readyFloor: Value<number>;
}

export interface JobFacts {
  /** CronJob only; default Allow. */
  readonly concurrencyPolicy: Value<string>;
  readonly startingDeadlineSeconds: Value<number>;
  readonly activeDeadlineSeconds: Value<number>;
  /** CronJob only: the cron expression and its shortest period, in minutes. */
  readonly schedule: Value<string>;
  readonly periodMinutes: Value<number>;
  readonly suspended: boolean;
}

export interface Volume {
  readonly name: string;
  readonly at: Location;
  readonly type:
    | 'persistentVolumeClaim'
    | 'volumeClaimTemplate'
    | 'hostPath'
    | 'emptyDir'
    | 'configuration'
    | 'other';
  readonly claimName?: string;
  readonly hostPath?: string;
  /** ReadWriteOnce, ReadWriteMany...; unknown when the claim is not in the repository. */
  readonly accessModes: Value<readonly string[]>;
}

/** Values of charts that decide what is missing at something, or how little stands there: by key, or by kind of object. */
export type Settings = ReadonlyMap<string, readonly SettingPlace[]>;

export interface Container extends Subject {
  readonly settings: Settings;
  readonly workload: Workload;
  /** '' when it has none or a placeholder. */
  readonly name: string;
  /** For messages that name several, or the workload as well: `container api`, without a name `a container`. */
  readonly noun: string;
  readonly image: Value<ImageReference>;
  /** Not a known third-party image. */
  readonly firstParty: boolean;
  /** As written: Always, IfNotPresent, Never. */
  readonly imagePullPolicy: Value<string>;
  readonly nativeSidecar: boolean;
  readonly ports: readonly ContainerPort[];
  /** False when the list of ports holds an unknown: an entry, a number or a name. */
  readonly portsComplete: boolean;
  /** Services that send traffic to a port of this container, with the port of the Service. */
  readonly servicePorts: Joined<ServicePort>;
  readonly readinessProbe: Value<Probe>;
  readonly livenessProbe: Value<Probe>;
  readonly startupProbe: Value<Probe>;
  readonly preStop: Value<boolean>;
  /** Seconds that the preStop hook sleeps; unknown when it does something else. */
  readonly preStopSeconds: Value<number>;
  /** After rules.md "Requests": limit fills request, pod-level resources and LimitRange count; 0 is absent. */
  readonly resources: {
    readonly cpuRequest: Value<string>;
    readonly memoryRequest: Value<string>;
    readonly cpuLimit: Value<string>;
    readonly memoryLimit: Value<string>;
    /** Where `resources` stands, or the container's name. */
    readonly at: Location;
  };
  readonly volumeMounts: readonly VolumeMount[];
  /** Set when the image is a known data store. */
  readonly dataStore?: DataStore;
  /** command and args as written, where they are known. */
  readonly command: Value<readonly string[]>;
  readonly args: Value<readonly string[]>;
  /** What `env` and `envFrom` set. */
  readonly environment: ContainerEnvironment;
}

/** The variables that a container is given. */
export interface ContainerEnvironment {
  /** One a name: what `env` says goes before `envFrom`, the last source before the others. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** False: a source is not here or is a Secret as a whole, so that any other variable may be set. */
  readonly complete: boolean;
}

export interface Variable {
  readonly name: string;
  /** Unknown for Secrets, fields of the pod, and values made of other variables. */
  readonly value: Value<string>;
  /** Where it is set: in the container, or in the ConfigMap. */
  readonly at: Location;
}

export interface ImageReference {
  /** As written. */
  readonly text: string;
  /** Without registry host, tag and digest: `library/redis` is `redis`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export interface ContainerPort {
  readonly name?: string;
  /** Named for what a monitoring system reads; no user waits for it. */
  readonly scraped: boolean;
  readonly number: Value<number>;
  readonly hostPort: Value<number>;
  readonly at: Location;
}

export interface VolumeMount {
  readonly mountPath: string;
  readonly readOnly: boolean;
  readonly volume?: Volume;
  readonly at: Location;
}

export interface DataStore {
  /** `PostgreSQL`, `Redis`. */
  readonly name: string;
  /** Replicates itself when run as a StatefulSet of several pods. */
  readonly clusters: boolean;
  /** It is told to be the one primary, or the arbiter, of members that run as other workloads. */
  readonly isOneMember?: true;
  /**
   * Directories whose loss is data loss: of this image where it is known, else of any image of the store.
   * Empty for caches (memcached, a redis that does not persist).
   */
  readonly dataPaths: readonly string[];
  /** The one where this very image keeps its data, unless it is told otherwise. */
  readonly dataPath?: string;
}

export interface Probe {
  readonly at: Location;
  readonly handler: 'httpGet' | 'tcpSocket' | 'grpc' | 'exec' | 'unknown';
  /** Number or name. */
  readonly port: Value<number | string>;
  /** httpGet only. */
  readonly path: Value<string>;
  /** The host that is asked instead of the pod; absent: the pod. */
  readonly host: Value<string>;
  /** Equal for two probes exactly when their handlers do the same; undefined when something is unknown. */
  readonly handlerKey?: string;
  /** Seconds, with Kubernetes' defaults (0, 10, 1, 3, 1) filled in and `byDefault` set. */
  readonly initialDelaySeconds: Value<number>;
  readonly periodSeconds: Value<number>;
  readonly timeoutSeconds: Value<number>;
  readonly failureThreshold: Value<number>;
  readonly successThreshold: Value<number>;
}

export interface Service extends Resource {
  /** ClusterIP, NodePort, LoadBalancer, ExternalName; default ClusterIP. */
  readonly type: Value<string>;
  readonly headless: boolean;
  /** absent: no selector, or an empty one, on purpose. */
  readonly selector: Value<ReadonlyMap<string, string>>;
  /** Place of spec.selector. */
  readonly selectorAt: Location;
  readonly ports: readonly ServicePort[];
  readonly workloads: Joined<Workload>;
  /** A workload of the context whose labels nearly match (a typo): its name and what differs. */
  readonly nearMiss?: NearMiss;
}

export interface NearMiss {
  readonly at: Location;
  /** `Deployment orders has the label app=order` */
  readonly message: string;
}

export interface ServicePort {
  readonly service: Service;
  readonly name?: string;
  readonly port: Value<number>;
  /** Number or name; default: the port. */
  readonly targetPort: Value<number | string>;
  /** It, or for want of a name the port that it targets, is named for what a monitoring system reads. */
  readonly scraped: boolean;
  readonly at: Location;
}

export interface PodDisruptionBudget extends Resource {
  readonly minAvailable: Value<IntOrPercent>;
  readonly maxUnavailable: Value<IntOrPercent>;
  readonly workloads: Joined<Workload>;
  /** Sum of the effective replicas of all selected workloads; unknown when one is. */
  readonly expectedPods: Value<number>;
  /** How many pods may be evicted at once when all are healthy; unknown when it cannot be told. */
  readonly allowedDisruptions: Value<number>;
  /** Selected workloads without a scale subresource (Pod, DaemonSet, Job): percentages do not work there. */
  readonly workloadsWithoutController: readonly Workload[];
  readonly nearMiss?: NearMiss;
}

export interface Autoscaler extends Resource {
  readonly type: 'HorizontalPodAutoscaler' | 'ScaledObject';
  /** With default (HPA 1, KEDA 0) filled in; a pausing annotation pins it. */
  readonly minReplicas: Value<number>;
  readonly maxReplicas: Value<number>;
  readonly targetKind: string;
  readonly targetName: Value<string>;
  readonly targetAt: Location;
  /** undefined when it is not in the context; see `targetMayBeUnseen`. */
  readonly target?: Workload;
  /** True when the context is open, or the kind is not one that chaoslint models. */
  readonly targetMayBeUnseen: boolean;
  readonly nearMiss?: NearMiss;
  readonly metrics: readonly AutoscalerMetric[];
}

export interface AutoscalerMetric {
  readonly type: 'Resource' | 'ContainerResource' | 'other';
  /** cpu or memory */
  readonly resource: string;
  readonly container?: string;
  readonly targetType: 'Utilization' | 'AverageValue' | 'Value' | 'unknown';
  readonly at: Location;
}

/** One reference from a route to a Service. */
export interface Backend extends Subject {
  readonly route: Resource;
  readonly serviceName: Value<string>;
  readonly port: Value<number | string>;
  readonly portAt: Location;
  /** The Service, when it is in the context. */
  readonly service?: Service;
  /** Whether the Service has that port; unknown when the port or the Service is. */
  readonly portExists: Value<boolean>;
  /** True when the Service may exist although nobody here sees it. */
  readonly mayBeUnseen: boolean;
  readonly nearMiss?: NearMiss;
}

export interface Image extends Subject {
  readonly reference: ImageReference;
  /** The values of a chart that its tag is made of. */
  readonly settings?: readonly SettingPlace[];
  readonly containers: readonly Container[];
  /** Something replaces the tag when it is deployed (kustomize images, skaffold, Flux marker, CI `set image`). */
  readonly replacedBy?: string;
}

/** One HTTP route of an Istio VirtualService. */
export interface MeshRoute extends Subject {
  readonly virtualService: Resource;
  /** Milliseconds. */
  readonly timeout: Value<number>;
  /** Retries as Istio counts them: attempts 2 is 3 tries. Istio's default is 2; `retries` without attempts means 0. */
  readonly retries: Value<number>;
  readonly perTryTimeout: Value<number>;
  /** Hosts of the VirtualService as written; not complete when one cannot be read. */
  readonly hosts: Joined<string>;
  /** Hosts that the route sends requests to. */
  readonly destinations: readonly string[];
  /** `mesh` stands for the sidecars of the callers; it is the only one when none is written. */
  readonly gateways: Joined<string>;
  /** Redirects and direct responses call nobody. */
  readonly callsService: boolean;
}

export interface DestinationRule extends Resource {
  readonly trafficPolicy: Value<boolean>;
  /** All that its policies say is how the connection is encrypted. */
  readonly tlsOnly: boolean;
  readonly outlierDetection: Value<boolean>;
}

/** A chaos experiment of the repository, standing alone, in a Schedule or in a Workflow. */
export interface Experiment extends Subject {
  readonly framework: 'Chaos Mesh' | 'Litmus';
  readonly resource: Resource;
  /** PodChaos, NetworkChaos... or the Litmus fault (`pod-delete`). */
  readonly faultKind: string;
  /** pod-kill, delay...; '' when the kind has none. */
  readonly action: string;
  /** one, all, fixed...; '' for Litmus. */
  readonly mode: string;
  /** False for faults of nodes, machines and cloud accounts. */
  readonly actsOnPods: boolean;
  /** Labels, expressions, annotations, fields, nodes or names pick out the pods. */
  readonly hasLabelSelector: boolean;
  /** What it asks for, for messages: `app=orders in namespace shop`. */
  readonly selects: string;
  readonly duration: Value<string>;
  /** What its duration is called; a template of a Workflow has a deadline. */
  readonly durationField: 'duration' | 'deadline';
  /** False for pod-kill, container-kill, other one-shot actions, and an action that cannot be read. */
  readonly durationBound: boolean;
  readonly targets: Joined<Workload>;
  readonly selectorAt: Location;
  readonly nearMiss?: NearMiss;
  /** NetworkChaos with a target: the other end of the connections that it disturbs. */
  readonly peer?: ExperimentPeer;
  /** What it does, with its numbers. */
  readonly injection: Injection;
  /** A Schedule, or a ChaosSchedule or CronWorkflow runs it regularly. */
  readonly scheduled: boolean;
}

/** The pods at the other end of a network fault; read as the fields of the same names of `Experiment`. */
export interface ExperimentPeer {
  readonly selects: string;
  readonly targets: Joined<Workload>;
  readonly selectorAt: Location;
  readonly nearMiss?: NearMiss;
}

/** An alerting rule of a PrometheusRule. */
export interface Alert extends Subject {
  readonly name: string;
  readonly expression: Value<string>;
  /** The expression and, line by line, those of the recording rules behind it; unknown when one is not here. */
  readonly queries: Value<string>;
  /** Of `annotations.runbook_url`, or of another annotation that says runbook or playbook. */
  readonly runbookUrl: Value<string>;
}

/** The repository as a whole. */
export interface Repository extends Subject {
  readonly alerts: readonly Alert[];
  /** Why alerts may exist that nobody sees. */
  readonly alertsUnseen?: string;
  readonly experiments: readonly Experiment[];
  readonly workloads: readonly Workload[];
  /** A CI workflow, a CronJob or a CronWorkflow runs experiments (kubectl apply of a chaos manifest, litmusctl). */
  readonly experimentsScheduledOutside: boolean;
}
