import { type DeployedProgram, defineRule, type ProbedPath } from '../../../src/rule.ts';

/** What Kubernetes does because of it, the worst first. */
const CONSEQUENCES = {
  startupProbe: 'the container is restarted again and again',
  livenessProbe: 'the container is restarted again and again',
  readinessProbe: 'no pod ever gets traffic',
};

/** The probes of one path that fail, in the order of their consequences. */
function failing({ probes }: DeployedProgram): ReadonlyMap<string, readonly ProbedPath[]> {
  const found = new Map<string, ProbedPath[]>();
  for (const probed of probes)
    if (probed.served.state === 'known' && !probed.served.value)
      found.set(probed.path, [...(found.get(probed.path) ?? []), probed]);
  return found;
}

export default defineRule({
  id: 'probe-path-not-served',
  title: 'A probe asks for a path that the program does not serve.',
  cause: 'probe of a path that is not served',
  subject: 'program',
  levels: { wrong: 'error', unsure: 'strict' },
  runbook: 'network-4-health-endpoints',
  bearsOn: ['traffic-to-unready-pods', 'healthy-pods-restarted', 'unreachable'],
  fix: 'Probe the path that the program serves',

  *check(program) {
    for (const { served } of program.probes)
      if (served.state === 'unknown') yield { undecided: served.why, at: served.at };
    for (const [path, [first, ...others]] of failing(program)) {
      if (first === undefined) continue;
      const { which, probe, near } = first;
      const [server] = program.servers.items;
      const names = [first, ...others].map((one) => one.which).join(', ');
      const instead = near === undefined ? '' : `; it serves ${near.path}`;
      yield {
        at: probe.path.at,
        as: program.confident ? 'wrong' : 'unsure',
        key: path,
        message: `${names} of ${program.label} ${others.length === 0 ? 'asks' : 'ask'} for ${path}, which ${program.entry ?? program.application.label} does not serve${instead}, so ${CONSEQUENCES[which]}`,
        related: [
          ...others.map((one) => ({
            at: one.probe.path.at,
            message: `${one.which}, the same path`,
          })),
          ...(near === undefined ? [] : [{ at: near.at, message: `the route ${near.path}` }]),
          ...(near?.prefixAt === undefined
            ? []
            : [{ at: near.prefixAt, message: 'the prefix of all routes' }]),
          ...(near === undefined && server !== undefined
            ? [{ at: server.at, message: `the ${server.label} that runs in it` }]
            : []),
        ],
        fix:
          near === undefined
            ? `Add a route that answers 200 at ${path}, or probe a path that the program serves`
            : `Probe a path that the program serves:\nhttpGet:\n  path: ${near.path}`,
      };
    }
  },
});
