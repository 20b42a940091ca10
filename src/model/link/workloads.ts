/** Workloads: what makes pods, with their templates. */
import type { MapNode } from '../../facts.ts';
import { type Location, objectOmissions } from '../../location.ts';
import { toolOf } from '../catalog/tools.ts';
import { periodMinutesOf } from '../derive/cron.ts';
import { absent, byDefault, known, orDefault, unknown } from '../derive/values.ts';
import type { JobFacts, Settings, Volume, Workload, WorkloadKind, WorkloadRole } from '../model.ts';
import type { Value } from '../value.ts';
import { type ContainerRecord, containersOf, settingsOf, wordsOf } from './containers.ts';
import { Cursor } from './cursor.ts';
import {
  type LabelSelector,
  type Labels,
  labelSelectorOf,
  labelsOf,
  type Match,
  mapSelectorOf,
  matches,
  runtimeLabelsOf,
} from './labels.ts';
import type { KubernetesObject } from './objects.ts';
import { oncePerNode } from './once.ts';
import { type Mutable, nothingJoined, resourceOf, smallPlaceOf } from './resources.ts';
import { isNamed, meet, type Scope, WORKLOAD_KINDS } from './scope.ts';

/** A workload while link fills in its joins, and what only link needs to know of it. */
export interface WorkloadRecord {
  readonly workload: Mutable<Workload>;
  readonly object: KubernetesObject;
  readonly spec: Cursor;
  readonly podSpec: Cursor;
  readonly labels: Labels;
  readonly containers: readonly ContainerRecord[];
  /** All regular and sidecar containers of the pod can be read. */
  readonly podComplete: boolean;
}

/** Pods that exist and are no workloads: hooks, static pods, pods that something else owns. */
export interface HiddenPods {
  readonly object: KubernetesObject;
  readonly labels: Labels;
}

export interface Workloads {
  readonly records: readonly WorkloadRecord[];
  readonly hidden: readonly HiddenPods[];
}

const NOT_SCALABLE: ReadonlySet<WorkloadKind> = new Set(['DaemonSet', 'Pod', 'Job', 'CronJob']);

const HOOKS = ['helm.sh/hook', 'argocd.argoproj.io/hook'];

/** Annotations that the kubelet and kubeadm give to static pods and their mirrors. */
const STATIC_POD =
  /^(?:kubernetes\.io\/config\.(?:mirror|source|hash|seen)|kubeadm\.kubernetes\.io\/.*)$/;

/**
 * True for objects that are no workloads: Helm and Argo CD hooks (chart tests are hooks), static pods and their mirrors,
 * and whatever has an owner (rules.md "Workloads").
 */
function isHidden(object: KubernetesObject): boolean {
  const metadata = object.body.get('metadata');
  const annotations = metadata.get('annotations').entries.map((entry) => entry.key);
  if (HOOKS.some((hook) => annotations.includes(hook))) return true;
  if (metadata.get('ownerReferences').items.length > 0) return true;
  if (object.kind !== 'Pod') return false;
  return (
    annotations.some((key) => STATIC_POD.test(key)) ||
    /(?:^|\/)(?:etc\/kubernetes\/manifests|static-?pods?)\//i.test(object.file.path)
  );
}

/** The pod template of a workload; of a Pod, the Pod itself. */
function templateOf(kind: WorkloadKind, body: Cursor): Cursor {
  switch (kind) {
    case 'Pod':
      return body;
    case 'CronJob':
      return body.get('spec', 'jobTemplate', 'spec', 'template');
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'DaemonSet':
    case 'Job':
    case 'Rollout':
    case 'DeploymentConfig':
      return body.get('spec', 'template');
  }
}

/** The Deployment that a Rollout's workloadRef names; undefined when there is no such field or object. */
function referenced(scope: Scope, rollout: KubernetesObject): KubernetesObject | undefined {
  const reference = rollout.body.get('spec', 'workloadRef');
  const kind = reference.get('kind').string();
  const name = reference.get('name').string();
  if (kind.state !== 'known' || name.state !== 'known') return undefined;
  return scope
    .ofKind(kind.value)
    .find((object) => isNamed(object, name.value) && meet(object.namespace, rollout.namespace));
}

function volumesOf(scope: Scope, object: KubernetesObject, podSpec: Cursor, spec: Cursor) {
  const volumes: Volume[] = podSpec
    .get('volumes')
    .items.flatMap((item) => volumeOf(scope, object, item));
  if (object.kind !== 'StatefulSet') return volumes;
  for (const template of spec.get('volumeClaimTemplates').items) {
    const name = template.get('metadata', 'name');
    const text = name.text();
    if (text.state !== 'known') continue;
    const modes = template.get('spec', 'accessModes').strings();
    const accessModes = modes.state === 'absent' ? unknown('no access mode', name.at) : modes;
    volumes.push({ name: text.value, at: name.at, type: 'volumeClaimTemplate', accessModes });
  }
  return volumes;
}

const CONFIGURATION = ['configMap', 'secret', 'projected', 'downwardAPI'];

function volumeOf(scope: Scope, object: KubernetesObject, item: Cursor): readonly Volume[] {
  const named = item.get('name');
  const name = named.text();
  if (name.state !== 'known') return [];
  const volume = { name: name.value, at: named.at };
  const nothing = absent(named.at);
  const has = (key: string) => item.node?.kind === 'map' && hasKey(item.node, key);
  if (has('persistentVolumeClaim')) {
    const claim = item.get('persistentVolumeClaim', 'claimName');
    const claimName = claim.text();
    const known = claimName.state === 'known';
    return [
      {
        ...volume,
        type: 'persistentVolumeClaim',
        ...(known ? { claimName: claimName.value } : {}),
        accessModes: known
          ? accessModesOf(scope, object, claimName.value, claim)
          : unknown('the name of the claim is unknown', claim.at),
      },
    ];
  }
  if (has('hostPath')) {
    const path = item.get('hostPath', 'path').text();
    const hostPath = path.state === 'known' ? { hostPath: path.value } : {};
    return [{ ...volume, type: 'hostPath', ...hostPath, accessModes: nothing }];
  }
  // A generic ephemeral volume is deleted with its pod, as an emptyDir is; no source means emptyDir.
  const keys = item.node?.kind === 'map' ? item.node.entries.length : 0;
  if (has('emptyDir') || has('ephemeral') || keys === 1)
    return [{ ...volume, type: 'emptyDir', accessModes: nothing }];
  const type = CONFIGURATION.some(has) ? 'configuration' : 'other';
  return [{ ...volume, type, accessModes: nothing }];
}

function hasKey(node: MapNode, key: string): boolean {
  return node.entries.some((entry) => entry.key === key);
}

function accessModesOf(
  scope: Scope,
  object: KubernetesObject,
  claimName: string,
  claim: Cursor,
): Value<readonly string[]> {
  const found = scope
    .ofKind('PersistentVolumeClaim')
    .find((pvc) => isNamed(pvc, claimName) && meet(pvc.namespace, object.namespace));
  if (found === undefined) return unknown(`claim ${claimName} is not in these files`, claim.at);
  const modes = found.body.get('spec', 'accessModes').strings();
  return modes.state === 'absent' ? unknown('no access mode', modes.at) : modes;
}

/** Topology keys that put pods on different nodes or zones. */
const ZONE_KEYS: ReadonlySet<string> = new Set([
  'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/zone',
]);
const SPREADING_KEYS: ReadonlySet<string> = new Set(['kubernetes.io/hostname', ...ZONE_KEYS]);

function spreadsOver(key: Cursor, keys: ReadonlySet<string>): Match {
  const text = key.string();
  if (text.state === 'unknown') return 'unknown';
  return text.state === 'known' && keys.has(text.value) ? 'yes' : 'no';
}

function both(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes';
}

/** A podAntiAffinity term: topology, selector and namespaces must all take in the workload's own pods. */
function termKeepsApart(
  term: Cursor,
  labels: Labels,
  namespace: string | undefined,
  keys: ReadonlySet<string>,
): Match {
  const own = matches(labelSelectorOf(term.get('labelSelector')), labels);
  const namespaces = term.get('namespaces').strings();
  const elsewhere =
    namespaces.state === 'known' &&
    namespaces.value.length > 0 &&
    namespace !== undefined &&
    !namespaces.value.includes(namespace) &&
    term.get('namespaceSelector').isAbsent;
  return elsewhere ? 'no' : both(spreadsOver(term.get('topologyKey'), keys), own);
}

/**
 * Spread of its own: a podAntiAffinity term or topologySpreadConstraint over hosts or zones that matches the labels
 * of the workload itself (an absent labelSelector matches no pod), or the policy's word for the cluster.
 */
function spreadOf(
  podSpec: Cursor,
  labels: Labels,
  namespace: string | undefined,
  nearest: Location,
  keys: ReadonlySet<string> = SPREADING_KEYS,
): Value<boolean> {
  const antiAffinity = podSpec.get('affinity', 'podAntiAffinity');
  const required = antiAffinity.get('requiredDuringSchedulingIgnoredDuringExecution');
  const preferred = antiAffinity.get('preferredDuringSchedulingIgnoredDuringExecution');
  const constraints = podSpec.get('topologySpreadConstraints');
  const answers: { readonly match: Match; readonly cursor: Cursor }[] = [
    ...required.items.map((cursor) => ({
      match: termKeepsApart(cursor, labels, namespace, keys),
      cursor,
    })),
    ...preferred.items.map((cursor) => ({
      match: termKeepsApart(cursor.get('podAffinityTerm'), labels, namespace, keys),
      cursor,
    })),
    ...constraints.items.map((cursor) => ({
      match: both(
        spreadsOver(cursor.get('topologyKey'), keys),
        matches(labelSelectorOf(cursor.get('labelSelector')), labels),
      ),
      cursor,
    })),
  ];
  const yes = answers.find((answer) => answer.match === 'yes');
  if (yes !== undefined) return known(true, yes.cursor.keyAt);
  const unclear = [required, preferred, constraints].find((cursor) => !cursor.isComplete);
  if (unclear !== undefined) return unknown('the spread cannot be read', unclear.at);
  const perhaps = answers.find((answer) => answer.match === 'unknown');
  if (perhaps !== undefined) return unknown('the spread cannot be read', perhaps.cursor.keyAt);
  const [no] = answers;
  return no === undefined ? absent(nearest) : known(false, no.cursor.keyAt);
}

/** Kinds whose selector is a plain map of labels. */
function isMapSelector(kind: WorkloadKind): boolean {
  return kind === 'ReplicationController' || kind === 'DeploymentConfig';
}

/** Whether spec.selector selects the labels of the template; absent where Kubernetes makes the selector itself. */
function selectorMatchesTemplate(kind: WorkloadKind, spec: Cursor, labels: Labels): Value<boolean> {
  const cursor = spec.get('selector');
  if (kind === 'Pod' || kind === 'Job' || kind === 'CronJob' || cursor.isAbsent)
    return cursor.absent();
  const isMap = isMapSelector(kind);
  const selector: LabelSelector = isMap ? mapSelectorOf(cursor) : labelSelectorOf(cursor);
  // An empty map is filled in from the template, as an absent one is.
  if (isMap && selector.nothing) return cursor.absent();
  const match = matches(selector, labels);
  if (match === 'unknown') return unknown('selector or labels cannot be read', cursor.keyAt);
  return known(match === 'yes', smallPlaceOf(cursor));
}

function jobOf(kind: WorkloadKind, spec: Cursor, podSpec: Cursor): JobFacts | undefined {
  if (kind !== 'Job' && kind !== 'CronJob') return undefined;
  const cron = kind === 'CronJob';
  const jobSpec = cron ? spec.get('jobTemplate', 'spec') : spec;
  const ofJob = jobSpec.get('activeDeadlineSeconds').number();
  const schedule = spec.get('schedule').string();
  const suspend = spec.get('suspend').boolean();
  return {
    concurrencyPolicy: cron
      ? orDefault(spec.get('concurrencyPolicy').string(), 'Allow')
      : absent(spec.keyAt),
    startingDeadlineSeconds: cron
      ? spec.get('startingDeadlineSeconds').number()
      : absent(spec.keyAt),
    activeDeadlineSeconds:
      ofJob.state === 'absent' ? podSpec.get('activeDeadlineSeconds').number() : ofJob,
    schedule: cron ? schedule : absent(spec.keyAt),
    periodMinutes: periodOf(schedule),
    suspended: suspend.state === 'known' && suspend.value,
  };
}

function periodOf(schedule: Value<string>): Value<number> {
  if (schedule.state !== 'known') return schedule;
  const minutes = periodMinutesOf(schedule.value);
  return minutes === undefined
    ? unknown('the schedule cannot be read', schedule.at)
    : known(minutes, schedule.at);
}

const LEADER_ELECTION = /leader[-_. ]?elect/i;

/**
 * Evidence that only one of several pods works at a time: an argument, a variable or a name that says so. A variable
 * whose value stands elsewhere, where it may be missing or false, is none.
 */
function electsLeader(record: WorkloadRecord): boolean {
  return record.containers.some(({ container, cursor }) => {
    const words = wordsOf(container).filter((word) => LEADER_ELECTION.test(word));
    if (words.some((word) => !/=\s*["']?false/i.test(word))) return true;
    if (LEADER_ELECTION.test(container.name)) return true;
    return cursor.get('env').items.some((item) => {
      const name = item.get('name').text();
      const value = item.get('value').text();
      const on = value.state === 'known' && !/^(?:false|0|no|off|)$/i.test(value.value);
      return on && name.state === 'known' && LEADER_ELECTION.test(name.value);
    });
  });
}

/** A volume that only one node may mount and that the pods write. A claim that is not here counts as such. */
function writesExclusively({ workload }: WorkloadRecord): boolean {
  return workload.volumes.some((volume) => {
    if (volume.type !== 'persistentVolumeClaim' && volume.type !== 'volumeClaimTemplate')
      return false;
    const modes = volume.accessModes;
    if (
      modes.state === 'known' &&
      modes.value.some((mode) => /^Read(?:WriteMany|OnlyMany)$/.test(mode))
    )
      return false;
    const mounts = workload.containers.flatMap((c) =>
      c.volumeMounts.filter((mount) => mount.volume === volume),
    );
    return mounts.length === 0 || mounts.some((mount) => !mount.readOnly);
  });
}

/** A database file: what SQLite, H2, LevelDB and the like write. */
const DATABASE_FILE = /\.(?:db|sqlite3?|h2|mdb|rdb)$/i;

/** A variable that puts a database file into the pod: each pod then has its own data. */
function keepsDatabaseFile({ containers }: WorkloadRecord): boolean {
  return containers.some(({ cursor }) =>
    cursor.get('env').items.some((item) => {
      const name = item.get('name').text();
      const value = item.get('value').text();
      if (value.state !== 'known' || value.value.startsWith('/tmp/')) return false;
      const isPath = /^(?:(?:sqlite3?|file|jdbc:(?:sqlite|h2)):)?\.{0,2}\/{1,4}\S+$/i.test(
        value.value,
      );
      const isNamed = name.state === 'known' && /SQLITE/i.test(name.value);
      return isPath && (isNamed || DATABASE_FILE.test(value.value));
    }),
  );
}

/**
 * What losing or adding a pod means. A data store counts when it is the main container (the first one), or when no
 * container of the pod is first-party; a redis beside an application is part of that application.
 */
export function roleOf(record: WorkloadRecord): WorkloadRole {
  const { workload } = record;
  const regular = workload.containers.filter((container) => !container.nativeSidecar);
  const main = regular.some((container) => container.firstParty) ? regular.slice(0, 1) : regular;
  const store = main.find((container) => container.dataStore !== undefined)?.dataStore;
  if (store?.isOneMember) return 'store-member';
  if (store !== undefined)
    return store.clusters && workload.kind === 'StatefulSet'
      ? 'clustering-store'
      : 'single-instance-store';
  const { type } = workload.rollout;
  const recreate = type.state === 'known' && type.value === 'Recreate';
  const exclusive = recreate || writesExclusively(record) || keepsDatabaseFile(record);
  return exclusive && !electsLeader(record) ? 'single-writer' : 'stateless';
}

/** Where the pod template of a workload stands, when it is not its own. */
interface Borrowed {
  readonly template: Cursor;
}

/** What a workload says by itself, and with the pod template that it borrows. */
function written(
  body: Cursor,
  kind: WorkloadKind,
  name: string,
  namespace: string | undefined,
  kindAt: Location,
  borrowed: Borrowed | undefined,
) {
  const template = borrowed?.template ?? templateOf(kind, body);
  const spec = body.get('spec');
  const podSpec = template.get('spec');
  const metadata = template.get('metadata');
  const labels = labelsOf(metadata.get('labels'), runtimeLabelsOf(kind, name));
  const nothing = absent(kindAt);
  const job = jobOf(kind, spec, podSpec);
  const gates = podSpec.get('readinessGates');
  return {
    spec,
    podSpec,
    metadata,
    labels,
    spread: spreadOf(podSpec, labels, namespace, kindAt),
    zoneSpread: spreadOf(podSpec, labels, namespace, kindAt, ZONE_KEYS),
    podComplete: podSpec.get('containers').isComplete && podSpec.get('initContainers').isComplete,
    fields: {
      kind,
      scalable: !NOT_SCALABLE.has(kind),
      specReplicas: NOT_SCALABLE.has(kind) ? nothing : spec.get('replicas').number(),
      podLabels: metadata.get('labels').stringMap(),
      // A Rollout with workloadRef takes the selector of the Deployment as well.
      selectorLabels:
        borrowed !== undefined
          ? nothing
          : spec.get('selector', ...(isMapSelector(kind) ? [] : ['matchLabels'])).stringMap(),
      selectorMatchesTemplate:
        borrowed !== undefined
          ? nothing
          : selectorMatchesTemplate(kind, spec, labelsOf(metadata.get('labels'))),
      restartPolicy: orDefault(podSpec.get('restartPolicy').string(), 'Always'),
      terminationGracePeriodSeconds: orDefault(
        podSpec.get('terminationGracePeriodSeconds').number(),
        30,
      ),
      readinessGates: gates.items.length > 0 || gates.isUnknown,
      nodeName: podSpec.get('nodeName').string(),
      hostNetwork: orDefault(podSpec.get('hostNetwork').boolean(), false),
      ...(job === undefined ? {} : { job }),
    },
  };
}

const writtenOnce = oncePerNode(
  (body, kind: WorkloadKind, name: string, namespace: string | undefined, kindAt: Location) =>
    written(body, kind, name, namespace, kindAt, undefined),
  (kind, name, namespace) => JSON.stringify([kind, name, namespace]),
);

function releaseOf({ file: { rendered } }: Cursor): Pick<Workload, 'release'> {
  return rendered?.isNameGuessed === true ? { release: rendered.release } : {};
}

/** The values of a chart that keep it from writing an object of a kind. */
function objectSettings({ file }: Cursor, kind: string): Settings {
  const found = file.map === undefined ? [] : objectOmissions(file.map, file.path, kind);
  return found.length === 0 ? new Map() : new Map([[kind, found]]);
}

function workloadOf(
  scope: Scope,
  object: KubernetesObject,
  kind: WorkloadKind,
  borrowed: Borrowed | undefined,
): WorkloadRecord {
  const { body, name, namespace, kindAt } = object;
  const own =
    borrowed === undefined
      ? writtenOnce(body, kind, name, namespace, kindAt)
      : written(body, kind, name, namespace, kindAt, borrowed);
  const { spec, podSpec, metadata, labels, podComplete } = own;
  const nothing = absent(kindAt);
  // Every ReplicationController may be called one.
  const tool = kind === 'ReplicationController' ? undefined : toolOf(name);
  const workload: Mutable<Workload> = {
    ...resourceOf(object, kind === 'Pod' ? undefined : metadata),
    ...own.fields,
    role: 'stateless',
    replicas: { floor: nothing, ceiling: nothing, setBy: 'default' },
    services: nothingJoined(),
    trafficServices: [],
    podDisruptionBudgets: nothingJoined(),
    autoscalers: nothingJoined(),
    experiments: nothingJoined(),
    otherExperiments: [],
    containers: [],
    containersComplete: podComplete,
    ...releaseOf(podSpec),
    settings: new Map([
      ...settingsOf(spec, ['volumeClaimTemplates', 'strategy']),
      ...settingsOf(podSpec, ['topologySpreadConstraints', 'affinity', 'volumes']),
      ...objectSettings(podSpec, 'PodDisruptionBudget'),
    ]),
    thirdParty: false,
    ...(tool === undefined ? {} : { tool }),
    rollout: { type: nothing, maxUnavailable: nothing, maxSurge: nothing, readyFloor: nothing },
    spread: scope.settings.assume.spread ? byDefault(true, kindAt) : own.spread,
    zoneSpread: scope.settings.assume.spread ? byDefault(true, kindAt) : own.zoneSpread,
    volumes: volumesOf(scope, object, podSpec, spec),
  };
  const containers = containersOf(scope, workload, podSpec);
  workload.containers = containers.map((record) => record.container);
  workload.thirdParty =
    podComplete &&
    workload.containers.length > 0 &&
    workload.containers.every((container) => !container.firstParty);
  return { workload, object, spec, podSpec, labels, containers, podComplete };
}

/**
 * All workloads of a context. A Rollout with a workloadRef has the pod template of the Deployment that it names,
 * which is then no workload of its own.
 */
export function workloadsOf(scope: Scope): Workloads {
  const records: WorkloadRecord[] = [];
  const hidden: HiddenPods[] = [];
  const taken = new Set<KubernetesObject>();
  for (const rollout of scope.ofKind('Rollout')) {
    const target = referenced(scope, rollout);
    if (target !== undefined) taken.add(target);
  }
  for (const kind of WORKLOAD_KINDS)
    for (const object of scope.ofKind(kind)) {
      if (taken.has(object)) continue;
      const borrowed = kind === 'Rollout' ? borrowedBy(scope, object) : undefined;
      if (isHidden(object)) {
        const template = borrowed?.template ?? templateOf(kind, object.body);
        hidden.push({ object, labels: labelsOf(template.get('metadata', 'labels')) });
      } else records.push(workloadOf(scope, object, kind, borrowed));
    }
  return { records, hidden };
}

/** The pod template that a Rollout takes from the workload that it names; undefined when it has its own. */
function borrowedBy(scope: Scope, rollout: KubernetesObject): Borrowed | undefined {
  const reference = rollout.body.get('spec', 'workloadRef');
  if (reference.isAbsent) return undefined;
  const target = referenced(scope, rollout);
  return {
    template:
      target === undefined ? unreadable(rollout, reference) : target.body.get('spec', 'template'),
  };
}

/** A pod template that stands in a file that nobody read. */
function unreadable(object: KubernetesObject, reference: Cursor): Cursor {
  const range = reference.node?.range ?? object.facts.kindRange;
  const why = 'the workload that workloadRef names is not in these files';
  return new Cursor(object.file, { kind: 'unknown', why, range }, range, object.facts.renderedFrom);
}
