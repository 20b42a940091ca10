/** Which workloads a selector takes, found by an index of their labels. */
import type { NearMiss, Workload } from '../model.ts';
import type { Joined } from '../value.ts';
import { isUncertain, type LabelSelector, matches, mayComeAtRunTime } from './labels.ts';
import { type LabelledCandidate, nearMissOfSelector } from './near.ts';
import { joined } from './resources.ts';
import { meet, type Scope } from './scope.ts';
import type { HiddenPods, WorkloadRecord, Workloads } from './workloads.ts';

/** What a selector takes in one namespace. */
export interface Selection {
  readonly records: readonly WorkloadRecord[];
  /** A workload that may or may not be taken: its labels or the selector cannot be read. */
  readonly perhaps: readonly WorkloadRecord[];
  /** It takes pods that are no workloads (hooks, static pods). */
  readonly hidden: boolean;
}

export interface PodIndex {
  readonly workloads: Workloads;
  select(selector: LabelSelector, namespace: string | undefined): Selection;
  /** All workloads, as near misses are looked for among them. */
  candidates(): readonly WorkloadCandidate[];
}

interface WorkloadCandidate extends LabelledCandidate {
  readonly record: WorkloadRecord;
}

function candidateOf(record: WorkloadRecord): WorkloadCandidate {
  const { workload, labels } = record;
  const { label, name, namespace, nameAt } = workload;
  const written = workload.podLabels;
  const oneLine = written.state === 'known' && written.at.line === written.at.endLine;
  const labelsAt = oneLine ? written.at : nameAt;
  return { record, label, name, namespace, at: nameAt, labels, labelsAt };
}

const pair = (key: string, value: string) => `${key}\n${value}`;

/** Indexes the workloads of one context by label, so that a selector looks at few of them. */
export function indexPods(workloads: Workloads): PodIndex {
  const byLabel = new Map<string, WorkloadRecord[]>();
  const uncertain: WorkloadRecord[] = [];
  for (const record of workloads.records) {
    const { known, unknown, open } = record.labels;
    if (open || unknown.size > 0) {
      uncertain.push(record);
      continue;
    }
    for (const [key, value] of known) {
      const list = byLabel.get(pair(key, value));
      if (list === undefined) byLabel.set(pair(key, value), [record]);
      else list.push(record);
    }
  }
  const few = (selector: LabelSelector): readonly WorkloadRecord[] => {
    let best: readonly WorkloadRecord[] | undefined;
    for (const [key, value] of selector.equal) {
      if (mayComeAtRunTime(key)) continue;
      const list = byLabel.get(pair(key, value)) ?? [];
      if (best === undefined || list.length < best.length) best = list;
    }
    return best === undefined ? workloads.records : [...best, ...uncertain];
  };
  let all: readonly WorkloadCandidate[] | undefined;
  return {
    workloads,
    candidates() {
      all ??= workloads.records.map(candidateOf);
      return all;
    },
    select(selector, namespace) {
      const records: WorkloadRecord[] = [];
      const perhaps: WorkloadRecord[] = [];
      if (selector.nothing) return { records, perhaps, hidden: false };
      for (const record of few(selector)) {
        if (!meet(record.object.namespace, namespace)) continue;
        const match = matches(selector, record.labels);
        if (match === 'yes') records.push(record);
        else if (match === 'unknown') perhaps.push(record);
      }
      const takes = ({ object, labels }: HiddenPods) =>
        meet(object.namespace, namespace) && matches(selector, labels) !== 'no';
      return { records, perhaps, hidden: workloads.hidden.some(takes) };
    },
  };
}

/**
 * The workloads of a selection. It is not complete when the selector or the labels of a workload cannot be read,
 * when it takes pods of hooks, or when pods may exist in the namespace that nobody sees.
 */
export function workloadsJoined(
  scope: Scope,
  selector: LabelSelector,
  selection: Selection,
  namespace: string | undefined,
): Joined<Workload> {
  const items = selection.records.map((record) => record.workload);
  if (selector.nothing) return joined(items, undefined);
  let why: string | undefined;
  if (isUncertain(selector)) why = 'the selector cannot be read';
  const [perhaps] = selection.perhaps;
  if (perhaps !== undefined) why ??= `the labels of ${perhaps.workload.label} cannot be read`;
  if (selection.hidden) why ??= 'it selects the pods of a hook or of a static pod';
  return joined(items, why ?? scope.podsUnseen(namespace));
}

/** The near miss of a selector that takes nothing. */
export function nearMissIn(
  index: PodIndex,
  asker: { readonly kind: string; readonly name: string; readonly namespace: string | undefined },
  selector: LabelSelector,
  isTaken: (record: WorkloadRecord) => boolean,
): NearMiss | undefined {
  if (selector.nothing || isUncertain(selector)) return undefined;
  return nearMissOfSelector(asker, selector, index.candidates(), ({ record }) => isTaken(record));
}
