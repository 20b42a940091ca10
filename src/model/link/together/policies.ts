/** What proxies do with requests on the way: the sidecars of a mesh, the controller of an Ingress. */
import { byDefault, known, unknown } from '../../derive/values.ts';
import type { Container, MeshRoute, Resource, Service, Workload } from '../../model.ts';
import type { EdgePolicy } from '../../service-graph.ts';
import type { Value } from '../../value.ts';
import type { Hosts } from './hosts.ts';

export interface MeshFacts {
  readonly routes: readonly MeshRoute[];
  readonly hosts: Hosts;
  /** Every pod has a sidecar, says the policy. */
  readonly everywhere: boolean;
}

/** Istio retries twice what was not delivered or answered by 503, unless it is told otherwise (istio.io, HTTPRetry). */
const DEFAULT_TRIES = 3;

/** What the sidecar of the caller does; undefined: it has none as far as anybody can tell, and no VirtualService speaks of the host. */
export function meshPolicy(
  from: Workload,
  service: Service,
  { routes, hosts, everywhere }: MeshFacts,
): EdgePolicy | undefined {
  const own = routes.filter(
    (route) =>
      route.context === service.context &&
      route.gateways.items.includes('mesh') &&
      route.hosts.items.some((host) => hosts.serviceOf(host, route.virtualService) === service),
  );
  const [first] = own;
  if (first !== undefined) return sharedPolicy(own, first.virtualService.label);
  if (!(everywhere || hasSidecar(from))) return undefined;
  return {
    timeout: { state: 'absent', at: service.at },
    tries: byDefault(DEFAULT_TRIES, service.at),
    perTryTimeout: { state: 'absent', at: service.at },
    by: 'the mesh',
    at: service.at,
  };
}

/** What holds for every route of a host: a request may take any of them. */
export function sharedPolicy(routes: readonly MeshRoute[], by: string): EdgePolicy | undefined {
  const [first] = routes;
  if (first === undefined) return undefined;
  return {
    timeout: common(routes.map(({ timeout }) => timeout)),
    tries: common(
      routes.map(({ retries }) =>
        retries.state === 'known' ? { ...retries, value: retries.value + 1 } : retries,
      ),
    ),
    perTryTimeout: common(routes.map(({ perTryTimeout }) => perTryTimeout)),
    by,
    at: first.at,
  };
}

/** The largest value, when every route has one; absent when none has. */
function common(values: readonly Value<number>[]): Value<number> {
  const numbers = values.flatMap((value) => (value.state === 'known' ? [value] : []));
  const [first, ...others] = numbers;
  if (first !== undefined && numbers.length === values.length)
    return others.reduce((most, one) => (one.value > most.value ? one : most), first);
  const [any] = values;
  if (any !== undefined && values.every(({ state }) => state === 'absent')) return any;
  return unknown('the routes of the host differ', (first ?? any ?? NOWHERE).at);
}

const NOWHERE = {
  at: { path: '', start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 },
};

function hasSidecar({ podLabels, annotations, containers }: Workload): boolean {
  const label =
    podLabels.state === 'known' ? podLabels.value.get('sidecar.istio.io/inject') : undefined;
  const says = label ?? annotations.get('sidecar.istio.io/inject')?.value;
  return says === 'true' || containers.some(isProxy);
}

function isProxy({ name }: Container): boolean {
  return name === 'istio-proxy';
}

/** nginx waits 60 s between two reads of an answer (ingress-nginx, proxy-read-timeout). */
const NGINX_READ_SECONDS = 60;

/** What the controller of an Ingress does; undefined when it is not one whose behaviour is known. */
export function ingressPolicy({ kind, annotations, label, at }: Resource): EdgePolicy | undefined {
  if (kind !== 'Ingress') return undefined;
  const prefix = 'nginx.ingress.kubernetes.io/';
  const isNginx =
    /nginx/.test(annotations.get('kubernetes.io/ingress.class')?.value ?? '') ||
    [...annotations.keys()].some((key) => key.startsWith(prefix));
  if (!isNginx) return undefined;
  const written = annotations.get(`${prefix}proxy-read-timeout`);
  const seconds = Number(written?.value ?? NGINX_READ_SECONDS);
  const timeout =
    written === undefined
      ? byDefault(seconds * 1000, at)
      : Number.isFinite(seconds) && seconds > 0
        ? known(seconds * 1000, written.at)
        : unknown('it is no number', written.at);
  return {
    timeout,
    // It asks another pod only when the request is known not to have arrived, or may be repeated.
    tries: unknown('it depends on the request', at),
    perTryTimeout: timeout,
    by: label,
    at,
  };
}
