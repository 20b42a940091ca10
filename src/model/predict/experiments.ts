/** What the experiments of a repository will show. */
import type { ExperimentPrediction, Injection, Judgement, Reason } from '../../prediction.ts';
import type { Experiment, Workload } from '../model.ts';
import { judge, judged } from './predict.ts';
import { lasting, unsure, type World } from './world.ts';

const named = (workloads: readonly Workload[]) => workloads.map(({ label }) => label);

function listed(names: readonly string[]): string {
  if (names.length < 3) return names.join(' and ');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function podsOf({ share }: Injection): string {
  switch (share?.of) {
    case 'all':
      return 'all pods';
    case 'pods':
      return share.count === 1 ? 'one pod' : `${share.count} pods`;
    case 'percent':
      return `${share.percent} % of the pods`;
    case undefined:
      return 'some pods';
  }
}

/** What happens, with the place where `of` stands filled in. */
function deedOf(injection: Injection, of: string, peers: string | undefined): string {
  const { fault, milliseconds, percent, direction, volumePath, port } = injection;
  const pods = `${podsOf(injection)} of ${of}`;
  const time = milliseconds === undefined ? '' : ` by ${lasting(milliseconds)}`;
  const outside = injection.externalTargets?.join(', ');
  const other = peers ?? outside;
  const line =
    other === undefined
      ? `what leaves ${pods}`
      : direction === 'from'
        ? `what ${other} sends to ${pods}`
        : direction === 'both'
          ? `what ${pods} and ${other} send each other`
          : `what ${pods} sends to ${other}`;
  if (fault === undefined) return `acts on ${of}`;
  switch (fault) {
    case 'pod-kill':
      return `deletes ${pods} without grace`;
    case 'pod-kill-with-grace':
      return `deletes ${pods}${injection.graceSeconds === undefined ? ' with their grace period' : ` with ${injection.graceSeconds} s of grace`}`;
    case 'pod-failure':
      return `swaps the image of ${pods} for one that does nothing`;
    case 'container-kill':
      return `kills containers of ${pods} with SIGKILL`;
    case 'network-delay':
      return `delays ${line}${time}`;
    case 'network-loss':
      return `loses ${percent ?? 'some'} % of ${line}`;
    case 'network-partition':
      return `drops ${line}`;
    case 'network-bandwidth':
      return `slows down ${line}`;
    case 'dns-error':
      return `lets look-ups of ${pods} fail`;
    case 'http-abort':
      return `answers requests to ${port === undefined ? '' : `port ${port} of `}${pods} with errors`;
    case 'http-delay':
      return `delays answers of ${port === undefined ? '' : `port ${port} of `}${pods}${time}`;
    case 'io-latency':
      return `delays each operation on ${volumePath ?? 'a volume'} of ${pods}${time}`;
    case 'io-fault':
      return `lets operations on ${volumePath ?? 'a volume'} of ${pods} fail`;
    case 'cpu-stress':
      return `takes processor time from ${pods}`;
    case 'memory-stress':
      return `takes memory from ${pods}`;
    case 'node-drain':
      return `drains the node of ${of}`;
    case 'node-failure':
      return `takes the node of ${of} away`;
    case 'zone-failure':
      return `takes the zone of ${of} away`;
  }
}

const LENGTHLESS: ReadonlySet<string> = new Set([
  'pod-kill',
  'pod-kill-with-grace',
  'container-kill',
  'node-drain',
]);

function injectsOf(experiment: Experiment, peers: readonly Workload[] | undefined): string {
  const { injection, targets, selects } = experiment;
  const of = targets.items.length > 0 ? listed(named(targets.items)) : selects;
  const deed = deedOf(injection, of, peers && (listed(named(peers)) || experiment.peer?.selects));
  const { lasts, fault } = injection;
  const ends =
    lasts === undefined || (fault !== undefined && LENGTHLESS.has(fault))
      ? ''
      : lasts === Number.POSITIVE_INFINITY
        ? ' until somebody ends it'
        : ` for ${lasting(lasts)}`;
  return deed + ends;
}

function verdictOf(experiment: Experiment, world: World): Judgement {
  const { injection, targets, actsOnPods, selects, peer, label } = experiment;
  const nothing = (why: string): Judgement => ({ verdict: 'not applicable', reasons: [], why });
  if (injection.refused !== undefined) return nothing(injection.refused);
  if (injection.fault === undefined)
    return {
      verdict: actsOnPods ? 'cannot tell' : 'not applicable',
      reasons: [],
      why: injection.why ?? 'the fault is not known',
    };
  if (targets.items.length === 0)
    return targets.complete
      ? nothing(`it selects nothing (${selects})`)
      : {
          verdict: 'cannot tell',
          reasons: [],
          why: `whom it hits is not known: ${targets.why ?? selects}`,
        };
  if (peer?.targets.complete === true && peer.targets.items.length === 0)
    return nothing(`its target selects nothing (${peer.selects})`);
  const several = targets.items.length > 1 && injection.share?.of === 'percent';
  const { share: _, ...rest } = injection;
  const each = targets.items.map((workload) =>
    judge(workload, several ? rest : injection, peer?.targets.items, world),
  );
  const reasons: Reason[] = each.flatMap((one) => one.reasons);
  const vague = [targets, ...(peer === undefined ? [] : [peer.targets])].find(
    ({ complete }) => !complete,
  );
  if (vague !== undefined)
    reasons.push(
      unsure({
        property: 'untested',
        runbook: 'prevention-1-regular-testing',
        at: experiment.selectorAt,
        says: `${label} may hit more, or others: ${vague.why ?? 'its selector'}`,
      }),
    );
  const all = judged(reasons);
  const [first] = each;
  const spared = targets.items[each.findIndex(({ verdict }) => verdict !== 'fails')];
  // A part of the pods of several workloads: whose pods it takes is drawn at random.
  if (
    all.verdict === 'fails' &&
    targets.items.length > 1 &&
    injection.share?.of !== 'all' &&
    spared !== undefined
  )
    return {
      ...all,
      verdict: 'cannot tell',
      why: `it takes ${podsOf(injection)} of all that it selects: ${spared.label} may be the one, and is not known to fail`,
    };
  if (each.every(({ verdict }) => verdict === 'not applicable')) return first ?? all;
  const unknown = each.find(({ verdict, why }) => verdict === 'cannot tell' && why !== undefined);
  if (unknown !== undefined && all.verdict !== 'fails')
    return { ...all, verdict: 'cannot tell', ...(unknown.why ? { why: unknown.why } : {}) };
  return all;
}

/** Who feels it besides the victims. */
function feelsOf({ injection, targets, peer }: Experiment, world: World): readonly string[] {
  const hit = new Set(named(targets.items));
  const found = new Set<string>();
  for (const workload of targets.items) {
    if (peer !== undefined) for (const label of named(peer.targets.items)) found.add(label);
    else if (injection.externalTargets === undefined && injection.fault !== 'dns-error')
      for (const { from } of world.incoming(workload)) found.add(from);
  }
  return [...found].filter((label) => !hit.has(label));
}

export function experimentPrediction(experiment: Experiment, world: World): ExperimentPrediction {
  const { label, identity, context, at, injection, targets, peer } = experiment;
  return {
    label,
    identity,
    context: context.name,
    at,
    injects: injectsOf(experiment, peer?.targets.items),
    injection,
    victims: named(targets.items),
    feels: feelsOf(experiment, world),
    ...verdictOf(experiment, world),
  };
}
