import {
  type Bound,
  boundOf,
  type Caller,
  defineRule,
  duration,
  flowOf,
  heldOn,
  releaseOf,
  type Way,
} from '../../../src/rule.ts';

interface Long {
  readonly way: Way;
  readonly bound: Bound;
  readonly ms: number;
}

/** Bounds that somebody wrote and that let a call last at least `limit` milliseconds; each place once, requests first. */
function longBounds({ ways }: Caller, limit: number): readonly Long[] {
  const found = new Map<string, Long>();
  for (const way of [...ways].sort((a, b) => Number(b.proven) - Number(a.proven))) {
    const released = releaseOf(way.bounds);
    if (released?.state === 'unknown' || (released?.state === 'known' && released.value <= limit))
      continue;
    for (const phase of ['connect', 'acquire', 'headers'] as const) {
      const bound = boundOf(way.bounds, phase);
      if (bound === undefined || bound.by === 'library' || bound.ms.state !== 'known') continue;
      const { value: ms, at } = bound.ms;
      const place = `${at.path}:${at.start}`;
      if (ms > limit && !found.has(place)) found.set(place, { way, bound, ms });
    }
  }
  return [...found.values()];
}

export default defineRule({
  id: 'timeout-too-long',
  title: 'A timeout is switched off, or longer than a request can wait.',
  cause: 'timeout too long',
  subject: 'caller',
  levels: { disabled: 'error', request: 'warning', long: 'strict', slow: 'strict' },
  runbook: 'network-2-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Write what a healthy answer needs, at most a few seconds:\nawait fetch(url, { signal: AbortSignal.timeout(5_000) })',
  options: {
    maxSeconds: {
      type: 'number',
      minimum: 1,
      default: 60,
      description: 'The longest timeout in seconds that passes on the way of a request.',
    },
    advisedSeconds: {
      type: 'number',
      minimum: 1,
      default: 30,
      description: 'The longest timeout in seconds that passes in the preset strict.',
    },
  },

  *check(caller, { options: { maxSeconds, advisedSeconds } }) {
    const { label, library } = caller;
    const fix = `Write what a healthy answer needs, at most a few seconds:\n${library.fix}`;
    for (const { way, bound, ms } of longBounds(
      caller,
      1000 * Math.min(maxSeconds, advisedSeconds),
    )) {
      if (bound.ms.state !== 'known') continue;
      const { at } = bound.ms;
      const { option = 'the timeout', environment } = bound;
      const flow = way.proven ? flowOf(way) : [];
      if (ms === Number.POSITIVE_INFINITY) {
        yield {
          at,
          key: option,
          as: library.slow === undefined ? 'disabled' : 'slow',
          message: `${option} of ${label} is switched off, so a silent peer holds the call for ever; a few seconds are wanted`,
          flow,
          fix,
        };
        continue;
      }
      const request = way.proven && ms > 1000 * maxSeconds && library.slow === undefined;
      const wanted = duration(1000 * (request ? maxSeconds : advisedSeconds));
      const from = environment === undefined ? '' : ` unless ${environment.name} says otherwise`;
      const why = way.proven ? `${heldOn(way)} may wait as long` : 'its callers may wait as long';
      yield {
        at,
        key: option,
        as: library.slow !== undefined ? 'slow' : request ? 'request' : 'long',
        message: `${option} of ${label} is ${duration(ms)}${from}, so ${why}; at most ${wanted} is wanted`,
        flow,
        fix,
      };
    }
  },
});
