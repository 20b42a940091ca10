/** Services, and the workloads that they send traffic to. */
import { byDefault, orDefault } from '../derive/values.ts';
import type { Service, ServicePort, Workload } from '../model.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import { isUncertain, type LabelSelector, mapSelectorOf } from './labels.ts';
import type { KubernetesObject } from './objects.ts';
import { isScraped } from './ports.ts';
import { joined, type Mutable, nothingJoined, resourceOf, smallPlaceOf } from './resources.ts';
import { meet, type Scope } from './scope.ts';
import { nearMissIn, type PodIndex, type Selection, workloadsJoined } from './selection.ts';

export interface ServiceRecord {
  readonly service: Mutable<Service>;
  readonly object: KubernetesObject;
  readonly selector: LabelSelector;
  readonly selection: Selection;
  /** The list of ports can be read. */
  readonly portsComplete: boolean;
}

function portsOf(service: Service, list: Cursor): readonly ServicePort[] {
  return list.items
    .filter((item) => item.node?.kind === 'map')
    .map((item) => {
      const name = item.get('name').text();
      const port = item.get('port').number();
      const target = item.get('targetPort');
      const targetPort: Value<number | string> = target.isAbsent
        ? port.state === 'known'
          ? byDefault(port.value, port.at)
          : port
        : target.numberOrString();
      return {
        service,
        ...(name.state === 'known' ? { name: name.value } : {}),
        port,
        targetPort,
        scraped: isScraped(
          name.state === 'known'
            ? name.value
            : targetPort.state === 'known' && typeof targetPort.value === 'string'
              ? targetPort.value
              : undefined,
        ),
        at: port.at,
      };
    });
}

function serviceOf(object: KubernetesObject, index: PodIndex): ServiceRecord {
  const spec = object.body.get('spec');
  const cursor = spec.get('selector');
  const type = orDefault(spec.get('type').string(), 'ClusterIP');
  const external = type.state === 'known' && type.value === 'ExternalName';
  const read = mapSelectorOf(cursor);
  const selector = external ? { ...read, nothing: true } : read;
  const clusterIP = spec.get('clusterIP').text();
  const service: Mutable<Service> = {
    ...resourceOf(object),
    type,
    headless: clusterIP.state === 'known' && clusterIP.value === 'None',
    selector: read.nothing ? { state: 'absent', at: cursor.keyAt } : cursor.stringMap(),
    selectorAt: smallPlaceOf(cursor),
    ports: [],
    workloads: nothingJoined(),
  };
  service.ports = portsOf(service, spec.get('ports'));
  return {
    service,
    object,
    selector,
    selection: index.select(selector, object.namespace),
    portsComplete: spec.get('ports').isComplete,
  };
}

/** A headless Service must have a port; people write 0 where there is none. */
function isForItsNameOnly({ ports }: Service): boolean {
  return (
    ports.length > 0 &&
    ports.every(({ targetPort }) => targetPort.state === 'known' && targetPort.value === 0)
  );
}

/**
 * Joins Services and workloads both ways.
 * Service to workloads: see `workloadsJoined`. Workload to Services: not complete when a Service stands in something
 * unread or may match it; an open context does not matter, because operators make Services for their own pods.
 */
export function servicesOf(scope: Scope, index: PodIndex): readonly ServiceRecord[] {
  const records = scope.ofKind('Service').map((object) => serviceOf(object, index));
  // A list of ports that cannot be read may hold one for users.
  const onlyScraped = new Set<Service>(
    records
      .filter(({ service: { ports }, portsComplete }) => portsComplete && ports.length > 0)
      .map(({ service }) => service)
      .filter(({ ports }) => ports.every(({ scraped }) => scraped)),
  );
  const services = new Map<Workload, Service[]>();
  const unsure = new Map<Workload, string>();
  for (const { service, selection } of records) {
    for (const { workload } of selection.records) {
      const list = services.get(workload);
      if (list === undefined) services.set(workload, [service]);
      else list.push(service);
    }
    for (const { workload } of selection.perhaps)
      unsure.set(workload, `${service.label} may select it`);
  }
  for (const { workload } of index.workloads.records) {
    const why = scope.unread('Service') ?? unsure.get(workload);
    workload.services = joined(services.get(workload) ?? [], why);
    workload.trafficServices = workload.services.items.filter(
      (service) => !onlyScraped.has(service) && !isForItsNameOnly(service),
    );
  }
  for (const { service, selector, selection } of records) {
    service.workloads = workloadsJoined(scope, selector, selection, service.namespace);
    if (selection.records.length > 0 || isUncertain(selector)) continue;
    const miss = nearMissIn(
      index,
      service,
      selector,
      (record) => (services.get(record.workload)?.length ?? 0) > 0,
    );
    if (miss !== undefined) service.nearMiss = miss;
  }
  return records;
}

/** The Service that a reference in `namespace` names; one of that very namespace wins. */
export function findService(
  records: readonly ServiceRecord[],
  name: string,
  namespace: string | undefined,
): ServiceRecord | undefined {
  const found = records.filter(
    ({ object }) =>
      (object.name === name || object.facts.name === name) && meet(object.namespace, namespace),
  );
  return found.find(({ object }) => object.namespace === namespace) ?? found[0];
}
