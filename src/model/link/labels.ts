/** Labels and selectors, matched as the API server does, with "unknown" where a part cannot be read. */
import type { Cursor } from './cursor.ts';

/** Whether a selector matches labels; `unknown` when a part that decides it cannot be read. */
export type Match = 'yes' | 'no' | 'unknown';

/** Labels of a pod template. */
export interface Labels {
  readonly known: ReadonlyMap<string, string>;
  /** Keys whose values cannot be told. */
  readonly unknown: ReadonlySet<string>;
  /** There may be more labels than these. */
  readonly open: boolean;
  /** Labels that a controller writes on its pods: the values they take, as far as these can be told. */
  readonly runtime: ReadonlyMap<string, RegExp | undefined>;
  /** These are labels of running pods, which may elect a leader and label it. */
  readonly running: boolean;
}

const JOB_LABELS = ['job-name', 'controller-uid'].flatMap((key) => [
  key,
  `batch.kubernetes.io/${key}`,
]);

/** Labels that the controllers of Kubernetes, OpenShift and Argo Rollouts write, by kind. */
const RUNTIME_LABELS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['pod-template-hash']],
  ['ReplicaSet', ['pod-template-hash']],
  ['Rollout', ['rollouts-pod-template-hash', 'role']],
  ['DaemonSet', ['controller-revision-hash', 'pod-template-generation']],
  ['StatefulSet', ['controller-revision-hash', 'apps.kubernetes.io/pod-index']],
  ['Job', JOB_LABELS],
  ['CronJob', JOB_LABELS],
  ['DeploymentConfig', ['deployment']],
]);

const RUNTIME_KEYS: ReadonlySet<string> = new Set([
  ...[...RUNTIME_LABELS.values()].flat(),
  'statefulset.kubernetes.io/pod-name',
  'deploymentconfig',
]);

/**
 * Labels that no template has and running pods get from their controller. A StatefulSet's pod-name label takes the
 * names of its pods (kubernetes.io "StatefulSets", pod name label).
 */
export function runtimeLabelsOf(kind: string, name: string): Labels['runtime'] {
  const labels = new Map<string, RegExp | undefined>();
  for (const key of RUNTIME_LABELS.get(kind) ?? []) labels.set(key, undefined);
  const quoted = name.replace(/[^\w-]/g, '\\$&');
  const own = name === '' ? undefined : new RegExp(`^${quoted}-\\d+$`);
  if (kind === 'StatefulSet') labels.set('statefulset.kubernetes.io/pod-name', own);
  if (kind === 'DeploymentConfig') labels.set('deploymentconfig', new RegExp(`^${quoted}$`));
  return labels;
}

/** True for labels that pods of some kind may get while they run: an index of templates does not find them. */
export function mayComeAtRunTime(key: string): boolean {
  return /role$/i.test(key) || RUNTIME_KEYS.has(key);
}

/** Data stores with a leader label their own pods: `role: primary`, `spilo-role: master`. */
function isElected(key: string, values: readonly string[]): boolean {
  const role =
    /^(?:master|primary|leader|active|replica|secondary|slave|standby|follower|read-?only)$/i;
  return /role$/i.test(key) && values.some((value) => role.test(value));
}

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** A label selector: all its requirements must hold. */
export interface LabelSelector {
  /** Selects nothing at all: an absent selector of most kinds. */
  readonly nothing: boolean;
  readonly equal: ReadonlyMap<string, string>;
  readonly requirements: readonly Requirement[];
  /** Keys that must equal a value that cannot be told. */
  readonly unknown: ReadonlySet<string>;
  /** A part of it could not be read: it may ask for more than this. */
  readonly open: boolean;
}

const EVERYTHING: LabelSelector = {
  nothing: false,
  equal: new Map(),
  requirements: [],
  unknown: new Set(),
  open: false,
};

const NOTHING: LabelSelector = { ...EVERYTHING, nothing: true };

const UNREADABLE: LabelSelector = { ...EVERYTHING, open: true };

/** Labels as they stand in `metadata.labels`; with `runtime`, those of the running pods. */
export function labelsOf(cursor: Cursor, runtime?: Labels['runtime']): Labels {
  const known = new Map<string, string>();
  const unknown = new Set<string>();
  for (const { key, value } of cursor.entries) {
    const text = value.text();
    if (text.state === 'known') known.set(key, text.value);
    else unknown.add(key);
  }
  const { node } = cursor;
  return {
    known,
    unknown,
    open: node !== undefined && node.kind !== 'map',
    runtime: runtime ?? new Map(),
    running: runtime !== undefined,
  };
}

/** A selector that is a plain map of labels (Service, ReplicationController); absent or empty: nothing. */
export function mapSelectorOf(cursor: Cursor): LabelSelector {
  if (cursor.isAbsent) return NOTHING;
  const { known, unknown, open } = labelsOf(cursor);
  const nothing = known.size === 0 && unknown.size === 0 && !open;
  return { nothing, equal: known, requirements: [], unknown, open };
}

/**
 * A `LabelSelector` (matchLabels and matchExpressions).
 * @param empty what `{}` selects: everything, except for policy/v1beta1
 */
export function labelSelectorOf(
  cursor: Cursor,
  empty: 'everything' | 'nothing' = 'everything',
): LabelSelector {
  if (cursor.isAbsent) return NOTHING;
  if (cursor.node?.kind !== 'map') return UNREADABLE;
  const matchLabels = cursor.get('matchLabels');
  const { known, unknown, open } = labelsOf(matchLabels);
  const expressions = expressionsOf(cursor.get('matchExpressions'));
  const isEmpty =
    known.size === 0 && unknown.size === 0 && expressions.requirements.length === 0 && !open;
  if (isEmpty && !expressions.open) return empty === 'everything' ? EVERYTHING : NOTHING;
  return {
    nothing: false,
    equal: known,
    requirements: expressions.requirements,
    unknown,
    open: open || expressions.open,
  };
}

/** A selector of Chaos Mesh: labelSelectors and expressionSelectors side by side; empty selects all. */
export function chaosSelectorOf(selector: Cursor): LabelSelector {
  if (selector.isUnknown) return UNREADABLE;
  const labels = labelsOf(selector.get('labelSelectors'));
  const expressions = expressionsOf(selector.get('expressionSelectors'));
  return {
    nothing: false,
    equal: labels.known,
    requirements: expressions.requirements,
    unknown: labels.unknown,
    open: labels.open || expressions.open,
  };
}

/** A selector as kubectl writes it: `app=orders,tier!=cache`; set-based parts are not read. */
export function textSelectorOf(text: string): LabelSelector {
  const equal = new Map<string, string>();
  const requirements: Requirement[] = [];
  let open = false;
  for (const part of text.split(',')) {
    const found = /^\s*([\w./-]+)\s*(!?=)=?\s*([\w.-]*)\s*$/.exec(part);
    const [, key, operator, value] = found ?? [];
    if (key === undefined || value === undefined) open = true;
    else if (operator === '!=') requirements.push({ key, operator: 'NotIn', values: [value] });
    else equal.set(key, value);
  }
  return { nothing: false, equal, requirements, unknown: new Set(), open };
}

function isOperator(text: string): text is Operator {
  return text === 'In' || text === 'NotIn' || text === 'Exists' || text === 'DoesNotExist';
}

function expressionsOf(cursor: Cursor): {
  readonly requirements: readonly Requirement[];
  readonly open: boolean;
} {
  const requirements: Requirement[] = [];
  let open = cursor.node !== undefined && cursor.node.kind !== 'sequence';
  for (const item of cursor.items) {
    const key = item.get('key').string();
    const operator = item.get('operator').string();
    const values = item.get('values').strings();
    if (
      key.state !== 'known' ||
      operator.state !== 'known' ||
      !isOperator(operator.value) ||
      values.state === 'unknown'
    ) {
      open = true;
      continue;
    }
    const list = values.state === 'known' ? values.value : [];
    requirements.push({ key: key.value, operator: operator.value, values: list });
  }
  return { requirements, open };
}

function and(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes';
}

function holds({ key, operator, values }: Requirement, labels: Labels): Match {
  const value = labels.known.get(key);
  if (value !== undefined) {
    switch (operator) {
      case 'In':
        return values.includes(value) ? 'yes' : 'no';
      case 'NotIn':
        return values.includes(value) ? 'no' : 'yes';
      case 'Exists':
        return 'yes';
      case 'DoesNotExist':
        return 'no';
    }
  }
  if (labels.unknown.has(key)) {
    if (operator === 'Exists') return 'yes';
    return operator === 'DoesNotExist' ? 'no' : 'unknown';
  }
  if (labels.runtime.has(key)) {
    const pattern = labels.runtime.get(key);
    if (operator === 'Exists') return 'yes';
    if (operator === 'DoesNotExist') return 'no';
    if (pattern === undefined) return 'unknown';
    return values.some((value) => pattern.test(value)) === (operator === 'In') ? 'yes' : 'no';
  }
  if (labels.open || (labels.running && isElected(key, values))) return 'unknown';
  return operator === 'In' || operator === 'Exists' ? 'no' : 'yes';
}

/** Matches a selector with labels. A requirement that fails for certain decides, whatever else is unknown. */
export function matches(selector: LabelSelector, labels: Labels): Match {
  if (selector.nothing) return 'no';
  let match: Match = selector.open ? 'unknown' : 'yes';
  for (const [key, value] of selector.equal) {
    match = and(match, holds({ key, operator: 'In', values: [value] }, labels));
    if (match === 'no') return 'no';
  }
  for (const key of selector.unknown) {
    const there =
      labels.known.has(key) || labels.unknown.has(key) || labels.runtime.has(key) || labels.open;
    match = and(match, there ? 'unknown' : 'no');
  }
  for (const requirement of selector.requirements) match = and(match, holds(requirement, labels));
  return match;
}

/** True when nobody can say for certain what the selector asks for. */
export function isUncertain(selector: LabelSelector): boolean {
  return selector.open || selector.unknown.size > 0;
}
