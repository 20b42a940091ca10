/** Numbers of the edges of the service graph: how long a caller waits, and how often it tries. */
import type { Attempts, Bounds, Phase } from '../code.ts';
import type { EdgeCall, EdgePolicy, GraphEdge } from '../service-graph.ts';

/** Phases in which a peer that does not answer holds the caller. */
const WAITING: readonly Phase[] = ['headers', 'total', 'release'];

/** Milliseconds until the caller stops to wait for an answer that does not come, one try; undefined: it cannot be told. */
export function waitOf(bounds: Bounds): number | undefined {
  let least: number | undefined;
  let isUnknown = false;
  for (const phase of WAITING) {
    const bound = bounds[phase];
    if (!('ms' in bound)) continue;
    if (bound.ms.state === 'known') least = Math.min(least ?? Infinity, bound.ms.value);
    else if (bound.ms.state === 'unknown') {
      isUnknown = true;
      if (bound.atMost !== undefined) least = Math.min(least ?? Infinity, bound.atMost);
    } else least ??= Infinity;
  }
  return isUnknown ? undefined : least;
}

export function triesIn({ max }: Attempts): number | undefined {
  return max.state === 'known' ? max.value : undefined;
}

/** What the proxy of an edge lets a caller wait; Infinity without policy. */
export function waitByPolicy(policy: EdgePolicy | undefined): number | undefined {
  if (policy === undefined || policy.timeout.state === 'absent') return Infinity;
  return policy.timeout.state === 'known' ? policy.timeout.value : undefined;
}

/** The longest that any call of an edge waits for its peer; undefined: nothing is known. */
export function longestWait({ calls, policy }: GraphEdge): number | undefined {
  const byPolicy = waitByPolicy(policy);
  if (byPolicy === undefined) return undefined;
  const waits = calls.map(({ bounds }) => waitOf(bounds));
  if (waits.length === 0) return Number.isFinite(byPolicy) ? byPolicy : undefined;
  if (waits.some((one) => one === undefined))
    return Number.isFinite(byPolicy) ? byPolicy : undefined;
  return Math.min(byPolicy, Math.max(...waits.flatMap((one) => one ?? [])));
}

/** How often one request of a call is sent, those of the proxy included; undefined: it cannot be told. */
export function triesOn(
  { attempts }: EdgeCall,
  policy: EdgePolicy | undefined,
): number | undefined {
  const own = triesIn(attempts);
  if (policy === undefined) return own;
  const { tries } = policy;
  return own === undefined || tries.state !== 'known' ? undefined : own * tries.value;
}

/** The most tries of any call of an edge; undefined: nothing is known. */
export function mostTries({ calls, policy }: GraphEdge): number | undefined {
  const all = calls.map((call) => triesOn(call, policy));
  if (all.length === 0) return policy?.tries.state === 'known' ? policy.tries.value : undefined;
  return all.some((one) => one === undefined)
    ? undefined
    : Math.max(...all.flatMap((one) => one ?? []));
}
