/** Chaos Mesh manifests that prove predicted failures (api/v1alpha1, v2.7). */
import type { Injection, Prediction, Predictions, Victim } from '../prediction.ts';

/** One file of an experiment. */
export interface ExperimentFile {
  /** `orders-pod-kill.yaml`. */
  readonly name: string;
  readonly text: string;
}

/** The first line of every file that is written here: other files are left alone. */
export const WRITTEN_BY = '# Written by chaoslint predict --write-experiments';

/** A text as YAML and JSON both read it. */
const quoted = (text: string) => JSON.stringify(text);

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)}s`;

function modeOf({ share }: Injection): readonly string[] {
  switch (share?.of) {
    case 'all':
      return ['mode: all'];
    case 'percent':
      return ['mode: fixed-percent', `value: "${share.percent}"`];
    case 'pods':
      return share.count === 1 ? ['mode: one'] : ['mode: fixed', `value: "${share.count}"`];
    case undefined:
      return ['mode: one'];
  }
}

/** Kind and spec of the fault; undefined: Chaos Mesh has no such fault, or it cannot be aimed. */
function faultOf(
  { fault, lasts = 300_000, milliseconds, percent, volumePath, bytes }: Injection,
  { container, port }: Victim,
): { readonly kind: string; readonly lines: readonly string[] } | undefined {
  const duration = `duration: ${seconds(lasts)}`;
  const network = (action: string, ...more: readonly string[]) => ({
    kind: 'NetworkChaos',
    lines: [`action: ${action}`, 'direction: to', ...more, duration],
  });
  switch (fault) {
    case 'pod-kill':
      return { kind: 'PodChaos', lines: ['action: pod-kill', 'gracePeriod: 0'] };
    case 'pod-kill-with-grace':
      return { kind: 'PodChaos', lines: ['action: pod-kill', 'gracePeriod: 30'] };
    case 'pod-failure':
      return { kind: 'PodChaos', lines: ['action: pod-failure', duration] };
    case 'container-kill':
      return container === ''
        ? undefined
        : {
            kind: 'PodChaos',
            lines: ['action: container-kill', `containerNames: [${quoted(container)}]`],
          };
    case 'network-delay':
      return network('delay', 'delay:', `  latency: ${milliseconds ?? 100}ms`);
    case 'network-loss':
      return network('loss', 'loss:', `  loss: "${percent ?? 10}"`);
    case 'network-partition':
      // A partition needs a target; to lose all packets does the same to everybody.
      return network('loss', 'loss:', '  loss: "100"');
    case 'network-bandwidth':
      return network(
        'bandwidth',
        'bandwidth:',
        '  rate: 1mbps',
        '  limit: 20971520',
        '  buffer: 10000',
      );
    case 'dns-error':
      return { kind: 'DNSChaos', lines: ['action: error', 'patterns: ["*"]', duration] };
    case 'http-abort':
    case 'http-delay':
      return port === undefined
        ? undefined
        : {
            kind: 'HTTPChaos',
            lines: [
              'target: Request',
              `port: ${port}`,
              'path: "*"',
              fault === 'http-abort' ? 'abort: true' : `delay: ${milliseconds ?? 500}ms`,
              duration,
            ],
          };
    case 'io-latency':
    case 'io-fault':
      return volumePath === undefined
        ? undefined
        : {
            kind: 'IOChaos',
            lines: [
              ...(fault === 'io-latency'
                ? ['action: latency', `delay: ${milliseconds ?? 500}ms`]
                : // 5 is EIO.
                  ['action: fault', 'errno: 5']),
              `volumePath: ${quoted(volumePath)}`,
              `path: ${quoted(`${volumePath.replace(/\/$/, '')}/**/*`)}`,
              `percent: ${percent ?? 100}`,
              duration,
            ],
          };
    case 'cpu-stress':
      return {
        kind: 'StressChaos',
        lines: ['stressors:', '  cpu:', '    workers: 1', '    load: 90', duration],
      };
    case 'memory-stress':
      return {
        kind: 'StressChaos',
        lines: [
          'stressors:',
          '  memory:',
          '    workers: 1',
          `    size: ${Math.round((bytes ?? 256 * 2 ** 20) / 2 ** 20)}MiB`,
          duration,
        ],
      };
    default:
      return undefined;
  }
}

/** A part of a name that Kubernetes and every file system take. */
function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, 40).replace(/-+$/, '') || 'workload';
}

function manifestOf(prediction: Prediction, name: string): string | undefined {
  const { victim, injection, fault, reasons } = prediction;
  const made = faultOf(injection, victim);
  const labels = Object.entries(victim.labels);
  if (made === undefined || labels.length === 0) return undefined;
  const why = reasons.filter(({ state }) => state === 'broken');
  // A line break in a value must not end the comment.
  const comment = (text: string) => `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`;
  const namespace =
    victim.namespace === undefined ? [] : [`    namespaces: [${quoted(victim.namespace)}]`];
  return `${[
    WRITTEN_BY,
    comment(`${victim.label} is predicted to fail at ${fault}:`),
    ...why.map(({ says }) => comment(`- ${says}`)),
    'apiVersion: chaos-mesh.org/v1alpha1',
    `kind: ${made.kind}`,
    'metadata:',
    `  name: ${name}`,
    ...(victim.namespace === undefined ? [] : [`  namespace: ${quoted(victim.namespace)}`]),
    'spec:',
    ...modeOf(injection).map((line) => `  ${line}`),
    '  selector:',
    ...namespace,
    '    labelSelectors:',
    ...labels.map(([key, value]) => `      ${quoted(key)}: ${quoted(value)}`),
    ...made.lines.map((line) => `  ${line}`),
  ].join('\n')}\n`;
}

/** A manifest for every predicted failure that Chaos Mesh can inject. */
export function experimentFiles({ matrix }: Predictions): readonly ExperimentFile[] {
  const files = new Map<string, string>();
  for (const prediction of matrix) {
    if (prediction.verdict !== 'fails') continue;
    const [, ...words] = prediction.victim.label.split(' ');
    const own = `${slug(words.join(' '))}-${prediction.fault}`;
    let name = own;
    for (let nth = 2; files.has(name); nth++) name = `${own}-${nth}`;
    const text = manifestOf(prediction, name);
    if (text !== undefined) files.set(name, text);
  }
  return [...files].map(([name, text]) => ({ name: `${name}.yaml`, text }));
}
