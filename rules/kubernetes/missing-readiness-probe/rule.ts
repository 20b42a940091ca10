import { type Container, defineRule, settingsFor, type Workload } from '../../../src/rule.ts';

const isOwn = (container: Container) => container.firstParty && container.dataStore === undefined;
const trafficOf = ({ servicePorts }: Container) =>
  servicePorts.items.filter(({ scraped }) => !scraped);
const lacks = ({ readinessProbe }: Container) => readinessProbe.state === 'absent';

/** The containers whose readiness matters, and how much. Helpers beside them are left alone. */
function judgedOf(workload: Workload) {
  const { containers, kind } = workload;
  const targeted = containers.filter((container) => trafficOf(container).length > 0);
  const serving = targeted.filter(isOwn);
  if (serving.length > 0)
    return { as: workload.readinessGates ? 'gated' : 'behindService', judged: serving } as const;

  const own = containers.filter((container) => isOwn(container) && !container.nativeSidecar);
  if (targeted.length > 0) {
    const behind = own.filter(({ ports }) => ports.some(({ scraped }) => !scraped));
    if (behind.length > 0) return { as: 'behindProxy', judged: behind } as const;
    // One probe makes the whole pod ready or not: a helper of a probed container needs none.
    const probed = containers.some(({ readinessProbe }) => readinessProbe.state === 'known');
    return { as: 'thirdParty', judged: probed ? [] : targeted } as const;
  }
  if (workload.trafficServices.length > 0 && own.some(({ servicePorts }) => !servicePorts.complete))
    return { as: 'perhapsServing', judged: own } as const;
  if (workload.tool !== undefined) return { as: 'tool', judged: own } as const;
  // Nobody looks at the readiness of a Pod that no Service selects and no controller replaces.
  if (kind === 'Pod') return { as: 'worker', judged: [] } as const;
  const open = own.filter(({ ports }) => ports.length > 0);
  return open.length > 0
    ? ({ as: 'noService', judged: open } as const)
    : ({ as: 'worker', judged: own } as const);
}

/** The port to probe, as the manifest names it: what the Service targets, else the first one declared. */
function portOf(container: Container) {
  const { ports } = container;
  const [target] = trafficOf(container).flatMap(({ targetPort }) =>
    targetPort.state === 'known' ? [targetPort.value] : [],
  );
  const first = ports.find(({ scraped }) => !scraped) ?? ports[0];
  const port =
    target === undefined
      ? first
      : ports.find(
          ({ name, number }) =>
            name === target || (number.state === 'known' && number.value === target),
        );
  const number = port?.number.state === 'known' ? port.number.value : undefined;
  // Port 0 is what people write for no port at all.
  return { name: port?.name, number, written: (port?.name ?? number ?? target) || undefined };
}

const TLS = /^(?:443|6443|8443|9443)$|https|webhook|(?:^|-)tls(?:-|$)/i;

/** The endpoint that a liveness probe asks exists; undefined when it asks none. */
function livenessHandler({ livenessProbe }: Container): string | undefined {
  if (livenessProbe.state !== 'known') return undefined;
  const { handler, port, path } = livenessProbe.value;
  if (handler !== 'httpGet' || port.state !== 'known' || path.state !== 'known') return undefined;
  const scheme = TLS.test(String(port.value)) ? '\n    scheme: HTTPS' : '';
  return `  httpGet:\n    path: ${path.value}\n    port: ${port.value}${scheme}`;
}

/** Never an endpoint or a file that nobody has seen: a probe that always fails takes the service down. */
function fixFor(container: Container): string {
  const { name, number, written } = portOf(container);
  const head = `Give ${container.noun} a readiness probe`;
  const timing = '  periodSeconds: 5\n  timeoutSeconds: 3\n  failureThreshold: 3';
  const probe = (handler: string) => `:\nreadinessProbe:\n${handler}\n${timing}`;
  if (written === undefined)
    return `${head} that fails while it cannot work: an exec of a command that checks what it is connected to`;
  const liveness = isOwn(container) ? livenessHandler(container) : undefined;
  if (liveness !== undefined)
    return `${head}: the endpoint of its liveness probe exists, one that also says whether it can serve is better${probe(liveness)}`;
  const socket = probe(`  tcpSocket:\n    port: ${written}`);
  if (!isOwn(container)) return `${head} on the port that it serves${socket}`;
  const better =
    name !== undefined && /grpc/i.test(name) && number !== undefined
      ? `grpc: { port: ${number} }, once the server registers the gRPC health service`
      : 'httpGet of an endpoint that answers 200 only while it can serve';
  return `${head} on the port that it serves; better is ${better}${socket}`;
}

const WHY = {
  behindService: 'because the Service sends traffic to pods that cannot answer yet',
  gated: 'because its readiness gates do not see whether the container answers',
  behindProxy: 'because the pod counts as ready as soon as the proxy in front of it is',
  thirdParty: 'because the Service sends traffic to pods that cannot answer yet',
  perhapsServing: 'because the Service may send it traffic that it cannot answer yet',
  noService: 'because a rollout replaces all pods even when the new ones do not work',
  worker: 'because a rollout replaces all pods even when the new ones do not work',
  tool: 'because a rollout replaces all pods even when the new ones do not work',
};

export default defineRule({
  id: 'missing-readiness-probe',
  title: 'Nothing tells Kubernetes whether a container can do its work.',
  cause: 'no readiness probe',
  subject: 'workload',
  levels: {
    behindService: 'error',
    gated: 'warning',
    behindProxy: 'warning',
    thirdParty: 'warning',
    perhapsServing: 'warning',
    noService: 'warning',
    worker: 'warning',
    tool: 'note',
  },
  runbook: 'pod-4-readiness-probe',
  bearsOn: ['traffic-to-unready-pods'],
  fix: 'Add a readiness probe:\nreadinessProbe:\n  tcpSocket:\n    port: 8000\n  periodSeconds: 5\n  timeoutSeconds: 3\n  failureThreshold: 3',

  *check(workload) {
    if (workload.kind === 'Job' || workload.kind === 'CronJob') return;
    const { as, judged } = judgedOf(workload);
    const [first, ...others] = judged.filter(lacks);
    if (first === undefined) {
      for (const { readinessProbe } of judged)
        if (readinessProbe.state === 'unknown')
          yield { undecided: readinessProbe.why, at: readinessProbe.at };
      return;
    }
    const names = [first, ...others].map(({ name }) => name);
    const what = names.length === 1 ? first.label : `${names.join(', ')} of ${workload.label}`;
    yield {
      at: first.at,
      settings: settingsFor([first, ...others], 'readinessProbe'),
      as,
      message: `${names.length === 1 ? '' : 'containers '}${what} ${names.length === 1 ? 'has' : 'have'} no readinessProbe; one is wanted, ${WHY[as]}`,
      related: [
        ...others.map((container) => ({
          at: container.at,
          message: `${container.noun} without a readinessProbe`,
        })),
        ...workload.trafficServices.map((service) => ({
          at: service.nameAt,
          message: 'the Service that sends it traffic',
        })),
      ],
      fix: fixFor(first),
    };
  },
});
