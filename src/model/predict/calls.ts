/** Faults that act on calls: they come late, go nowhere, or are answered with an error. */
import type { Injection, Reason } from '../../prediction.ts';
import type { Workload } from '../model.ts';
import { capacityOf, isServed, isUnsafe, outOfRotationAfter, partOf, readinessOf } from './pods.ts';
import { broken, type Crossing, holds, lasting, unsure, type World } from './world.ts';

/** A test that says nothing lasts so long. */
const USUAL_LENGTH = 300_000;

/** A statement that is bounded above this is not: figure of the runbook. */
const LONGEST_QUERY = 30_000;

/** Linux: least time until a segment, and until the first packet of a connection, is sent again; it doubles each time. */
const RETRANSMIT = 200;
const RETRANSMIT_FIRST = 1000;

const percent = (part: number) => `${Math.round(part * 1000) / 10} %`;

function hang({ label, at, about, work }: Crossing): Reason {
  const condition = {
    property: 'hangs-on-a-silent-peer',
    runbook: 'network-2-timeouts',
    about,
    at,
    fix: 'End the call: a timeout for connect and answer',
  } as const;
  if (work === undefined)
    return unsure({ ...condition, says: `${label} has no timeout; who waits for it is not known` });
  return broken({ ...condition, says: `${label} has no timeout: ${work} hangs on it` });
}

/** Ways whose other end gives no answer at all, for as long as it lasts. */
function cut(ways: readonly Crossing[], how: string): Reason[] {
  return ways.map((way) => {
    const { label, at, about, work, ends, answersInstead } = way;
    if (ends.state !== 'known')
      return unsure({
        property: 'hangs-on-a-silent-peer',
        runbook: 'network-2-timeouts',
        about,
        at,
        says: `what ends ${label} is not known`,
      });
    if (ends.value === Number.POSITIVE_INFINITY) return hang(way);
    const condition = {
      property: 'keeps-calling-a-sick-peer',
      runbook: 'network-3-circuit-breaker',
      about,
      at,
    } as const;
    if (answersInstead)
      return unsure({
        ...condition,
        says: `${label} ends after ${lasting(ends.value)}; what is answered instead is not judged`,
      });
    if (work === undefined)
      return unsure({
        ...condition,
        says: `${label} ends after ${lasting(ends.value)}; who needs it is not known`,
      });
    return broken({
      ...condition,
      says: `${work} fails ${how}: it needs ${label}, which ends after ${lasting(ends.value)}, and nothing answers instead`,
      fix: 'Answer without the peer: a circuit breaker with a fallback',
    });
  });
}

/**
 * Ways on which each answer comes later by `least` to `most` milliseconds.
 * @param part of the requests that are late; undefined: not known
 */
function late(
  ways: readonly Crossing[],
  least: number,
  most: number,
  part: number | undefined,
  world: World,
): Reason[] {
  const { p99Milliseconds, errorRatePercent } = world.thresholds;
  const rare = part !== undefined && part * 100 <= errorRatePercent;
  return ways.map((way) => {
    const { label, at, about, endsWhenSlow: ends, tries } = way;
    const condition = {
      property: 'hangs-on-a-silent-peer',
      runbook: 'network-2-timeouts',
      about,
      at,
    } as const;
    const added = least === most ? lasting(least) : `${lasting(least)} to ${lasting(most)}`;
    if (rare)
      return holds({
        ...condition,
        says: `${label}: only ${percent(part)} of the answers are late`,
      });
    const bound = ends.state === 'known' ? ends.value : undefined;
    if (bound !== undefined && bound < least) {
      const others = part !== undefined && part < 1 && tries.state === 'known' && tries.value > 1;
      if (others && 2 * bound <= p99Milliseconds)
        return holds({
          ...condition,
          says: `${label} gives up after ${lasting(bound)} and asks another pod`,
        });
      if (others)
        return unsure({
          ...condition,
          says: `${label} gives up after ${lasting(bound)} and tries again: how long that takes is not known`,
        });
      return broken({
        ...condition,
        says: `${label} gives up after ${lasting(bound)}, the answer comes ${added} later`,
        fix: `Wait longer than ${lasting(least)}, or answer without it`,
      });
    }
    if (least > p99Milliseconds)
      return broken({
        ...condition,
        runbook: 'indicator-latency',
        says: `${label} takes ${added} longer, more than ${lasting(p99Milliseconds)}`,
        fix: `End the call before ${lasting(p99Milliseconds)} and answer without it`,
      });
    if (most > p99Milliseconds || (bound !== undefined && bound < most))
      return unsure({
        ...condition,
        says: `${label} takes ${added} longer: whether that is more than ${lasting(Math.min(p99Milliseconds, bound ?? Number.POSITIVE_INFINITY))} is not known`,
      });
    if (bound === undefined)
      return unsure({ ...condition, says: `what ends ${label} is not known` });
    return holds({
      ...condition,
      says: `${label} takes ${added} longer and waits ${lasting(bound)}`,
    });
  });
}

/** The most calls that one request makes, one after the other; Infinity when a loop makes them. */
function callsPerRequest(ways: readonly Crossing[]): number {
  const calls = new Map<string, Set<unknown>>();
  for (const { work, call } of ways) {
    if (work === undefined || call === undefined) continue;
    if (call.iteration?.how === 'one-after-another' && call.iteration.because === undefined)
      return Number.POSITIVE_INFINITY;
    const known = calls.get(work) ?? new Set();
    calls.set(work, known);
    known.add(call);
  }
  return Math.max(0, ...[...calls.values()].map(({ size }) => size));
}

/** Who is at the two ends of what a network fault acts on. */
interface Ends {
  readonly incoming: readonly Crossing[];
  readonly outgoing: readonly Crossing[];
  /** All of them are known. */
  readonly complete: boolean;
  /** Only the connections between two are hit: the pods still answer everybody else. */
  readonly between: boolean;
}

function endsOf(
  workload: Workload,
  { externalTargets }: Injection,
  peers: readonly Workload[] | undefined,
  world: World,
): Ends {
  const incoming = world.incoming(workload);
  const { ways, complete } = world.outgoing(workload);
  if (peers !== undefined) {
    const set = new Set(peers);
    return {
      incoming: incoming.filter(({ fromWorkload }) => fromWorkload && set.has(fromWorkload)),
      outgoing: ways.filter(({ to }) => to && set.has(to)),
      complete: complete && peers.every((peer) => world.outgoing(peer).complete),
      between: true,
    };
  }
  if (externalTargets !== undefined)
    return {
      incoming: [],
      outgoing: ways.filter(({ host }) => host !== undefined && externalTargets.includes(host)),
      complete: complete && ways.every(({ host, to }) => host !== undefined || to !== undefined),
      between: true,
    };
  return { incoming, outgoing: ways, complete, between: false };
}

function unseen(workload: Workload, what: string): Reason {
  return unsure({
    property: 'hangs-on-a-silent-peer',
    runbook: 'network-2-timeouts',
    at: workload.at,
    says: `${what} is not known`,
  });
}

/** What nobody can see of the ends: callers that may exist, and code that was not read. */
function unseenOf(workload: Workload, { incoming, outgoing, complete, between }: Ends): Reason[] {
  const reasons: Reason[] = [];
  if (!complete) reasons.push(unseen(workload, `all that ${workload.label} asks`));
  if (between && incoming.length + outgoing.length === 0 && complete) return [];
  if (!between && incoming.length === 0 && isServed(workload))
    reasons.push(unseen(workload, `who asks ${workload.label}`));
  return reasons;
}

/** Packets come late: each way there and back waits once, with direction both twice. */
export function delayed(
  workload: Workload,
  injection: Injection,
  peers: readonly Workload[] | undefined,
  world: World,
): Reason[] {
  const { milliseconds, direction } = injection;
  if (milliseconds === undefined) return [unseen(workload, 'how long packets wait')];
  const each = milliseconds * (direction === 'both' ? 2 : 1);
  const ends = endsOf(workload, injection, peers, world);
  const part = partOf(workload, injection.share);
  const calls = callsPerRequest(ends.outgoing);
  const { p99Milliseconds } = world.thresholds;
  const reasons: Reason[] = [
    // A connection that is new waits once more.
    ...late(ends.outgoing, each, 2 * each, part, world),
    ...late(
      ends.incoming,
      each * (ends.between || calls === 0 ? 1 : 2),
      2 * each * (ends.between ? 1 : 1 + calls),
      part,
      world,
    ),
    ...unseenOf(workload, ends),
  ];
  if (isServed(workload) && calls > 0) {
    const [sum, most] = [each, 2 * each * calls];
    const condition = {
      property: 'slow-under-load',
      runbook: 'stress-2-performance',
      at: workload.at,
      about: ends.outgoing.flatMap(({ about }) => about),
    } as const;
    const number = calls === Number.POSITIVE_INFINITY ? 'calls in a loop' : `${calls} calls`;
    if (most > p99Milliseconds && sum <= p99Milliseconds)
      reasons.push(
        unsure({
          ...condition,
          says: `a request makes up to ${number}, ${lasting(each)} later each: whether that is more than ${lasting(p99Milliseconds)} is not known`,
        }),
      );
  }
  if (reasons.length === 0) reasons.push(nothingCrosses(workload));
  return reasons;
}

function nothingCrosses(workload: Workload): Reason {
  return holds({
    property: 'hangs-on-a-silent-peer',
    runbook: 'network-2-timeouts',
    at: workload.at,
    says: 'no call of the repository crosses it',
  });
}

/** Some packets are lost: what TCP needs to send them again, as often as one request in a hundred sees it. */
export function lossy(
  workload: Workload,
  injection: Injection,
  peers: readonly Workload[] | undefined,
  world: World,
): Reason[] {
  const lost = injection.percent;
  if (lost === undefined) return [unseen(workload, 'how many packets are lost')];
  if (lost >= 100) return silent(workload, injection, peers, world);
  const part = partOf(workload, injection.share) ?? 1;
  const limit = world.thresholds.errorRatePercent / 100;
  let losses = 0;
  for (let chance = (part * lost) / 100; chance > limit && losses < 10; chance *= lost / 100)
    losses++;
  const ends = endsOf(workload, injection, peers, world);
  const [least, most] = [RETRANSMIT, RETRANSMIT_FIRST].map((first) => first * (2 ** losses - 1));
  const hangs = [...ends.incoming, ...ends.outgoing].filter(
    ({ ends: end, work }) =>
      end.state === 'known' && end.value === Number.POSITIVE_INFINITY && work !== undefined,
  );
  const reasons = [
    ...(losses === 0 ? [] : hangs.map(hang)),
    ...late([...ends.incoming, ...ends.outgoing], least ?? 0, most ?? 0, part, world),
    ...unseenOf(workload, ends),
  ];
  return reasons.length === 0 ? [nothingCrosses(workload)] : reasons;
}

/** Nothing gets through. */
export function silent(
  workload: Workload,
  injection: Injection,
  peers: readonly Workload[] | undefined,
  world: World,
): Reason[] {
  const ends = endsOf(workload, injection, peers, world);
  const part = partOf(workload, injection.share);
  if (ends.between || part === 1 || (part === undefined && injection.share === undefined)) {
    const reasons = [
      ...cut([...ends.incoming, ...ends.outgoing], 'as long as it lasts'),
      ...unseenOf(workload, ends),
    ];
    if (!ends.between) reasons.push(capacityOf(workload, injection.share));
    return reasons.length === 0 ? [nothingCrosses(workload)] : reasons;
  }
  return silentPods(workload, injection, ends, part, world);
}

/** Some of the pods give no answer: probes take them out of rotation, and until then callers wait and ask another. */
function silentPods(
  workload: Workload,
  { share, lasts }: Injection,
  ends: Ends,
  part: number | undefined,
  world: World,
): Reason[] {
  const { p99Milliseconds, errorRatePercent } = world.thresholds;
  const out = outOfRotationAfter(workload);
  const length = lasts === undefined || lasts === Number.POSITIVE_INFINITY ? USUAL_LENGTH : lasts;
  const touched =
    part === undefined || out === undefined
      ? undefined
      : (part * Math.min(out * 1000, length)) / length;
  const reasons: Reason[] = [
    capacityOf(workload, share),
    ...readinessOf(workload, 'a pod that gives no answer stays in rotation', world),
    ...unseenOf(workload, ends),
  ];
  for (const way of ends.incoming) {
    const { ends: end, tries, label, at, about } = way;
    const condition = {
      property: 'hangs-on-a-silent-peer',
      runbook: 'network-2-timeouts',
      about,
      at,
    } as const;
    const retry = {
      ...condition,
      property: 'keeps-calling-a-sick-peer',
      runbook: 'network-1-retries',
    } as const;
    if (end.state !== 'known') reasons.push(unseen(workload, `what ends ${label}`));
    else if (end.value === Number.POSITIVE_INFINITY) reasons.push(hang(way));
    else if (tries.state === 'unknown' || way.answersInstead)
      reasons.push(unsure({ ...retry, says: `whether ${label} asks another pod is not known` }));
    else if (tries.state === 'known' && tries.value > 1 && end.value <= p99Milliseconds / 2)
      reasons.push(
        holds({
          ...retry,
          says: `${label} gives up after ${lasting(end.value)} and asks another pod`,
        }),
      );
    else if (touched === undefined)
      reasons.push(
        unsure({ ...condition, says: `how many requests of ${label} are touched is not known` }),
      );
    else if (touched * 100 <= errorRatePercent)
      reasons.push(
        holds({
          ...condition,
          says: `${label}: ${percent(touched)} of the requests are touched before readiness takes the pod out after ${out} s`,
        }),
      );
    else if (tries.state === 'known' && tries.value > 1)
      reasons.push(
        broken({
          ...condition,
          says: `${label} waits ${lasting(end.value)} before it asks another pod: ${percent(touched)} of the requests are later than ${lasting(p99Milliseconds)}`,
          fix: `Give up within ${lasting(p99Milliseconds / 2)}, so that there is time for another pod`,
        }),
      );
    else if (isUnsafe(way))
      reasons.push(
        unsure({
          ...retry,
          says: `${label} is not safe to repeat: ${percent(touched)} of the requests fail`,
        }),
      );
    else
      reasons.push(
        broken({
          ...retry,
          says: `${label} does not ask another pod: ${percent(touched)} of the requests fail before readiness takes the pod out after ${out} s`,
          fix: 'Try calls that change nothing again, with a growing delay',
        }),
      );
  }
  for (const way of ends.outgoing)
    if (way.ends.state === 'known' && way.ends.value === Number.POSITIVE_INFINITY)
      reasons.push(hang(way));
  return reasons;
}

/** A narrow line: how much goes over it cannot be told, only that nobody who waits without end gets away. */
export function narrowed(
  workload: Workload,
  injection: Injection,
  peers: readonly Workload[] | undefined,
  world: World,
): Reason[] {
  const ends = endsOf(workload, injection, peers, world);
  const hangs = [...ends.incoming, ...ends.outgoing]
    .filter(({ ends: end }) => end.state === 'known' && end.value === Number.POSITIVE_INFINITY)
    .map(hang);
  return [...hangs, unseen(workload, 'how much is sent over the line')];
}

/** Look-ups fail: connections that are open go on, new ones cannot be made. */
export function unresolved(workload: Workload, world: World): Reason[] {
  const { ways, complete } = world.outgoing(workload);
  const reasons = ways.map((way) => {
    const { label, at, about, work, tries, answersInstead } = way;
    const condition = {
      property: 'keeps-calling-a-sick-peer',
      runbook: 'network-1-retries',
      about,
      at,
    } as const;
    const once = tries.state !== 'unknown' && (tries.state === 'absent' || tries.value <= 1);
    if (work !== undefined && once && !answersInstead)
      return broken({
        ...condition,
        says: `${label} does not try again: ${work} fails when its look-up fails`,
        fix: 'Try calls that change nothing again, and answer without the peer when that does not help',
      });
    return unsure({
      ...condition,
      says: `whether ${label} gets by with open connections is not known`,
    });
  });
  if (!complete) reasons.push(unseen(workload, `all that ${workload.label} asks`));
  return reasons.length > 0
    ? reasons
    : [
        holds({
          property: 'keeps-calling-a-sick-peer',
          runbook: 'network-1-retries',
          at: workload.at,
          says: 'it looks nobody up',
        }),
      ];
}

/** Answers are cut off or replaced by errors: who asks decides. */
export function aborted(workload: Workload, { share }: Injection, world: World): Reason[] {
  const ways = world.incoming(workload);
  if (ways.length === 0) return [unseen(workload, `who asks ${workload.label}`)];
  const part = partOf(workload, share);
  return ways.map((way) => {
    const { label, at, about, tries, answersInstead } = way;
    const condition = {
      property: 'keeps-calling-a-sick-peer',
      runbook: 'network-1-retries',
      about,
      at,
    } as const;
    if (answersInstead || tries.state === 'unknown' || part === undefined)
      return unsure({ ...condition, says: `what ${label} does with an error is not known` });
    const again = tries.state === 'known' && tries.value > 1;
    if (part < 1 && again)
      return holds({ ...condition, says: `${label} tries again and asks another pod` });
    if (part === 1)
      return broken({
        ...condition,
        runbook: 'network-3-circuit-breaker',
        says: `${label} gets an error from every pod${again ? ', however often it tries' : ''}, and nothing answers instead`,
        fix: 'Answer without the peer: a circuit breaker with a fallback',
      });
    if (isUnsafe(way))
      return unsure({
        ...condition,
        says: `${label} is not safe to repeat: ${percent(part)} of its requests fail`,
      });
    return broken({
      ...condition,
      says: `${label} does not try again: ${percent(part)} of its requests fail`,
      fix: 'Try calls that change nothing again, with a growing delay',
    });
  });
}

/** Answers come late: who asks decides. */
export function slowAnswers(workload: Workload, injection: Injection, world: World): Reason[] {
  const { milliseconds, share } = injection;
  const ways = world.incoming(workload);
  if (milliseconds === undefined) return [unseen(workload, 'how late the answers are')];
  if (ways.length === 0) return [unseen(workload, `who asks ${workload.label}`)];
  return late(ways, milliseconds, milliseconds, partOf(workload, share), world);
}

/** The disk is slow, or fails: the bounds and tries of those who query decide. */
export function slowDisk(workload: Workload, injection: Injection, world: World): Reason[] {
  const fails = injection.fault === 'io-fault';
  const ways = world.incoming(workload);
  if (ways.length === 0) return [unseen(workload, `who queries ${workload.label}`)];
  return ways.map((way) => {
    const { label, at, about, endsWhenSlow: ends, tries, work } = way;
    const bound = {
      property: 'hangs-on-a-silent-peer',
      runbook: 'io-1-query-timeouts',
      about,
      at,
      fix: `Bound the statement: at most ${lasting(LONGEST_QUERY)}`,
    } as const;
    const retry = {
      property: 'keeps-calling-a-sick-peer',
      runbook: 'io-3-query-retries',
      about,
      at,
    } as const;
    if (fails) {
      if (tries.state === 'unknown')
        return unsure({ ...retry, says: `whether ${label} tries again is not known` });
      if (tries.state === 'known' && tries.value > 1)
        return holds({ ...retry, says: `${label} tries again` });
      if (isUnsafe(way))
        return unsure({
          ...retry,
          says: `${label} may not be safe to repeat, and fails with the disk`,
        });
      return broken({
        ...retry,
        says: `${label} does not try again when the disk fails`,
        fix: 'Try reads again on transient errors, with a growing delay',
      });
    }
    if (ends.state !== 'known')
      return unsure({ ...bound, says: `what ends ${label} is not known` });
    if (ends.value <= LONGEST_QUERY)
      return holds({ ...bound, says: `${label} ends after ${lasting(ends.value)}` });
    const says =
      ends.value === Number.POSITIVE_INFINITY
        ? `nothing ends ${label} while the disk is slow`
        : `${label} waits ${lasting(ends.value)} for a slow disk`;
    return work === undefined && ends.value !== Number.POSITIVE_INFINITY
      ? unsure({ ...bound, says })
      : broken({ ...bound, says });
  });
}
