/** Containers of a pod: ports, probes, volume mounts, resources, and the Services that reach them. */
import { type Location, settingsIn } from '../../location.ts';
import { absent, known, map, orDefault, unknown } from '../derive/values.ts';
import type {
  Container,
  ContainerPort,
  ImageReference,
  Probe,
  Service,
  ServicePort,
  Settings,
  Volume,
  VolumeMount,
  Workload,
} from '../model.ts';
import type { Joined, Value } from '../value.ts';
import type { Cursor } from './cursor.ts';
import { environmentOf } from './environment.ts';
import { dataStoreIn, dataStoreOf, imageReferenceOf, isThirdParty } from './images.ts';
import { oncePerNode } from './once.ts';
import { isScraped } from './ports.ts';
import { requestsOf } from './requests.ts';
import { joined, type Mutable, nothingJoined } from './resources.ts';
import type { Scope } from './scope.ts';

function portsOf(list: Cursor): readonly ContainerPort[] {
  return list.items
    .filter((item) => !item.isUnknown)
    .map((item) => {
      const name = item.get('name').text();
      const number = item.get('containerPort');
      return {
        ...(name.state === 'known' ? { name: name.value } : {}),
        scraped: name.state === 'known' && isScraped(name.value),
        number: number.number(),
        hostPort: item.get('hostPort').number(),
        at: number.isAbsent ? item.at : number.at,
      };
    });
}

const HANDLERS = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;

/** The number of a named port, so that `http` and 8080 are the same handler. */
function resolved(
  port: Value<number | string>,
  ports: readonly ContainerPort[],
): number | string | undefined {
  if (port.state !== 'known') return undefined;
  const found = ports.find((p) => p.name !== undefined && p.name === port.value);
  return found?.number.state === 'known' ? found.number.value : port.value;
}

function probeOf(probe: Cursor, ports: readonly ContainerPort[]): Value<Probe> {
  if (probe.isAbsent) return probe.absent();
  if (probe.node?.kind !== 'map') return unknown('the probe cannot be read', probe.at);
  const at = probe.keyAt;
  const handler = HANDLERS.find((name) => !probe.get(name).isAbsent) ?? 'unknown';
  const body = handler === 'unknown' ? probe : probe.get(handler);
  const port: Value<number | string> =
    handler === 'exec' ? absent(at) : body.get('port').numberOrString();
  const path: Value<string> =
    handler === 'httpGet' ? orDefault(body.get('path').text(), '/') : absent(at);
  const key = body.isUnknown ? undefined : handlerKeyOf(handler, body, resolved(port, ports), path);
  // The API server takes a written 0 for unset (kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_Probe).
  const number = (name: string, fallback: number) => {
    const value = orDefault(probe.get(name).number(), fallback);
    return value.state === 'known' && value.value === 0 ? { ...value, value: fallback } : value;
  };
  return known(
    {
      at,
      handler: body.isUnknown ? 'unknown' : handler,
      port,
      path,
      host:
        handler === 'httpGet' || handler === 'tcpSocket' ? body.get('host').string() : absent(at),
      ...(key === undefined ? {} : { handlerKey: key }),
      initialDelaySeconds: number('initialDelaySeconds', 0),
      periodSeconds: number('periodSeconds', 10),
      timeoutSeconds: number('timeoutSeconds', 1),
      failureThreshold: number('failureThreshold', 3),
      successThreshold: number('successThreshold', 1),
    },
    at,
  );
}

function handlerKeyOf(
  handler: Probe['handler'],
  body: Cursor,
  port: number | string | undefined,
  path: Value<string>,
): string | undefined {
  const text = (name: string, fallback: string) => {
    const value = orDefault(body.get(name).text(), fallback);
    return value.state === 'known' ? value.value : undefined;
  };
  const parts: (string | number | undefined)[] = [handler];
  switch (handler) {
    case 'httpGet':
      parts.push(text('scheme', 'HTTP'), text('host', ''), port);
      parts.push(path.state === 'known' ? path.value : undefined, headersOf(body));
      break;
    case 'tcpSocket':
      parts.push(text('host', ''), port);
      break;
    case 'grpc':
      parts.push(port, text('service', ''));
      break;
    case 'exec': {
      const command = body.get('command').strings();
      parts.push(command.state === 'known' ? JSON.stringify(command.value) : undefined);
      break;
    }
    case 'unknown':
      return undefined;
  }
  return parts.includes(undefined) ? undefined : parts.join(' ');
}

/** Headers of an HTTP probe as text, names in lower case; undefined when one cannot be read. */
function headersOf(body: Cursor): string | undefined {
  const headers = body.get('httpHeaders');
  if (!headers.isComplete) return undefined;
  const lines: string[] = [];
  for (const item of headers.items) {
    const name = item.get('name').text();
    const value = item.get('value').text();
    if (name.state !== 'known' || value.state === 'unknown') return undefined;
    lines.push(`${name.value.toLowerCase()}=${value.state === 'known' ? value.value : ''}`);
  }
  return JSON.stringify(lines.sort());
}

function mountsOf(container: Cursor, volumes: readonly Volume[]): readonly VolumeMount[] {
  return container.get('volumeMounts').items.flatMap((item): readonly VolumeMount[] => {
    const path = item.get('mountPath');
    const mountPath = path.text();
    if (mountPath.state !== 'known') return [];
    const name = item.get('name').text();
    const volume = volumes.find((v) => name.state === 'known' && v.name === name.value);
    const readOnly = item.get('readOnly').boolean();
    return [
      {
        mountPath: mountPath.value,
        readOnly: readOnly.state === 'known' && readOnly.value,
        ...(volume === undefined ? {} : { volume }),
        at: path.at,
      },
    ];
  });
}

/** Command and arguments that are known, as one list. */
export function wordsOf(container: Pick<Container, 'command' | 'args'>): readonly string[] {
  return [container.command, container.args].flatMap((value) =>
    value.state === 'known' ? value.value : [],
  );
}

/** `NAME=value` for every variable whose value is written here. */
/** The texts of one field of every item of a list. */
function textsIn(list: Cursor, field: string): readonly string[] {
  return list.items.flatMap((item) => {
    const text = item.get(field).text();
    return text.state === 'known' ? [text.value] : [];
  });
}

function variablesOf(container: Cursor): readonly string[] {
  return container.get('env').items.flatMap((item) => {
    const name = item.get('name').text();
    const value = item.get('value').text();
    return name.state === 'known' && value.state === 'known'
      ? [`${name.value}=${value.value}`]
      : [];
  });
}

/** A container while link fills in its Services. */
export interface ContainerRecord {
  readonly container: Mutable<Container>;
  readonly cursor: Cursor;
}

/** Seconds that a hook sleeps; absent without a hook. */
function sleepIn(hook: Cursor): Value<number> {
  if (hook.isAbsent) return hook.absent();
  const seconds = hook.get('sleep', 'seconds').number();
  if (seconds.state === 'known') return seconds;
  const command = hook.get('exec', 'command').strings();
  if (command.state !== 'known') return unknown('the hook cannot be read', hook.at);
  const line = command.value.join(' ').trim();
  const [, amount] =
    /^(?:(?:\/usr)?(?:\/bin\/)?(?:sh|bash|ash) -c )?(?:(?:\/usr)?\/bin\/)?sleep (\d+)s?;?$/.exec(
      line,
    ) ?? [];
  return amount === undefined
    ? unknown('the hook does more than sleep', hook.at)
    : known(Number(amount), command.at);
}

function imageOf(cursor: Cursor): Value<ImageReference> {
  return map(cursor.get('image').string(), imageReferenceOf);
}

/** The fields of a container that depend on nothing but its text. */
interface Written {
  readonly cursor: Cursor;
  /** What it lacks, unless it is only a part of a container. */
  readonly own: <T>(value: Value<T>) => Value<T>;
  readonly at: Location | undefined;
  readonly fields: Pick<
    Container,
    | 'name'
    | 'image'
    | 'firstParty'
    | 'imagePullPolicy'
    | 'ports'
    | 'portsComplete'
    | 'readinessProbe'
    | 'livenessProbe'
    | 'startupProbe'
    | 'preStop'
    | 'preStopSeconds'
    | 'dataStore'
    | 'command'
    | 'args'
  >;
}

/**
 * The image of a gateway that Istio's injector replaces, together with probes, ports and resources of its template.
 * Source: https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway
 */
const INJECTED = 'auto';

/**
 * What a container says by itself; what is missing in it is reported at its name. A container without an image is a part that
 * something merges into the whole (a patch, an example to copy): what it lacks is unknown.
 */
const writtenIn = oncePerNode(
  (item): Written => {
    const named = item.get('name');
    const name = named.text();
    const cursor = named.node === undefined ? item : item.anchoredAt(named.node.range);
    const image = imageOf(cursor);
    const list = cursor.get('ports');
    const ports = portsOf(list);
    const command = cursor.get('command').strings();
    const args = cursor.get('args').strings();
    const preStop = cursor.get('lifecycle', 'preStop');
    const dataStore =
      image.state === 'known'
        ? (dataStoreOf(image.value, [...wordsOf({ command, args }), ...variablesOf(cursor)]) ??
          dataStoreIn(image.value, {
            ports: ports.flatMap(({ number }) => (number.state === 'known' ? [number.value] : [])),
            variables: textsIn(cursor.get('env'), 'name'),
            mountPaths: textsIn(cursor.get('volumeMounts'), 'mountPath'),
          }))
        : undefined;
    const isInjected = image.state === 'known' && image.value.text === INJECTED;
    const isPart = cursor.get('image').isAbsent || isInjected;
    const why = isInjected
      ? 'the injector of the mesh fills it in'
      : 'a container without an image';
    const own = <T>(value: Value<T>): Value<T> =>
      isPart && value.state === 'absent' ? unknown(why, value.at) : value;
    return {
      cursor,
      own,
      at: named.isAbsent ? undefined : named.at,
      fields: {
        name: name.state === 'known' ? name.value : '',
        image,
        firstParty: image.state !== 'known' || !isThirdParty(image.value),
        imagePullPolicy: cursor.get('imagePullPolicy').string(),
        ports,
        portsComplete:
          !isPart &&
          list.isComplete &&
          ports.every((port) => port.number.state === 'known') &&
          list.items.every((port) => port.get('name').text().state !== 'unknown'),
        readinessProbe: own(probeOf(cursor.get('readinessProbe'), ports)),
        livenessProbe: own(probeOf(cursor.get('livenessProbe'), ports)),
        startupProbe: own(probeOf(cursor.get('startupProbe'), ports)),
        preStop: preStop.isAbsent
          ? own(preStop.absent())
          : preStop.isUnknown
            ? preStop.unknown('the hook cannot be read')
            : known(true, preStop.keyAt),
        preStopSeconds: own(sleepIn(preStop)),
        ...(dataStore === undefined ? {} : { dataStore }),
        command,
        args,
      },
    };
  },
  () => '',
);

/** Fields whose absence is reported. */
const FIELDS = [
  'resources',
  'readinessProbe',
  'livenessProbe',
  'startupProbe',
  'lifecycle',
  'volumeMounts',
];

/** The values of a chart by the fields that they decide. */
export function settingsOf(cursor: Cursor, fields: readonly string[]): Settings {
  if (cursor.file.map === undefined) return new Map();
  return new Map(
    fields.flatMap((field) => {
      const found = cursor.settingsFor(field);
      return found.length === 0 ? [] : [[field, found] as const];
    }),
  );
}

/** The values of a chart that the tag of the image was made of; the registry and the name do not matter. */
function tagSettings(cursor: Cursor, image: Value<ImageReference>): Settings {
  const { node, file } = cursor.get('image');
  const tag = image.state === 'known' ? image.value.tag : undefined;
  if (file.map === undefined || node?.kind !== 'scalar' || tag === undefined) return new Map();
  const at = node.range[0] + node.text.lastIndexOf(tag);
  const found = settingsIn(file.map, [at, at + tag.length]);
  return found.length === 0 ? new Map() : new Map([['image', found]]);
}

function containerOf(
  scope: Scope,
  workload: Workload,
  item: Cursor,
  podSpec: Cursor,
  nativeSidecar: boolean,
): ContainerRecord {
  const { cursor, own, at, fields } = writtenIn(item);
  const noun = fields.name === '' ? 'a container' : `container ${fields.name}`;
  const resources = requestsOf(scope, workload.namespace, cursor, podSpec);
  return {
    cursor,
    container: {
      ...fields,
      context: workload.context,
      identity: `${workload.identity}#${fields.name}`,
      label: `${noun} of ${workload.label}`,
      at: at ?? workload.at,
      annotations: workload.annotations,
      settings: new Map([...settingsOf(cursor, FIELDS), ...tagSettings(cursor, fields.image)]),
      workload,
      noun,
      nativeSidecar,
      servicePorts: nothingJoined(),
      resources: {
        cpuRequest: own(resources.cpuRequest),
        memoryRequest: own(resources.memoryRequest),
        cpuLimit: own(resources.cpuLimit),
        memoryLimit: own(resources.memoryLimit),
        at: resources.at,
      },
      volumeMounts: mountsOf(cursor, workload.volumes),
      environment: environmentOf(scope, workload.namespace, cursor),
    },
  };
}

/** Regular containers, then native sidecars (init containers with restartPolicy Always). */
export function containersOf(
  scope: Scope,
  workload: Workload,
  podSpec: Cursor,
): readonly ContainerRecord[] {
  const sidecars = podSpec.get('initContainers').items.filter((item) => {
    const policy = item.get('restartPolicy').string();
    return policy.state === 'known' && policy.value === 'Always';
  });
  const regular = podSpec.get('containers').items.filter((item) => item.node?.kind === 'map');
  return [
    ...regular.map((item) => containerOf(scope, workload, item, podSpec, false)),
    ...sidecars.map((item) => containerOf(scope, workload, item, podSpec, true)),
  ];
}

/**
 * Which container a port of a Service reaches: those that declare the number or the name. A number that nobody
 * declares reaches the only container that is not a sidecar; with several, or with a port list that cannot be
 * read, nobody can say, and the lists of all containers of the pod are incomplete.
 */
export function joinServicePorts(
  records: readonly ContainerRecord[],
  services: Joined<Service>,
  podComplete: boolean,
): void {
  const containers = records.map((record) => record.container);
  const regular = containers.filter((container) => !container.nativeSidecar);
  const [only, second] = regular;
  const sole = second === undefined && podComplete ? only : undefined;
  const reached = new Map<Container, ServicePort[]>(containers.map((c) => [c, []]));
  let why = services.complete ? undefined : services.why;
  if (!podComplete) why ??= 'not all containers of the pod can be read';

  for (const port of services.items.flatMap((service) => service.ports)) {
    const target = port.targetPort;
    // What people write behind a headless Service that is there for its name only.
    if (target.state === 'known' && target.value === 0) continue;
    const declaring =
      target.state !== 'known'
        ? []
        : containers.filter((container) =>
            container.ports.some((p) =>
              typeof target.value === 'string'
                ? p.name === target.value
                : p.number.state === 'known' && p.number.value === target.value,
            ),
          );
    for (const container of declaring) reached.get(container)?.push(port);
    if (declaring.length > 0) continue;
    if (target.state === 'known' && typeof target.value === 'string') {
      if (containers.some((container) => !container.portsComplete))
        why ??= 'the ports of a container cannot be read';
    } else if (sole !== undefined) reached.get(sole)?.push(port);
    else why ??= `nobody declares the port that ${port.service.label} targets`;
  }
  for (const container of containers)
    container.servicePorts = joined(reached.get(container) ?? [], why);
}
