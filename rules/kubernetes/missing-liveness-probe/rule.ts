import { type Container, defineRule, settingsFor } from '../../../src/rule.ts';

/** Something connects to it: a Service targets it, or it declares a port of its own. */
const isServer = (container: Container) =>
  container.servicePorts.items.length > 0 ||
  (container.ports.length > 0 && !container.nativeSidecar);

/** Asks the port that a Service targets, else the first one that is declared. */
function handlerFor({ ports, servicePorts }: Container): string | undefined {
  const [first] = ports;
  const [target] = servicePorts.items;
  const number = first?.number.state === 'known' ? first.number.value : undefined;
  const targeted = target?.targetPort.state === 'known' ? target.targetPort.value : undefined;
  const port = targeted ?? first?.name ?? number;
  if (port === undefined) return undefined;
  const named = ports.find(({ name }) => name !== undefined && name === port);
  if (named?.number.state === 'known' && /grpc/i.test(`${port}`))
    return `  grpc:\n    port: ${named.number.value}`;
  return `  httpGet:\n    path: /healthz # must not ask a database or another service\n    port: ${port}`;
}

export default defineRule({
  id: 'missing-liveness-probe',
  title: 'Nothing restarts a server that hangs.',
  cause: 'no liveness probe',
  subject: 'workload',
  levels: { server: 'strict' },
  runbook: 'pod-4-readiness-probe',
  bearsOn: ['sick-pods-kept'],
  fix: 'Add a liveness probe that asks the process itself and none of its dependencies, slower than the readiness probe:\nlivenessProbe:\n  httpGet:\n    path: /healthz\n    port: 8000\n  periodSeconds: 10\n  timeoutSeconds: 3\n  failureThreshold: 6',

  *check(workload) {
    if (workload.kind === 'Job' || workload.kind === 'CronJob') return;
    const servers = workload.containers.filter(
      (container) =>
        container.firstParty && container.dataStore === undefined && isServer(container),
    );
    const [first, ...others] = servers.filter((c) => c.livenessProbe.state === 'absent');
    if (first === undefined) {
      for (const { livenessProbe } of servers)
        if (livenessProbe.state === 'unknown')
          yield { undecided: livenessProbe.why, at: livenessProbe.at };
      return;
    }
    const names = [first, ...others].map(({ name }) => name).join(', ');
    const handler = handlerFor(first);
    yield {
      at: first.at,
      settings: settingsFor([first, ...others], 'livenessProbe'),
      message: `${others.length === 0 ? 'container' : 'containers'} ${names} of ${workload.label} ${others.length === 0 ? 'has' : 'have'} no livenessProbe; one is wanted, because nothing restarts a process that hangs`,
      related: others.map((container) => ({
        at: container.at,
        message: `${container.noun} without a livenessProbe`,
      })),
      ...(handler === undefined
        ? {}
        : {
            fix: `Give ${first.noun} a liveness probe that asks the process itself and none of its dependencies:
livenessProbe:
${handler}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 6 # slower than the readiness probe`,
          }),
    };
  },
});
