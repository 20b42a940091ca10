import {
  boundOf,
  type Client,
  defineRule,
  duration,
  firstPlaces,
  flowOf,
  type Hang,
  hangsOf,
  hasDefectiveTimeout,
  heldOn,
} from '../../../src/rule.ts';

const FOREVER = Number.POSITIVE_INFINITY;

const NAMES = { connect: 'connecting', acquire: 'a connection of the pool' } as const;

/** What nothing ends: the statement, and the phases before it, which are part of the same finding. */
function openPhases({ way }: Hang, client: Client | undefined, limit: number): string {
  const before = (['connect', 'acquire'] as const).filter((phase) => {
    if (client !== undefined && boundOf(client.bounds, phase) === undefined) return false;
    const ms = boundOf(way.bounds, phase)?.ms;
    return ms?.state === 'known' && ms.value >= limit;
  });
  // Where all statements share one connection, they wait through each of its reconnections, whatever bounds a handshake.
  const shares = boundOf(way.bounds, 'acquire') === undefined;
  const names = before.map((phase) =>
    phase === 'connect' && shares ? 'the wait for its connection' : NAMES[phase],
  );
  return ['statements', ...names].join(', ').replace(/, ([^,]*)$/, ' and $1');
}

/** A client that others hold may wait on purpose there, which a bound for all of its statements would end. */
function fixOf(client: Client | undefined): string {
  return client === undefined || client.callsComplete
    ? 'Bound every statement in the client'
    : 'Bound every statement in the client, and keep one without a bound for what waits on purpose (queues, subscriptions)';
}

export default defineRule({
  id: 'query-without-timeout',
  title: 'A query waits as long as the database likes.',
  cause: 'no query timeout',
  subject: 'caller',
  levels: { proven: 'error', elsewhere: 'warning', serverOnly: 'strict' },
  runbook: 'io-1-query-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Bound every statement in the client:\nnew Pool({ connectionTimeoutMillis: 5_000, query_timeout: 10_000 })',
  options: {
    seconds: {
      type: 'number',
      minimum: 0.1,
      default: 10,
      description: 'Seconds after which a query ends that --fix-unsafe bounds.',
    },
    maxSeconds: {
      type: 'number',
      minimum: 1,
      default: 60,
      description: 'Seconds within which a default of the library must end a query to pass.',
    },
  },

  *check(caller, { options }) {
    const { client, library, label, at, waits, ways } = caller;
    // A bound for the client would end the calls that wait on purpose, as queues do.
    if (!library.roles.includes('data') || library.roles.includes('queue') || waits) return;
    const limit = options.maxSeconds * 1000;
    const { hangs: all, undecided } = hangsOf(caller, ['headers'], limit);
    // A timeout that stands there and does not work is a finding of its own.
    const hangs = all.filter(({ way }) => !hasDefectiveTimeout(way.call));
    const [worst] = hangs;
    if (worst === undefined) {
      if (undecided !== undefined) yield { undecided: undecided.why, at: undecided.at };
      const kept = ways
        .map(({ bounds }) => boundOf(bounds, 'headers'))
        .find((bound) => bound?.enforcedBy === 'server');
      if (kept === undefined || kept.ms.state !== 'known') return;
      yield {
        at: kept.ms.at,
        as: 'serverOnly',
        message: `${kept.option ?? 'the timeout'} of ${label} is kept by the server, so it does not end when the server or the network is frozen; a timeout in the client is wanted too`,
        fix: `Bound every statement in the client too:\n${library.fix}`,
      };
      return;
    }
    const { way, ms } = worst;
    const time =
      ms === FOREVER ? 'for ever' : `for ${duration(ms)}, the default of ${library.name}`;
    const calls = new Set(hangs.map((hang) => hang.way.call));
    yield {
      at,
      as: way.proven ? 'proven' : 'elsewhere',
      message: `${label} in ${at.path} has no timeout for ${openPhases(worst, client, limit)}, so a frozen server holds ${heldOn(way)} ${time}; a few seconds are wanted`,
      related: firstPlaces(
        [...calls]
          .filter((call) => call.at !== at)
          .map((call) => ({ at: call.at, message: `${call.label} without a timeout` })),
      ),
      flow: way.proven ? flowOf(way) : [],
      fix: `${fixOf(client)}:\n${library.fix}`,
    };
  },
});
