import { type Container, defineRule, type Workload } from '../../../src/rule.ts';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** A number in quotes is no name. */
const isName = (port: number | string): port is string =>
  typeof port === 'string' && !/^\d+$/.test(port);
const portsOf = (containers: readonly Container[]) => containers.flatMap(({ ports }) => ports);
const declares = ({ ports }: Container, wanted: string) =>
  ports.some(({ name }) => name === wanted);

/** `http (8000), metrics (9090)`: what they do declare. */
function declaredBy(containers: readonly Container[]): string {
  const texts = portsOf(containers).map(({ name, number }) => {
    const digits = number.state === 'known' ? `${number.value}` : '?';
    return name === undefined ? `${digits} without a name` : `${name} (${digits})`;
  });
  return texts.length === 0 ? 'no port' : texts.join(', ');
}

function fixFor(wanted: string, containers: readonly Container[]): string {
  const ports = portsOf(containers);
  const names = ports.flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (names.length > 0)
    return `Write a name that is declared (${names.join(', ')}), or give the port that is meant the name ${wanted}`;
  const numbers = ports.flatMap(({ number }) => (number.state === 'known' ? [number.value] : []));
  return `Give the port the name ${wanted}:\nports:\n  - name: ${wanted}\n    containerPort: ${numbers.length === 1 ? numbers[0] : '8000 # the port that it listens on'}`;
}

/** The names that the probes of a container ask, each with the places that ask it. */
function askedBy(container: Container) {
  const asked = new Map<string, { readonly field: string; readonly at: Container['at'] }[]>();
  for (const field of PROBES) {
    const probe = container[field];
    if (probe.state !== 'known') continue;
    const { port } = probe.value;
    if (port.state !== 'known' || !isName(port.value) || declares(container, port.value)) continue;
    asked.set(port.value, [...(asked.get(port.value) ?? []), { field, at: port.at }]);
  }
  return asked;
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
    const targets = targetsOf(workload);
    const reported = new Set<string>();
    for (const container of workload.containers) {
      for (const [name, [first, ...others]] of askedBy(container)) {
        if (first === undefined) continue;
        if (!container.portsComplete) {
          yield { undecided: `the ports of ${container.label} cannot be read`, at: first.at };
          continue;
        }
        reported.add(name);
        const owner = workload.containers.find((other) => declares(other, name));
        const port = owner?.ports.find((candidate) => candidate.name === name)?.number;
        yield {
          at: first.at,
          as: 'probe',
          message: `the ${first.field} of ${container.label} asks port ${name}, but the container declares ${declaredBy([container])}; a declared name is wanted, because the probe always fails`,
          related: [
            ...others.map(({ field, at }) => ({ at, message: `the ${field} asks it too` })),
            ...targets.flatMap((target) =>
              target.name === name && owner === undefined
                ? [{ at: target.at, message: `${target.service.label} targets it too` }]
                : [],
            ),
            ...container.ports.map(({ at }) => ({ at, message: 'a port that is declared' })),
          ],
          fix:
            owner !== undefined && port?.state === 'known'
              ? `Write the number, because a probe knows the names of its own container only:\nport: ${port.value} # ${name} of ${owner.noun}`
              : fixFor(name, [container]),
          key: `${container.name}/${name}`,
        };
      }
    }

    for (const { service, at, name, of } of targets) {
      const containers = of.flatMap((other) => other.containers);
      if (reported.has(name) || containers.some((container) => declares(container, name))) continue;
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
          message: `${container.noun}, which does not declare it`,
        })),
        fix: fixFor(name, workload.containers),
        key: `${service.identity}/${name}`,
      };
    }
  },
});
