/** What a prediction looks things up in: who asks whom, and with which bounds and tries. */
import type { Location } from '../../location.ts';
import type { Reason, Thresholds } from '../../prediction.ts';
import type { Attempts, Bound, Bounds, Call, CallPath, Phase } from '../code.ts';
import { boundOf, isWork } from '../derive/callers.ts';
import type { Model, Workload } from '../model.ts';
import type { EdgePolicy, GraphEdge } from '../service-graph.ts';
import type { DeployedProgram } from '../together.ts';
import type { Value } from '../value.ts';
import type { Together } from '../whole.ts';

export interface World {
  readonly model: Model;
  readonly programsOf: (workload: Workload) => readonly DeployedProgram[];
  /** Ways on which others ask a workload. */
  readonly incoming: (workload: Workload) => readonly Crossing[];
  /** Ways on which a workload asks others. */
  readonly outgoing: (workload: Workload) => Outgoing;
  readonly thresholds: Thresholds;
}

/** What a workload asks. Not complete: code that is not known runs in it, or ways that are not known lead to a call. */
export interface Outgoing {
  readonly ways: readonly Crossing[];
  readonly complete: boolean;
}

/** One way on which requests go from one place to another. */
export interface Crossing {
  /** `axios.get of Deployment orders`. */
  readonly label: string;
  readonly at: Location;
  readonly from: string;
  readonly fromWorkload?: Workload;
  readonly to?: Workload;
  readonly host?: string;
  /** What asks: `GET /orders`. Absent: it is not known that a request waits for it. */
  readonly work?: string;
  readonly call?: Call;
  /** What ends the waiting for one try, in milliseconds. */
  readonly ends: Value<number>;
  /** The same, when the peer is alive and only slow. */
  readonly endsWhenSlow: Value<number>;
  readonly tries: Value<number>;
  /** Something on the way may answer instead: a catch, a breaker. */
  readonly answersInstead: boolean;
  readonly about: readonly string[];
}

const NEVER = Number.POSITIVE_INFINITY;

/** The worst case of several phases one after the other; a bound over all of them goes before. */
function endOf(
  bounds: Bounds,
  at: Location,
  phases: readonly Phase[],
  silent: boolean,
): Value<number> {
  const worth = (bound: Bound | undefined): Value<number> | undefined => {
    if (bound === undefined) return undefined;
    if (silent && bound.enforcedBy === 'server') return { state: 'known', value: NEVER, at };
    const { ms, atMost } = bound;
    if (ms.state === 'known') return { state: 'known', value: ms.value, at: ms.at };
    if (ms.state === 'absent') return { state: 'known', value: NEVER, at: ms.at };
    if (atMost !== undefined) return { state: 'known', value: atMost, at: ms.at };
    return { state: 'unknown', why: ms.why, at: ms.at };
  };
  const whole = [boundOf(bounds, 'total'), boundOf(bounds, 'release')].flatMap(
    (bound) => worth(bound) ?? [],
  );
  let sum: Value<number> = { state: 'known', value: 0, at };
  for (const phase of phases) {
    const next = worth(boundOf(bounds, phase));
    if (next === undefined || sum.state !== 'known') continue;
    if (next.state === 'known') sum = { ...next, value: sum.value + next.value };
    else sum = next;
  }
  const hides = [...whole, sum].find((one) => one.state === 'unknown');
  const least = [...whole, sum].flatMap((one) => (one.state === 'known' ? [one] : []));
  const [best] = least.sort((a, b) => a.value - b.value);
  // What is unknown may end it earlier, never later.
  if (best !== undefined && (best.value < NEVER || hides === undefined)) return best;
  return hides ?? { state: 'known', value: NEVER, at };
}

function triesOf(attempts: Attempts, policy: EdgePolicy | undefined): Value<number> {
  const own = attempts.max;
  const ours: Value<number> =
    own.state === 'absent' ? { state: 'known', value: 1, at: own.at } : own;
  if (policy === undefined) return ours;
  const theirs: Value<number> =
    policy.tries.state === 'absent' ? { state: 'known', value: 1, at: policy.at } : policy.tries;
  if (ours.state === 'known' && theirs.state === 'known')
    return { ...ours, value: ours.value * theirs.value };
  const more = [ours, theirs].find((one) => one.state === 'known' && one.value > 1);
  return more ?? (ours.state === 'known' ? theirs : ours);
}

/** The earlier of two ends. */
function sooner(a: Value<number>, policy: EdgePolicy | undefined): Value<number> {
  if (policy === undefined) return a;
  const b = policy.perTryTimeout.state === 'absent' ? policy.timeout : policy.perTryTimeout;
  if (b.state === 'unknown') return a.state === 'known' && a.value < NEVER ? a : b;
  if (b.state === 'absent') return a;
  return a.state === 'known' && a.value <= b.value ? a : b;
}

interface Asking {
  readonly label: string;
  readonly at: Location;
  readonly from: string;
  readonly fromWorkload?: Workload;
  readonly to?: Workload;
  readonly host?: string;
  readonly policy?: EdgePolicy;
  readonly about: readonly string[];
}

function crossing(
  asking: Asking,
  bounds: Bounds,
  attempts: Attempts,
  more: { readonly call?: Call; readonly path?: CallPath },
): Crossing {
  const { policy, ...rest } = asking;
  const { call, path } = more;
  const guarded = path?.guards ?? [];
  return {
    ...rest,
    ...(call === undefined ? {} : { call }),
    ...(path?.waited && isWork(path) ? { work: path.from.label } : {}),
    ends: sooner(endOf(bounds, asking.at, ['acquire', 'connect', 'headers'], true), policy),
    endsWhenSlow: sooner(endOf(bounds, asking.at, ['acquire', 'headers', 'idle'], false), policy),
    tries: triesOf(attempts, policy),
    answersInstead: guarded.some(({ kind }) => kind === 'catch' || kind === 'breaker'),
  };
}

/** Every way to a call that somebody waits for; the call itself when nobody knows who leads there. */
function waysOf(asking: Asking, call: Call): readonly Crossing[] {
  const ways = call.paths.filter((path) => path.complete);
  if (ways.length === 0) return [crossing(asking, call.bounds, call.attempts, { call })];
  return ways.map((path) => crossing(asking, path.bounds, path.attempts, { call, path }));
}

const aboutOf = ({ identity, client }: Call) => [
  identity,
  ...(client === undefined ? [] : [client.identity]),
];

const leaves = (call: Call) => !call.local && !call.waits;

function outgoingOf(
  workload: Workload,
  programs: readonly DeployedProgram[],
  edges: readonly GraphEdge[],
): Outgoing {
  const ways: Crossing[] = [];
  let complete = programs.length === workload.containers.length && workload.containersComplete;
  const edgeOf = new Map<Call, GraphEdge>();
  for (const edge of edges)
    for (const { call } of edge.calls)
      for (const one of 'verb' in call ? [call] : call.calls) edgeOf.set(one, edge);
  for (const program of programs) {
    if (!program.servers.complete && !program.consumers.complete) complete = false;
    for (const call of program.application.calls.filter(leaves)) {
      const edge = edgeOf.get(call);
      const to = edge?.to.is === 'workload' ? edge.to.workload : undefined;
      if (call.truncated || call.paths.some((path) => !path.complete)) complete = false;
      ways.push(
        ...waysOf(
          {
            label: `${call.label} of ${workload.label}`,
            at: call.at,
            from: workload.label,
            fromWorkload: workload,
            ...(to === undefined ? {} : { to }),
            ...(edge?.to.is === 'outside' ? { host: edge.to.host } : {}),
            ...(edge?.policy === undefined ? {} : { policy: edge.policy }),
            about: aboutOf(call),
          },
          call,
        ),
      );
    }
  }
  return { ways, complete };
}

function incomingOf(workload: Workload, edges: readonly GraphEdge[]): readonly Crossing[] {
  return edges.flatMap((edge): readonly Crossing[] => {
    const { from, calls, policy, evidence } = edge;
    const source = from.is === 'workload' ? { fromWorkload: from.workload } : {};
    if (calls.length === 0) {
      const [first] = evidence;
      if (first === undefined) return [];
      const nobody = (why: string): Value<number> => ({ state: 'unknown', why, at: first.at });
      const none = nobody(`the calls of ${from.label} are not known`);
      return [
        {
          label: from.label,
          at: first.at,
          from: from.label,
          ...source,
          to: workload,
          ends: sooner(none, policy),
          endsWhenSlow: sooner(none, policy),
          tries: policy === undefined ? none : policy.tries,
          answersInstead: false,
          about: [],
        },
      ];
    }
    return calls.flatMap(({ call, bounds, attempts }) => {
      const asking = {
        label: `${call.label} of ${from.label}`,
        at: call.at,
        from: from.label,
        ...source,
        to: workload,
        ...(policy === undefined ? {} : { policy }),
        about: 'verb' in call ? aboutOf(call) : [call.identity],
      };
      // A call whose ways are known is judged on each of them; the edge knows the values of its container.
      const own = ('verb' in call ? [call] : call.calls).filter(leaves);
      if (own.length > 0 && own.every(({ paths }) => paths.some(({ complete }) => complete)))
        return own.flatMap((one) =>
          waysOf(
            { ...asking, label: `${one.label} of ${from.label}`, at: one.at, about: aboutOf(one) },
            one,
          ),
        );
      return [crossing(asking, bounds, attempts, {})];
    });
  });
}

/** All that predictions of a run look up. */
export function worldOf(
  model: Model,
  together: Together | undefined,
  thresholds: Thresholds,
): World {
  const programs = new Map<Workload, DeployedProgram[]>();
  for (const program of together?.programs ?? []) {
    const { workload } = program.container;
    const known = programs.get(workload);
    if (known === undefined) programs.set(workload, [program]);
    else known.push(program);
  }
  const into = new Map<Workload, GraphEdge[]>();
  const outOf = new Map<Workload, GraphEdge[]>();
  const put = (map: Map<Workload, GraphEdge[]>, workload: Workload, edge: GraphEdge) => {
    const known = map.get(workload);
    if (known === undefined) map.set(workload, [edge]);
    else known.push(edge);
  };
  for (const edge of together?.graph.edges ?? []) {
    if (edge.to.is === 'workload') put(into, edge.to.workload, edge);
    if (edge.from.is === 'workload') put(outOf, edge.from.workload, edge);
  }
  const programsOf = (workload: Workload) => programs.get(workload) ?? [];
  const memo = new Map<Workload, Outgoing>();
  return {
    model,
    thresholds,
    programsOf,
    incoming: (workload) => incomingOf(workload, into.get(workload) ?? []),
    outgoing(workload) {
      const known = memo.get(workload);
      if (known !== undefined) return known;
      const found = outgoingOf(workload, programsOf(workload), outOf.get(workload) ?? []);
      memo.set(workload, found);
      return found;
    },
  };
}

/** Shorthand for the conditions of a prediction. */
export type Condition = Omit<Reason, 'state' | 'fix' | 'about'> &
  Partial<Pick<Reason, 'fix' | 'about'>>;

export const holds = (condition: Condition): Reason => ({
  fix: '',
  about: [],
  ...condition,
  state: 'holds',
});
export const broken = (condition: Condition): Reason => ({
  fix: '',
  about: [],
  ...condition,
  state: 'broken',
});
export const unsure = (condition: Condition): Reason => ({
  fix: '',
  about: [],
  ...condition,
  state: 'unknown',
});

/** `250 ms`, `30 s`; for ever. */
export function lasting(milliseconds: number): string {
  if (milliseconds === Number.POSITIVE_INFINITY) return 'for ever';
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${Math.round(milliseconds / 100) / 10} s`;
}
