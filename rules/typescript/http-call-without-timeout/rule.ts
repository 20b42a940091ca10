import {
  boundOf,
  type Caller,
  defineRule,
  duration,
  firstPlaces,
  flowOf,
  type Hang,
  hangsOf,
  hasDefectiveTimeout,
  heldOn,
} from '../../../src/rule.ts';

/**
 * What a silent peer does, and to whom: `holds GET /orders for 300 s (the default of fetch)`. Linux ends each attempt to connect
 * after about 130 s (tcp_syn_retries, https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html; 134 s on Linux 6.18).
 */
function harmOf({ way, phase, ms }: Hang, { library }: Caller): string {
  const connecting = phase === 'connect';
  const peer = connecting
    ? 'a peer that does not accept the connection'
    : 'a peer that accepts and never answers';
  const time =
    ms !== Number.POSITIVE_INFINITY
      ? `for ${duration(ms)}, the default of ${library.name}`
      : connecting
        ? 'for 2 minutes, until the operating system gives up'
        : 'for ever';
  return `${peer} holds ${heldOn(way)} ${time}`;
}

/** What is missing. */
function lackOf({ phase }: Hang): string {
  return phase === 'connect' ? 'no timeout for connecting' : 'no timeout';
}

/** The fix of the library, with the class that stands in the code: `new SNSClient`. A healthy model may take a minute. */
function codeOf({ library, label, slow }: Caller): string {
  const fix = slow === 'llm' ? library.fix.replaceAll('5_000', '60_000') : library.fix;
  const [made] = /^new \w+$/.exec(label) ?? [];
  return made === undefined ? fix : fix.replace(/^new \w+(?=\()/, made);
}

/** How long a call may take, for messages. */
function boundWanted({ slow }: Caller): string {
  return slow === 'llm'
    ? 'a bound above what the model takes, such as 60 s, is wanted'
    : 'a few seconds are wanted';
}

function timeOf({ slow }: Caller): string {
  return slow === 'llm' ? 'the longest healthy answer' : 'a few seconds';
}

function fixFor(caller: Caller, { way: { call } }: Hang): string {
  return call.body === 'stream'
    ? 'Bound the time until the answer begins; a deadline for the whole call would cut the stream'
    : `End the call after ${timeOf(caller)}:\n${codeOf(caller)}`;
}

/** The ways on which a caller hangs. A timeout that stands there and does not work is a finding of its own. */
function hangingOf(caller: Caller, limit: number) {
  const { hangs, undecided } = hangsOf(caller, ['headers', 'connect'], limit);
  const { client } = caller;
  return {
    hangs: hangs.filter(({ way }) => ![way.call, client ?? way.call].some(hasDefectiveTimeout)),
    undecided,
  };
}

/** Where the others stand of which one finding tells. */
function placeOf({ package: folder }: Caller, { way }: Hang): string {
  if (way.proven) return 'in the same file';
  return folder === '' ? 'in this package' : `in ${folder}`;
}

/** Who gives no timeout to a function that would use one, when no request is known to come that way. */
function callersWithout(hangs: readonly Hang[]) {
  if (hangs[0]?.way.proven !== false) return [];
  return hangs.flatMap(({ way: { call, path }, phase }) => {
    const at = path?.steps.at(-1);
    return at === undefined || boundOf(call.bounds, phase)?.ms.state !== 'unknown'
      ? []
      : [{ at, message: 'gives no timeout' }];
  });
}

export default defineRule({
  id: 'http-call-without-timeout',
  title: 'A call to another service waits as long as the peer likes.',
  cause: 'no HTTP timeout',
  subject: 'caller',
  levels: { proven: 'error', elsewhere: 'warning' },
  runbook: 'network-2-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'End the call after a few seconds:\nawait fetch(url, { signal: AbortSignal.timeout(5_000) })',
  options: {
    seconds: {
      type: 'number',
      minimum: 0.1,
      default: 5,
      description: 'Seconds after which a call ends that --fix-unsafe bounds.',
    },
    maxSeconds: {
      type: 'number',
      minimum: 1,
      default: 60,
      description: 'Seconds within which a default of the library must end a call to pass.',
    },
    maxAlike: {
      type: 'integer',
      minimum: 1,
      default: 4,
      description:
        'More than this are one finding: calls and clients of one library in one package to which no request is known to lead, or calls in one file to which one leads.',
    },
  },

  *check(caller, { options }) {
    const { client, wrapper, library, label, at } = caller;
    if (!library.roles.some((role) => role === 'http' || role === 'rpc' || role === 'sdk')) return;
    if (library.roles.includes('data')) return;
    const limit = options.maxSeconds * 1000;
    const { hangs, undecided } = hangingOf(caller, limit);
    const [worst] = hangs;
    if (worst === undefined) {
      if (undecided !== undefined) yield { undecided: undecided.why, at: undecided.at };
      return;
    }
    const alike = caller.alike.filter((other) => hangingOf(other, limit).hangs.length > 0);
    const [first, ...others] = alike;
    if (first !== undefined && alike.length > options.maxAlike) {
      // The first speaks for all of them.
      if (first.identity !== caller.identity) return;
      yield {
        at,
        as: worst.way.proven ? 'proven' : 'elsewhere',
        message: `${label} in ${at.path} and ${others.length} more of ${library.name} ${placeOf(caller, worst)} have ${lackOf(worst)}, so ${harmOf(worst, caller).replace(/ holds it /, ' holds each of them ')}; ${boundWanted(caller)}`,
        related: firstPlaces(
          others.map((other) => ({ at: other.at, message: `${other.label} without a timeout` })),
        ),
        flow: worst.way.proven ? flowOf(worst.way) : [],
        fix: `End each of these after ${timeOf(caller)}, best in one client that they share:\n${codeOf(caller)}`,
      };
      return;
    }
    // A call without a client is the finding's own place.
    const alone = client === undefined && wrapper === undefined;
    const calls = alone ? [] : [...new Set(hangs.map(({ way }) => way.call))];
    const { cancelOnly } = worst.way.call;
    const has = cancelOnly === undefined ? lackOf(worst) : 'a signal without a deadline';
    yield {
      at,
      as: worst.way.proven ? 'proven' : 'elsewhere',
      message: `${label} in ${at.path} has ${has}, so ${harmOf(worst, caller)}; ${boundWanted(caller)}`,
      related: [
        ...(cancelOnly === undefined
          ? []
          : [{ at: cancelOnly, message: 'nothing aborts it after a time' }]),
        ...firstPlaces(
          calls.map((call) => ({ at: call.at, message: `${call.label} without a timeout` })),
        ),
        ...firstPlaces(callersWithout(hangs)),
      ],
      flow: worst.way.proven ? flowOf(worst.way) : [],
      fix: fixFor(caller, worst),
    };
  },
});
