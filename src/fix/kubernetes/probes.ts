/** The readiness probe: only of an endpoint that is known to exist, or of a port that is known to be served. */
import type { MapNode } from '../../facts.ts';
import type { DeployedProgram } from '../../model/together.ts';
import type { Fix, Fixer, FixRequest, Refusal, Safety } from '../fix.ts';
import { type Data, dataOf, entryOf, nodeAt, Unfit } from '../yaml/tree.ts';
import { changedFile, containersAt, objectAt } from './place.ts';

const TIMING = { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 };

interface Probe {
  readonly handler: { readonly [key: string]: Data };
  readonly because: string;
  readonly safety: Safety;
}

export const readinessProbe: Fixer = (request): Fix | Refusal => {
  const { finding } = request;
  const place = objectAt(request, finding.at);
  const containers = containersAt(place, [finding.at, ...finding.related.map(({ at }) => at)]);
  if (containers.length === 0) throw new Unfit('the container is not written there');
  const probes = containers.map(({ way, node }) => ({ way, probe: probeOf(request, node) }));
  const changes = probes.map(({ way, probe }) => ({
    index: place.index,
    change: { set: [...place.way, ...way, 'readinessProbe'], to: { ...probe.handler, ...TIMING } },
  }));
  const [first] = probes;
  return {
    safety: probes.every(({ probe }) => probe.safety === 'safe') ? 'safe' : 'unsafe',
    description: `Add a readiness probe: ${first?.probe.because ?? ''}`,
    files: [changedFile(place.path, place.text, changes)],
  };
};

function probeOf(request: FixRequest, container: MapNode): Probe {
  const liveness = livenessOf(container);
  if (liveness !== undefined) return liveness;
  const name = entryOf(container, 'name')?.value;
  const program = request.programs.find(
    (other) =>
      other.container.workload.identity === request.finding.identity &&
      name?.kind === 'scalar' &&
      other.container.name === name.value,
  );
  if (program === undefined)
    throw new Unfit(
      'which endpoint says that the container can serve is not known: its code is not bound to it, and it has no liveness probe',
    );
  return served(program);
}

/** The endpoint that the liveness probe asks exists and answers. */
function livenessOf(container: MapNode): Probe | undefined {
  const httpGet = nodeAt(container, ['livenessProbe', 'httpGet']);
  if (httpGet?.kind !== 'map') return undefined;
  return {
    handler: { httpGet: dataOf(httpGet) },
    because: 'the endpoint of the liveness probe',
    safety: 'safe',
  };
}

const READY = /(?:^|\/)(?:readyz?|readiness)$/i;
const HEALTH = /(?:^|\/)(?:healthz?|health[-_]?check|_health|ping|status)$/i;

/** A health route that the bound application serves, on a port that it listens on. */
function served(program: DeployedProgram): Probe {
  if (!program.confident) throw new Unfit('which code runs in the container is only probable');
  const routes = program.servers.items.flatMap((server) =>
    server.routes.items.flatMap(({ path, verb }) =>
      path.state === 'known' && !/[:*{(]/.test(path.value) && (verb === 'GET' || verb === '*')
        ? [path.value]
        : [],
    ),
  );
  const route = routes.find((path) => READY.test(path)) ?? routes.find((path) => HEALTH.test(path));
  if (route === undefined) throw new Unfit('the application serves no health route that is known');
  const [port, ...others] = program.ports.items;
  if (port === undefined || others.length > 0)
    throw new Unfit('the port that the application listens on is not known');
  return {
    handler: { httpGet: { path: route, port: port.number } },
    because: `the application serves ${route} on port ${port.number}`,
    safety: 'safe',
  };
}
