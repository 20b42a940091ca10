/** Where Ingresses, Gateway API routes and OpenShift Routes name a Service. */
import { known, unknown } from '../derive/values.ts';
import type { Backend, Resource } from '../model.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import { nearMissOfReference } from './near.ts';
import type { KubernetesObject } from './objects.ts';
import { resourceOf } from './resources.ts';
import type { Scope } from './scope.ts';
import { findService, type ServiceRecord } from './services.ts';

/** A reference as it is written. */
interface Reference {
  readonly name: Cursor;
  readonly port: Cursor;
  readonly namespace: string | undefined;
  /** The namespace is another one than the route's, and written. */
  readonly foreign: boolean;
  /** What a number in `port` counts: ports of the Service, or (OpenShift) of its pods. */
  readonly portOf: 'service' | 'pod';
}

function ingressReferences(object: KubernetesObject): readonly Reference[] {
  const spec = object.body.get('spec');
  const old = object.group === 'extensions' || object.version === 'v1beta1';
  const backends = [
    spec.get(old ? 'backend' : 'defaultBackend'),
    ...spec
      .get('rules')
      .items.flatMap((rule) => rule.get('http', 'paths').items)
      .map((path) => path.get('backend')),
  ];
  return backends.flatMap((backend): readonly Reference[] => {
    if (backend.isAbsent || !backend.get('resource').isAbsent) return [];
    const service = backend.get('service');
    const port = service.get('port');
    const number = port.get('number');
    return [
      {
        name: old ? backend.get('serviceName') : service.get('name'),
        port: old ? backend.get('servicePort') : number.isAbsent ? port.get('name') : number,
        namespace: object.namespace,
        foreign: false,
        portOf: 'service',
      },
    ];
  });
}

function textOf(cursor: Cursor, fallback: string): string | undefined {
  const value = cursor.string();
  if (value.state === 'unknown') return undefined;
  return value.state === 'known' ? value.value : fallback;
}

function gatewayReferences(object: KubernetesObject): readonly Reference[] {
  return object.body
    .get('spec', 'rules')
    .items.flatMap((rule) => rule.get('backendRefs').items)
    .flatMap((backend): readonly Reference[] => {
      if (backend.node?.kind !== 'map') return [];
      if (textOf(backend.get('kind'), 'Service') !== 'Service') return [];
      if (textOf(backend.get('group'), '') !== '') return [];
      const own = backend.get('namespace').string();
      if (own.state === 'unknown') return [];
      const namespace = own.state === 'known' ? own.value : object.namespace;
      return [
        {
          name: backend.get('name'),
          port: backend.get('port'),
          namespace,
          foreign: own.state === 'known' && own.value !== object.namespace,
          portOf: 'service',
        },
      ];
    });
}

function openShiftReferences(object: KubernetesObject): readonly Reference[] {
  const spec = object.body.get('spec');
  return [spec.get('to'), ...spec.get('alternateBackends').items].flatMap(
    (target): readonly Reference[] => {
      if (target.isAbsent || textOf(target.get('kind'), 'Service') !== 'Service') return [];
      const port = spec.get('port', 'targetPort');
      const { namespace } = object;
      return [{ name: target.get('name'), port, namespace, foreign: false, portOf: 'pod' }];
    },
  );
}

const READERS: ReadonlyMap<string, (object: KubernetesObject) => readonly Reference[]> = new Map([
  ['Ingress', ingressReferences],
  ['HTTPRoute', gatewayReferences],
  ['GRPCRoute', gatewayReferences],
  ['TCPRoute', gatewayReferences],
  ['TLSRoute', gatewayReferences],
  ['UDPRoute', gatewayReferences],
  ['Route', openShiftReferences],
]);

/** Whether the Service has the port; OpenShift's number is a target port, its name a port of the Service. */
function portExists(
  record: ServiceRecord | undefined,
  port: Value<number | string>,
  { portOf }: Reference,
): Value<boolean> {
  if (record === undefined) return unknown('the Service is not in these files', port.at);
  if (port.state !== 'known') return port;
  const { service, portsComplete } = record;
  const external = service.type.state !== 'known' || service.type.value === 'ExternalName';
  if (external) return unknown('the ports of the Service are not in these files', port.at);
  let unclear = !portsComplete;
  for (const own of service.ports) {
    if (typeof port.value === 'string') {
      if (own.name === port.value) return known(true, port.at);
      continue;
    }
    const number = portOf === 'pod' ? own.targetPort : own.port;
    if (number.state !== 'known') unclear = true;
    else if (number.value === port.value) return known(true, port.at);
    else if (typeof number.value === 'string') unclear = true;
  }
  return unclear ? unknown('a port of the Service cannot be read', port.at) : known(false, port.at);
}

function backendOf(
  scope: Scope,
  route: Resource,
  object: KubernetesObject,
  reference: Reference,
  services: readonly ServiceRecord[],
): Backend {
  const { namespace } = reference;
  const name = reference.name.string();
  const port = reference.port.numberOrString();
  const found = name.state === 'known' ? findService(services, name.value, namespace) : undefined;
  const unseen =
    scope.servicesUnseen(namespace) !== undefined ||
    object.facts.namespaceUnknown === true ||
    name.state !== 'known' ||
    // Nothing of the context is said to be in that namespace, so its objects stand elsewhere.
    (reference.foreign && !services.some((s) => s.object.namespace === namespace));
  const miss =
    found !== undefined || name.state !== 'known'
      ? undefined
      : nearMissOfReference(
          { kind: route.kind, namespace },
          name.value,
          services.map(({ service }) => ({
            label: service.label,
            name: service.name,
            namespace: service.namespace,
            at: service.nameAt,
          })),
        );
  const target = name.state === 'known' ? name.value : '';
  const wanted = port.state === 'known' ? `:${port.value}` : '';
  return {
    context: route.context,
    identity: `${route.identity}#${target}${wanted}`,
    label: `backend ${target}${wanted} of ${route.label}`,
    at: name.at,
    annotations: route.annotations,
    route,
    serviceName: name,
    port,
    portAt: port.at,
    ...(found === undefined ? {} : { service: found.service }),
    portExists: portExists(found, port, reference),
    mayBeUnseen: unseen,
    ...(miss === undefined ? {} : { nearMiss: miss }),
  };
}

/** All references of the routes of a context; the same Service and port is one reference per route. */
export function backendsOf(scope: Scope, services: readonly ServiceRecord[]): readonly Backend[] {
  const backends: Backend[] = [];
  for (const [kind, read] of READERS)
    for (const object of scope.ofKind(kind)) {
      const route = resourceOf(object);
      const seen = new Set<string>();
      for (const reference of read(object)) {
        const backend = backendOf(scope, route, object, reference, services);
        const key = JSON.stringify([backend.identity, reference.namespace]);
        if (seen.has(key) && backend.serviceName.state === 'known') continue;
        seen.add(key);
        backends.push(backend);
      }
    }
  return backends;
}
