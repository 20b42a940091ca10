import { type DeployedProgram, defineRule, type WantedPort } from '../../../src/rule.ts';

/** Ports that are wanted and not listened on, each with all that want it. */
function missing({ ports, wantedPorts }: DeployedProgram) {
  const found = new Map<number, WantedPort[]>();
  if (!ports.complete || ports.items.length === 0) return found;
  for (const wanted of wantedPorts)
    if (!ports.items.some(({ number }) => number === wanted.number))
      found.set(wanted.number, [...(found.get(wanted.number) ?? []), wanted]);
  return found;
}

export default defineRule({
  id: 'probe-port-not-listened',
  title: 'A probe or a Service uses a port on which the program does not listen.',
  cause: 'port that nobody listens on',
  subject: 'program',
  levels: { wrong: 'error', unsure: 'strict' },
  runbook: 'pod-4-readiness-probe',
  bearsOn: ['traffic-to-unready-pods', 'healthy-pods-restarted', 'unreachable'],
  fix: 'Use the port that the program listens on',

  *check(program) {
    const { ports, wantedPorts, container, confident, label } = program;
    if (!ports.complete && wantedPorts.length > 0)
      yield { undecided: ports.why ?? 'its ports are not known', at: container.at };
    const [listening] = ports.items;
    for (const [number, [first, ...others]] of missing(program)) {
      if (first === undefined || listening === undefined) continue;
      const own = [...new Set(ports.items.map((port) => port.number))].join(', ');
      const { variable, at, server } = listening;
      const by = [first, ...others].map((wanted) => wanted.by).join(', ');
      yield {
        at: first.at,
        as: confident ? 'wrong' : 'unsure',
        key: String(number),
        message: `${by} ${others.length === 0 ? 'uses' : 'use'} port ${number} of ${label}, which listens on ${own}, so every connection is refused`,
        related: [
          ...others.map((wanted) => ({ at: wanted.at, message: `${wanted.by}, the same port` })),
          {
            at,
            message:
              variable === undefined ? 'the port that it listens on' : `sets ${variable} to ${own}`,
          },
          ...(variable === undefined ? [] : [{ at: server.at, message: `the ${server.label}` }]),
        ],
        fix: `Use port ${own}, or let the program listen on ${number}`,
      };
    }
  },
});
