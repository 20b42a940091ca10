import { type Bounds, boundOf, defineRule, type Phase } from '../../../src/rule.ts';

const WHAT = {
  both: 'connecting and waiting for a connection of the pool',
  connect: 'connecting',
  acquire: 'waiting for a connection of the pool',
} as const;
/** Linux ends an attempt to connect after about 130 s; a handshake that nobody answers, and a place in the queue, have no end. */
const HARM = {
  connect: 'a database that does not answer holds its callers for 2 minutes or longer',
  acquire: 'callers wait for ever while no connection is free',
} as const;

/** Nothing but the library's default ends the phase, and that takes too long. */
function isOpen(bounds: Bounds, phase: Phase, limit: number): boolean {
  const bound = boundOf(bounds, phase);
  return bound?.by === 'library' && bound.ms.state === 'known' && bound.ms.value >= limit;
}

export default defineRule({
  id: 'client-without-connect-timeout',
  title: 'A client bounds its statements, but not the time to get a connection.',
  cause: 'no connect timeout',
  subject: 'caller',
  levels: { connect: 'warning' },
  runbook: 'network-2-timeouts',
  bearsOn: ['hangs-on-a-silent-peer'],
  fix: 'Bound the time to connect too:\nnew Pool({ connectionTimeoutMillis: 5_000, query_timeout: 10_000 })',
  options: {
    maxSeconds: {
      type: 'number',
      minimum: 1,
      default: 60,
      description: 'Seconds within which a default of the library must end the phase to pass.',
    },
  },

  *check({ client, ways }, { options }) {
    if (client === undefined) return;
    if (!client.library.roles.includes('data')) return;
    const limit = 1000 * options.maxSeconds;
    const views = ways.length > 0 ? ways.map(({ bounds }) => bounds) : [client.bounds];
    const [first, second] = (['connect', 'acquire'] as const).filter(
      (phase) =>
        // A single connection has no pool to wait for.
        [client.bounds, ...views].every((bounds) => boundOf(bounds, phase) !== undefined) &&
        views.some((bounds) => isOpen(bounds, phase, limit)),
    );
    if (first === undefined) return;
    // Statements that nothing ends are another finding, of which this is a part.
    for (const bounds of views) {
      const ms = boundOf(bounds, 'headers')?.ms;
      if (ms === undefined || (ms.state === 'known' && ms.value < limit)) continue;
      if (ms.state === 'unknown') yield { undecided: ms.why, at: ms.at };
      return;
    }
    const { library, label, at } = client;
    yield {
      at,
      message: `${label} in ${at.path} has no timeout for ${WHAT[second === undefined ? first : 'both']}, so ${HARM[first]}; a few seconds are wanted`,
      fix: `Bound the time to get a connection too:\n${library.fix}`,
    };
  },
});
