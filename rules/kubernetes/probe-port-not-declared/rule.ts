import { type Container, defineRule, type Probe, type Workload } from '../../../src/rule.ts';

/** A number in quotes is no name. */
const isName = (port: number | string): port is string =>
  typeof port === 'string' && !/^\d+$/.test(port);
const declares = ({ ports }: Container, wanted: string) =>
  ports.some(({ name }) => name === wanted);

/** `http (8000), metrics (9090)`: what the containers do declare. */
function declaredBy(containers: readonly Container[]): string {
  const ports = containers.flatMap((container) => container.ports);
  const texts = ports.map(({ name, number }) => {
    const digits = number.state === 'known' ? `${number.value}` : '?';
    return name === undefined ? `${digits} without a name` : `${name} (${digits})`;
  });
  return texts.length === 0 ? 'no port' : texts.join(', ');
}

function fixFor(wanted: string, containers: readonly Container[]): string {
  const [port, second] = containers.flatMap((container) => container.ports);
  if (port !== undefined && second === undefined && port.name !== undefined)
    return `Write ${port.name}, the name that is declared, or rename the port to ${wanted}`;
  const number = port?.number.state === 'known' && second === undefined ? port.number.value : 8000;
  return `Give the port that is meant the name ${wanted}:\nports:\n  - name: ${wanted}\n    containerPort: ${number}`;
}

function* probesOf(container: Container): Iterable<readonly [string, Probe]> {
  for (const field of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const) {
    const probe = container[field];
    if (probe.state === 'known') yield [field, probe.value];
  }
}

/** Named ports that Services target on this workload; each Service speaks at the first of its workloads. */
function targetsOf(workload: Workload) {
  return workload.services.items.flatMap(({ ports, workloads }) =>
    workloads.items[0]?.identity === workload.identity
      ? ports.flatMap(({ targetPort, service }) =>
          targetPort.state === 'known' && isName(targetPort.value)
            ? [{ service, at: targetPort.at, name: targetPort.value, of: workloads.items }]
            : [],
        )
      : [],
  );
}

export default defineRule({
  id: 'probe-port-not-declared',
  title: 'A probe or a Service names a port that no container declares.',
  cause: 'named port not declared',
  subject: 'workload',
  levels: { probe: 'error', service: 'error' },
  runbook: 'pod-4-readiness-probe',
  bearsOn: ['unreachable', 'healthy-pods-restarted'],
  fix: 'Declare the port under this name:\nports:\n  - name: http\n    containerPort: 8000',

  *check(workload) {
    for (const container of workload.containers) {
      for (const [field, { port }] of probesOf(container)) {
        if (port.state !== 'known' || !isName(port.value) || declares(container, port.value))
          continue;
        if (!container.portsComplete) {
          yield { undecided: `the ports of ${container.label} cannot be read`, at: port.at };
          continue;
        }
        yield {
          at: port.at,
          as: 'probe',
          message: `the ${field} of ${container.label} asks port ${port.value}, but the container declares ${declaredBy([container])}; a declared name is wanted, because the probe always fails`,
          related: container.ports.map(({ at }) => ({ at, message: 'a port that is declared' })),
          fix: fixFor(port.value, [container]),
          key: `${container.name}/${field}`,
        };
      }
    }

    for (const { service, at, name, of } of targetsOf(workload)) {
      const containers = of.flatMap((other) => other.containers);
      if (containers.some((container) => declares(container, name))) continue;
      const unread = of.find(
        (other) =>
          !other.containersComplete || other.containers.some(({ portsComplete }) => !portsComplete),
      );
      if (unread !== undefined) {
        yield { undecided: `the ports of ${unread.label} cannot be read`, at };
        continue;
      }
      if (!service.workloads.complete) {
        yield { undecided: service.workloads.why ?? 'pods may be unseen', at };
        continue;
      }
      yield {
        at,
        as: 'service',
        message: `${service.label} targets port ${name}, but ${workload.label} declares ${declaredBy(workload.containers)}; a declared name is wanted, because no connection arrives`,
        related: workload.containers.map((container) => ({
          at: container.at,
          message: `container ${container.name}, which does not declare it`,
        })),
        fix: fixFor(name, workload.containers),
        key: `${service.identity}/${name}`,
      };
    }
  },
});
