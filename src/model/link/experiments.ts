/** Chaos Mesh and Litmus experiments, and the workloads that they hit. Shapes: chaos-mesh api/v1alpha1, Litmus ChaosEngine. */
import type { Experiment, Joined, Resource, Workload } from '../model.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import { chaosMeshInjection, litmusInjection } from './injections.ts';
import { chaosSelectorOf, isUncertain, type LabelSelector, textSelectorOf } from './labels.ts';
import { isTypo } from './near.ts';
import type { KubernetesObject } from './objects.ts';
import { joined, type Mutable, resourceOf, smallPlaceOf } from './resources.ts';
import type { Scope } from './scope.ts';
import { nearMissIn, type PodIndex } from './selection.ts';
import type { WorkloadRecord } from './workloads.ts';

const CHAOS_MESH_GROUPS = ['chaos-mesh.org', 'pingcap.com'];
const LITMUS_GROUP = 'litmuschaos.io';

/** Chaos Mesh kinds that do not act on pods. */
const NOT_ON_PODS: ReadonlySet<string> = new Set([
  'AWSChaos',
  'AwsChaos',
  'AzureChaos',
  'GCPChaos',
  'GcpChaos',
  'PhysicalMachineChaos',
]);

/** Actions that happen once, whatever duration says. */
const ONE_SHOT: ReadonlySet<string> = new Set([
  'container-kill',
  'ec2-restart',
  'node-reset',
  'pod-kill',
  'vm-restart',
  // JVMChaos: one garbage collection. PhysicalMachineChaos: one signal.
  'gc',
  'process',
]);

/** Objects that the controllers of Chaos Mesh make for themselves. */
const INTERNAL: ReadonlySet<string> = new Set(['PodHttpChaos', 'PodIOChaos', 'PodNetworkChaos']);

const isChaosKind = (kind: string) => /^[A-Za-z]+Chaos$/.test(kind) && !INTERNAL.has(kind);

/** The victims of one experiment. */
interface Victims {
  readonly targets: Joined<Workload>;
  /** Workloads that may be victims; their own list of experiments is then not complete. */
  readonly perhaps: readonly Workload[];
  readonly nearMiss?: Experiment['nearMiss'];
}

interface ExperimentRecord {
  readonly experiment: Mutable<Experiment>;
  readonly perhaps: readonly Workload[];
}

/** A fault as it stands alone, in a Schedule or in a template of a Workflow. */
interface Fault {
  readonly kind: string;
  /** Its spec. */
  readonly spec: Cursor;
  readonly at: Experiment['at'];
  readonly identity: string;
  readonly duration: Value<string>;
  readonly durationField: Experiment['durationField'];
  readonly scheduled: boolean;
}

/** Values of a list of texts; undefined when one of them cannot be read. */
function textsOf(cursor: Cursor): readonly string[] | undefined {
  const values = cursor.strings();
  if (values.state === 'unknown') return undefined;
  return values.state === 'known' ? values.value : [];
}

/**
 * Joins a selector with the workloads of several namespaces.
 * @param written whether the experiment names the namespaces, or takes its own
 * @param narrowed why the selector takes fewer pods than its labels say, or others
 */
function victimsOf(
  scope: Scope,
  index: PodIndex,
  resource: Resource,
  selector: LabelSelector,
  namespaces: readonly (string | undefined)[],
  written: boolean,
  fits: (record: WorkloadRecord) => boolean,
  narrowed: string | undefined,
): Victims {
  const items = new Set<Workload>();
  const perhaps = new Set<Workload>();
  let why = narrowed;
  if (isUncertain(selector)) why ??= 'the selector cannot be read';
  for (const namespace of namespaces) {
    const selection = index.select(selector, namespace);
    for (const record of selection.records) if (fits(record)) items.add(record.workload);
    for (const record of selection.perhaps) if (fits(record)) perhaps.add(record.workload);
    if (selection.hidden) why ??= 'it selects the pods of a hook or of a static pod';
    why ??= scope.podsUnseen(namespace);
  }
  const [first] = perhaps;
  if (first !== undefined) why ??= `the labels of ${first.label} cannot be read`;
  const [namespace, another] = namespaces;
  // A namespace that is named on purpose and of which nothing is here lives in another repository, unless it is mistyped.
  const elsewhere = written && namespace !== undefined && scope.podsUnseen(namespace) !== undefined;
  const isAway = ({ workload }: WorkloadRecord) =>
    elsewhere &&
    workload.namespace !== undefined &&
    workload.namespace !== namespace &&
    !isTypo(workload.namespace, namespace);
  const miss =
    items.size > 0 || narrowed !== undefined || another !== undefined
      ? undefined
      : nearMissIn(index, { ...resource, namespace }, selector, isAway);
  return {
    targets: joined([...items], why),
    perhaps: narrowed === undefined ? [...perhaps] : [...perhaps, ...items],
    ...(miss === undefined ? {} : { nearMiss: miss }),
  };
}

/** Selector fields of Chaos Mesh that pick out pods of a namespace. */
const PICKING_SELECTORS = [
  'annotationSelectors',
  'expressionSelectors',
  'fieldSelectors',
  'labelSelectors',
  'nodes',
  'nodeSelectors',
  'physicalMachines',
  'pods',
];

/** Selector fields of Chaos Mesh that link does not resolve. */
const OTHER_SELECTORS = [
  'annotationSelectors',
  'fieldSelectors',
  'nodes',
  'nodeSelectors',
  'podPhaseSelectors',
  'physicalMachines',
];

/** `app=orders in namespace shop`: what a selector asks for. */
function described(what: readonly string[], namespaces: readonly (string | undefined)[]): string {
  const known = namespaces.filter((namespace) => namespace !== undefined);
  const where =
    known.length === 0 ? '' : ` in namespace${known.length > 1 ? 's' : ''} ${known.join(', ')}`;
  return `${what.length === 0 ? 'all pods' : what.join(', ')}${where}`;
}

/** The parts of a Chaos Mesh selector, as a person would say them. */
function chaosMeshSelects(selector: Cursor, own: string | undefined): string {
  const pods = selector.get('pods');
  if (pods.entries.length > 0) {
    const names = pods.entries.flatMap(({ value }) => textsOf(value) ?? []);
    return described(
      names.map((name) => `pod ${name}`),
      pods.entries.map(({ key }) => key),
    );
  }
  const { equal, requirements } = chaosSelectorOf(selector);
  const namespaces = textsOf(selector.get('namespaces'));
  return described(
    [
      ...[...equal].map(([key, value]) => `${key}=${value}`),
      ...requirements.map(({ key, operator, values }) =>
        [key, operator, ...(values.length === 0 ? [] : [`(${values.join(', ')})`])].join(' '),
      ),
    ],
    namespaces?.length ? namespaces : [own],
  );
}

/** Pods by name: a pod of a workload is named `<workload>-...`, a Pod by its own name. */
function namedPods(
  scope: Scope,
  index: PodIndex,
  pods: Cursor,
): Pick<Victims, 'targets' | 'perhaps'> {
  const items = new Set<Workload>();
  let why: string | undefined;
  for (const { key: namespace, value } of pods.entries) {
    const names = textsOf(value);
    if (names === undefined) why = 'the pod names cannot be read';
    for (const { workload } of index.workloads.records) {
      if (workload.namespace !== undefined && workload.namespace !== namespace) continue;
      const owns = (pod: string) =>
        workload.kind === 'Pod' ? pod === workload.name : pod.startsWith(`${workload.name}-`);
      if (names?.some(owns)) items.add(workload);
    }
    why ??= scope.podsUnseen(namespace);
  }
  return { targets: joined([...items], why), perhaps: [] };
}

function chaosMeshVictims(
  scope: Scope,
  index: PodIndex,
  object: KubernetesObject,
  resource: Resource,
  fault: Fault,
): Victims {
  const cursor = fault.spec.get('selector');
  if (NOT_ON_PODS.has(fault.kind))
    return { targets: joined([], `${fault.kind} does not act on pods`), perhaps: [] };
  if (!fault.spec.get('remoteCluster').isAbsent)
    return { targets: joined([], 'it acts on a remote cluster'), perhaps: [] };
  const pods = cursor.get('pods');
  if (pods.entries.length > 0) return namedPods(scope, index, pods);

  const namespaces = textsOf(cursor.get('namespaces'));
  const other = OTHER_SELECTORS.find((field) => !cursor.get(field).isAbsent);
  const narrowed =
    cursor.isAbsent || cursor.isUnknown
      ? 'the selector cannot be read'
      : namespaces === undefined
        ? 'the namespaces cannot be read'
        : other === undefined
          ? undefined
          : `${other} narrows what it selects`;
  const written = namespaces !== undefined && namespaces.length > 0;
  const wanted = written ? namespaces : [object.namespace];
  const labels = chaosSelectorOf(cursor);
  return victimsOf(scope, index, resource, labels, wanted, written, () => true, narrowed);
}

function chaosMeshExperiment(
  scope: Scope,
  index: PodIndex,
  object: KubernetesObject,
  resource: Resource,
  fault: Fault,
): ExperimentRecord {
  const { spec, kind } = fault;
  const selector = spec.get('selector');
  const action = spec.get('action').text();
  const mode = spec.get('mode').text();
  const actionText = action.state === 'known' ? action.value : '';
  const alone = fault.identity === object.identity;
  const hasLabels = PICKING_SELECTORS.some((field) => {
    const { node } = selector.get(field);
    return (
      node?.kind === 'unknown' ||
      (node?.kind === 'map' && node.entries.length > 0) ||
      (node?.kind === 'sequence' && node.items.length > 0)
    );
  });
  const victims = chaosMeshVictims(scope, index, object, resource, fault);
  const { targets, nearMiss } = victims;
  const other = spec.get('target');
  const peer =
    kind === 'NetworkChaos' && !other.get('selector').isAbsent && spec.get('remoteCluster').isAbsent
      ? chaosMeshVictims(scope, index, object, resource, { ...fault, spec: other })
      : undefined;
  return {
    // Whether the other end feels it depends on the direction.
    perhaps: [
      ...victims.perhaps,
      ...(peer === undefined ? [] : [...peer.perhaps, ...peer.targets.items]),
    ],
    experiment: {
      context: resource.context,
      identity: fault.identity,
      label: alone
        ? resource.label
        : `${[kind, actionText].filter((word) => word !== '').join(' ')} of ${resource.label}`,
      at: fault.at,
      annotations: resource.annotations,
      framework: 'Chaos Mesh',
      resource,
      faultKind: kind,
      action: actionText,
      mode: mode.state === 'known' ? mode.value : '',
      actsOnPods: !NOT_ON_PODS.has(kind),
      hasLabelSelector: hasLabels,
      selects: chaosMeshSelects(selector, object.namespace),
      duration: fault.duration,
      durationField: fault.durationField,
      durationBound: action.state !== 'unknown' && !ONE_SHOT.has(actionText),
      targets,
      selectorAt: selector.isAbsent ? fault.at : selector.keyAt,
      ...(nearMiss === undefined ? {} : { nearMiss }),
      ...(peer === undefined
        ? {}
        : {
            peer: {
              selects: chaosMeshSelects(other.get('selector'), object.namespace),
              targets: peer.targets,
              selectorAt: other.get('selector').keyAt,
              ...(peer.nearMiss === undefined ? {} : { nearMiss: peer.nearMiss }),
            },
          }),
      injection: chaosMeshInjection(kind, spec, fault.duration, fault.at),
      scheduled: fault.scheduled,
    },
  };
}

/** The embedded spec of a fault: Schedule and Workflow name it `podChaos`, `ioChaos`, `physicalmachineChaos`. */
function embedded(holder: Cursor, kind: string): Cursor {
  const entry = holder.entries.find(({ key }) => key.toLowerCase() === kind.toLowerCase());
  return entry === undefined ? holder.get(kind) : holder.get(entry.key);
}

/**
 * The faults of a Schedule-like map: `type` and the spec of that kind.
 * @param template the deadline and the regularity of the Workflow that holds it
 */
function scheduledFaults(
  holder: Cursor,
  identity: string,
  template?: { readonly deadline: Value<string>; readonly scheduled: boolean },
): readonly Fault[] {
  const type = holder.get('type').text();
  if (type.state !== 'known') return [];
  if (type.value === 'Workflow')
    return workflowFaults(embedded(holder, 'workflow'), identity, true);
  const spec = embedded(holder, type.value);
  const own = spec.get('duration').text();
  const outer = template?.deadline;
  const bounded = own.state === 'absent' && outer !== undefined && outer.state !== 'absent';
  return [
    {
      kind: type.value,
      spec,
      at: type.at,
      identity,
      duration: bounded ? outer : own,
      durationField: 'duration',
      scheduled: template?.scheduled ?? true,
    },
  ];
}

/** The deadline of a template or, when it has none, of a template that runs it: the end of that one ends it too. */
function deadlineOf(template: Cursor, templates: readonly Cursor[]): Value<string> {
  const own = template.get('deadline').text();
  const seen = new Set([template]);
  const waiting = [template];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const deadline = next.get('deadline').text();
    if (deadline.state !== 'absent') return deadline;
    const name = next.get('name').text();
    if (name.state !== 'known') continue;
    for (const other of templates) {
      const children = textsOf(other.get('children'));
      const branches = other
        .get('conditionalBranches')
        .items.map((branch) => branch.get('target').text());
      const runs =
        children?.includes(name.value) !== false ||
        branches.some((target) => target.state === 'known' && target.value === name.value);
      if (!runs || seen.has(other)) continue;
      seen.add(other);
      waiting.push(other);
    }
  }
  return own;
}

/** The faults of a Workflow: one per template that runs one. The template's deadline bounds it as a duration does. */
function workflowFaults(workflow: Cursor, identity: string, scheduled: boolean): readonly Fault[] {
  const templates = workflow.get('templates').items;
  return templates.flatMap((template): readonly Fault[] => {
    const named = template.get('name');
    const name = named.text();
    const type = template.get('templateType').text();
    if (type.state !== 'known') return [];
    const own = `${identity}#${name.state === 'known' ? name.value : ''}`;
    const cursor = named.node === undefined ? template : template.anchoredAt(named.node.range);
    const deadline = deadlineOf(template, templates);
    if (type.value === 'Schedule')
      return scheduledFaults(cursor.get('schedule'), own, { deadline, scheduled });
    if (!isChaosKind(type.value)) return [];
    const spec = embedded(cursor, type.value);
    const inner = spec.get('duration').text();
    const duration = inner.state === 'absent' ? deadline : inner;
    const at = name.state === 'known' ? name.at : type.at;
    return [
      {
        kind: type.value,
        spec,
        at,
        identity: own,
        duration: duration.state === 'absent' ? { state: 'absent', at } : duration,
        durationField: 'deadline',
        scheduled,
      },
    ];
  });
}

function chaosMeshFaults(object: KubernetesObject): readonly Fault[] {
  const spec = object.body.get('spec');
  const { identity } = object;
  if (object.kind === 'Schedule') return scheduledFaults(spec, identity);
  if (object.kind === 'Workflow') return workflowFaults(spec, identity, false);
  if (!isChaosKind(object.kind)) return [];
  const duration = spec.get('duration').text();
  // Before 2.0 an experiment carried its own cron expression.
  const scheduled = !spec.get('scheduler', 'cron').isAbsent;
  return [
    {
      kind: object.kind,
      spec,
      at: object.kindAt,
      identity,
      duration,
      durationField: 'duration',
      scheduled,
    },
  ];
}

/** The faults of a ChaosEngine; the ChaosExperiment that it names gives each a default duration. */
function litmusExperiments(
  scope: Scope,
  index: PodIndex,
  object: KubernetesObject,
): readonly ExperimentRecord[] {
  const resource = resourceOf(object);
  const regular = object.kind === 'ChaosSchedule';
  const outer = object.body.get('spec');
  const spec = regular ? outer.get('engineTemplateSpec') : outer;
  const info = spec.get('appinfo');
  const label = info.get('applabel');
  const text = label.text();
  const appKind = info.get('appkind').text();
  const own = info.get('appns').text();
  const written = own.state === 'known' && own.value !== '';
  const namespace = written ? own.value : object.namespace;
  const named = text.state === 'known' && text.value !== '';
  const selector = textSelectorOf(named ? text.value : '');
  const fits = ({ workload }: WorkloadRecord) =>
    appKind.state !== 'known' ||
    appKind.value === '' ||
    workload.kind.toLowerCase() === appKind.value.toLowerCase();
  return spec.get('experiments').items.flatMap((item): readonly ExperimentRecord[] => {
    const name = item.get('name').text();
    if (name.state !== 'known') return [];
    const narrowed = name.value.startsWith('node-')
      ? 'it acts on nodes'
      : !named
        ? text.state === 'unknown'
          ? 'the label cannot be read'
          : 'it names no label'
        : own.state === 'unknown' || appKind.state === 'unknown'
          ? 'appinfo cannot be read'
          : undefined;
    const victims = named
      ? victimsOf(scope, index, resource, selector, [namespace], written, fits, narrowed)
      : { targets: joined<Workload>([], narrowed), perhaps: [] };
    const variables = new Map(
      item.get('spec', 'components', 'env').items.flatMap((variable) => {
        const key = variable.get('name').text();
        return key.state === 'known' ? [[key.value, variable.get('value').text()] as const] : [];
      }),
    );
    const duration = variables.get('TOTAL_CHAOS_DURATION');
    const { targets, perhaps } = victims;
    const nearMiss = 'nearMiss' in victims ? victims.nearMiss : undefined;
    return [
      {
        perhaps,
        experiment: {
          context: resource.context,
          identity: `${object.identity}#${name.value}`,
          label: `${name.value} of ${resource.label}`,
          at: name.at,
          annotations: resource.annotations,
          framework: 'Litmus',
          resource,
          faultKind: name.value,
          action: '',
          mode: '',
          actsOnPods: !name.value.startsWith('node-'),
          hasLabelSelector: named || text.state === 'unknown',
          selects: described(
            [
              appKind.state === 'known' && appKind.value !== ''
                ? `${appKind.value} with ${named ? text.value : 'any label'}`
                : named
                  ? text.value
                  : 'pods with any label',
            ],
            [namespace],
          ),
          duration: duration ?? { state: 'absent', at: name.at },
          durationField: 'duration',
          durationBound: false,
          targets,
          selectorAt: label.isAbsent ? name.at : smallPlaceOf(label),
          ...(nearMiss === undefined ? {} : { nearMiss }),
          injection: litmusInjection(name.value, variables, name.at),
          scheduled: regular,
        },
      },
    ];
  });
}

/**
 * Joins experiments and workloads both ways. Workload to experiments is not complete when an experiment stands in
 * something unread, or may hit the workload by a selector that link does not resolve.
 */
export function experimentsOf(scope: Scope, index: PodIndex): readonly Experiment[] {
  const records: ExperimentRecord[] = [];
  for (const group of CHAOS_MESH_GROUPS)
    for (const object of scope.ofGroup(group)) {
      const resource = resourceOf(object);
      for (const fault of chaosMeshFaults(object))
        records.push(chaosMeshExperiment(scope, index, object, resource, fault));
    }
  for (const object of scope.ofGroup(LITMUS_GROUP))
    if (object.kind === 'ChaosEngine' || object.kind === 'ChaosSchedule')
      records.push(...litmusExperiments(scope, index, object));

  const hitBy = new Map<Workload, Experiment[]>();
  const unsure = new Map<Workload, string>();
  for (const { experiment, perhaps } of records) {
    for (const workload of experiment.targets.items) {
      const list = hitBy.get(workload);
      if (list === undefined) hitBy.set(workload, [experiment]);
      else list.push(experiment);
    }
    for (const workload of perhaps) unsure.set(workload, `${experiment.label} may hit it`);
  }
  const vague = records.find(({ experiment }) => {
    const { items, complete } = experiment.targets;
    return !complete && items.length === 0 && experiment.actsOnPods;
  });
  const unread =
    scope.unread('Schedule', 'ChaosEngine', 'ChaosSchedule', 'Workflow') ??
    scope.unread('PodChaos', 'NetworkChaos', 'IOChaos', 'StressChaos', 'HTTPChaos', 'DNSChaos') ??
    (vague && `${vague.experiment.label} may hit it`);
  for (const { workload } of index.workloads.records)
    workload.experiments = joined(hitBy.get(workload) ?? [], unread ?? unsure.get(workload));
  return records.map((record) => record.experiment);
}

/**
 * What one context alone cannot say of a workload: experiments that hit the same one in another context (tests run in
 * staging), those that may hit it from there, and those that hit other workloads.
 */
export function joinExperimentsAcross(
  workloads: readonly Mutable<Workload>[],
  experiments: readonly Experiment[],
): void {
  const onPods = experiments.filter((experiment) => experiment.actsOnPods);
  const vague = onPods.filter(({ targets }) => !targets.complete && targets.items.length === 0);
  const same = new Map<string, Mutable<Workload>[]>();
  for (const workload of workloads) {
    const key = `${workload.kind}/${workload.name}`;
    const list = same.get(key);
    if (list === undefined) same.set(key, [workload]);
    else list.push(workload);
  }
  for (const group of same.values()) {
    const items = new Set(group.flatMap((workload) => workload.experiments.items));
    const unsure = group.find((workload) => !workload.experiments.complete)?.experiments.why;
    const others =
      items.size === 0 ? onPods : onPods.filter((experiment) => !items.has(experiment));
    for (const workload of group) {
      const away = vague.find(({ context }) => context !== workload.context);
      const why = unsure ?? (away && `${away.label} may hit it`);
      workload.experiments = joined([...items], why);
      workload.otherExperiments = others;
    }
  }
}
