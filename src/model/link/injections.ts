/**
 * What an experiment injects, with its numbers. Chaos Mesh: api/v1alpha1 of v2.7 (defaults of its webhooks and
 * controllers). Litmus: the variables of the faults in chaos-charts 3.x and their defaults in litmus-go.
 */
import type { FaultName, Injection, Portion } from '../../prediction.ts';
import { millisecondsOf } from '../derive/duration.ts';
import { bytesOf } from '../derive/quantity.ts';
import type { Value } from '../value.ts';
import type { Cursor } from './cursor.ts';

type Numbers = { -readonly [K in keyof Omit<Injection, 'at'>]: Injection[K] };

function textOf(cursor: Cursor): string | undefined {
  const text = cursor.text();
  return text.state === 'known' ? text.value : undefined;
}

/** A number that is written as a text or a number. */
function numberOf(cursor: Cursor, absent?: number): number | undefined {
  const text = cursor.text();
  if (text.state === 'absent') return absent;
  const number = text.state === 'known' ? Number.parseFloat(text.value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function timeOf(cursor: Cursor): number | undefined {
  const text = textOf(cursor);
  return text === undefined ? undefined : millisecondsOf(text);
}

/** `mode` and `value`; `random-max-percent` may take none, so how many is not known. */
function shareOf(spec: Cursor): Portion | undefined {
  const value = numberOf(spec.get('value'));
  switch (textOf(spec.get('mode'))) {
    case 'one':
      return { of: 'pods', count: 1 };
    case 'all':
      return { of: 'all' };
    case 'fixed':
      return value === undefined ? undefined : { of: 'pods', count: value };
    case 'fixed-percent':
      return value === undefined ? undefined : { of: 'percent', percent: value };
    default:
      return undefined;
  }
}

/** Milliseconds of a duration; nothing written means that somebody has to end it. */
export function lastingOf(duration: Value<string>): number | undefined {
  if (duration.state === 'absent') return Number.POSITIVE_INFINITY;
  return duration.state === 'known' ? millisecondsOf(duration.value) : undefined;
}

const NETWORK: ReadonlyMap<string, FaultName> = new Map([
  ['delay', 'network-delay'],
  ['netem', 'network-delay'],
  ['loss', 'network-loss'],
  ['partition', 'network-partition'],
  ['bandwidth', 'network-bandwidth'],
]);

const UNPREDICTED: ReadonlyMap<string, string> = new Map([
  ['duplicate', 'what duplicated packets do is not predicted'],
  ['corrupt', 'what damaged packets do is not predicted'],
  ['TimeChaos', 'what another clock does to the program is not predicted'],
  ['JVMChaos', 'it acts inside a Java virtual machine'],
  ['KernelChaos', 'what errors of the kernel do is not predicted'],
  ['BlockChaos', 'what a slow block device does is not predicted'],
]);

function networkNumbers(spec: Cursor, action: string): Numbers {
  const direction = textOf(spec.get('direction')) ?? 'to';
  const outside = spec.get('externalTargets').strings();
  const hasTarget = !spec.get('target').isAbsent;
  const hosts = outside.state === 'known' ? outside.value : [];
  const fault = NETWORK.get(action);
  const numbers: Numbers = {
    ...(fault === undefined
      ? { why: UNPREDICTED.get(action) ?? `the action ${action || '?'} is not known` }
      : { fault }),
    ...(direction === 'to' || direction === 'from' || direction === 'both' ? { direction } : {}),
    ...(hosts.length > 0 ? { externalTargets: hosts } : {}),
  };
  // Source: api/v1alpha1/networkchaos_webhook.go, validateTargets.
  const needsTarget = direction !== 'to' && !hasTarget;
  if (needsTarget && (action !== 'partition' || hosts.length === 0))
    numbers.refused = `Chaos Mesh refuses direction ${direction} without a target`;
  if (action === 'netem' && spec.get('delay').isAbsent) {
    const other = spec.get('loss').isAbsent ? undefined : 'network-loss';
    if (other !== undefined) numbers.fault = other;
  }
  const delay = timeOf(spec.get('delay', 'latency'));
  if (numbers.fault === 'network-delay' && delay !== undefined) numbers.milliseconds = delay;
  const loss = numberOf(spec.get('loss', 'loss'));
  if (numbers.fault === 'network-loss' && loss !== undefined) numbers.percent = loss;
  return numbers;
}

function podNumbers(spec: Cursor, action: string): Numbers {
  if (action === 'pod-kill') {
    const graceSeconds = numberOf(spec.get('gracePeriod'), 0);
    return {
      fault: graceSeconds !== undefined && graceSeconds > 0 ? 'pod-kill-with-grace' : 'pod-kill',
      ...(graceSeconds === undefined ? {} : { graceSeconds }),
    };
  }
  if (action === 'pod-failure' || action === 'container-kill') return { fault: action };
  return { why: `the action ${action || '?'} is not known` };
}

function ioNumbers(spec: Cursor, action: string): Numbers {
  const volumePath = textOf(spec.get('volumePath'));
  const milliseconds = timeOf(spec.get('delay'));
  const percent = numberOf(spec.get('percent'), 100);
  const numbers: Numbers = {
    ...(volumePath === undefined ? {} : { volumePath }),
    ...(percent === undefined ? {} : { percent }),
  };
  if (action === 'latency')
    return {
      ...numbers,
      fault: 'io-latency',
      ...(milliseconds === undefined ? {} : { milliseconds }),
    };
  if (action === 'fault' || action === 'mistake') return { ...numbers, fault: 'io-fault' };
  return { ...numbers, why: 'what changed attributes of files do is not predicted' };
}

function httpNumbers(spec: Cursor): Numbers {
  const port = numberOf(spec.get('port'));
  const milliseconds = timeOf(spec.get('delay'));
  const where = port === undefined ? {} : { port };
  const abort = spec.get('abort').boolean();
  if (abort.state === 'known' && abort.value) return { ...where, fault: 'http-abort' };
  if (milliseconds !== undefined) return { ...where, fault: 'http-delay', milliseconds };
  const code = numberOf(spec.get('replace', 'code'));
  if (code !== undefined && code >= 500) return { ...where, fault: 'http-abort' };
  return { ...where, why: 'what changed requests and answers do is not predicted' };
}

function stressNumbers(spec: Cursor): Numbers {
  const memory = spec.get('stressors', 'memory');
  if (memory.isAbsent)
    return spec.get('stressors', 'cpu').isAbsent
      ? { why: 'its stressors cannot be read' }
      : { fault: 'cpu-stress' };
  const size = textOf(memory.get('size'));
  const numbers: Numbers = { fault: 'memory-stress' };
  // Source: api/v1alpha1/stresschaos_types.go: size is what all workers take together.
  if (size === undefined) return numbers;
  if (size.endsWith('%')) numbers.bytesPercent = Number.parseFloat(size);
  else {
    const bytes = bytesOf(size);
    if (bytes !== undefined) numbers.bytes = bytes;
  }
  return numbers;
}

/** What a fault of Chaos Mesh does. */
export function chaosMeshInjection(
  kind: string,
  spec: Cursor,
  duration: Value<string>,
  at: Injection['at'],
): Injection {
  const action = textOf(spec.get('action')) ?? '';
  const share = shareOf(spec);
  const lasts = lastingOf(duration);
  const common = {
    at,
    ...(share === undefined ? {} : { share }),
    ...(lasts === undefined ? {} : { lasts }),
  };
  switch (kind) {
    case 'PodChaos':
      return { ...common, ...podNumbers(spec, action) };
    case 'NetworkChaos':
      return { ...common, ...networkNumbers(spec, action) };
    case 'IOChaos':
    case 'IoChaos':
      return { ...common, ...ioNumbers(spec, action) };
    case 'HTTPChaos':
      return { ...common, ...httpNumbers(spec) };
    case 'DNSChaos':
      return { ...common, fault: 'dns-error' };
    case 'StressChaos':
      return { ...common, ...stressNumbers(spec) };
    default:
      return { ...common, why: UNPREDICTED.get(kind) ?? `${kind} does not act on pods` };
  }
}

const LITMUS: ReadonlyMap<string, FaultName> = new Map([
  ['pod-delete', 'pod-kill'],
  ['container-kill', 'container-kill'],
  ['pod-network-latency', 'network-delay'],
  ['pod-network-loss', 'network-loss'],
  ['pod-network-partition', 'network-partition'],
  ['pod-network-rate-limit', 'network-bandwidth'],
  ['pod-dns-error', 'dns-error'],
  ['pod-http-latency', 'http-delay'],
  ['pod-http-reset-peer', 'http-abort'],
  ['pod-http-status-code', 'http-abort'],
  ['pod-cpu-hog', 'cpu-stress'],
  ['pod-cpu-hog-exec', 'cpu-stress'],
  ['pod-memory-hog', 'memory-stress'],
  ['pod-memory-hog-exec', 'memory-stress'],
  ['node-drain', 'node-drain'],
  ['node-poweroff', 'node-failure'],
  ['node-restart', 'node-failure'],
]);

/** What a fault of Litmus does; `variables` are those of the engine. */
export function litmusInjection(
  name: string,
  variables: ReadonlyMap<string, Value<string>>,
  at: Injection['at'],
): Injection {
  const text = (key: string) => {
    const value = variables.get(key);
    return value?.state === 'known' && value.value !== '' ? value.value : undefined;
  };
  const number = (key: string, fallback?: number) => {
    const value = variables.get(key);
    if (value === undefined || value.state === 'absent') return fallback;
    const found = value.state === 'known' ? Number.parseFloat(value.value) : Number.NaN;
    return Number.isFinite(found) ? found : value.state === 'known' ? fallback : undefined;
  };
  const fault = LITMUS.get(name);
  const seconds = number('TOTAL_CHAOS_DURATION');
  const percent = number('PODS_AFFECTED_PERC', 0);
  const share: Portion | undefined =
    percent === undefined
      ? undefined
      : percent === 0
        ? { of: 'pods', count: 1 }
        : percent >= 100
          ? { of: 'all' }
          : { of: 'percent', percent };
  const common: Injection = {
    at,
    ...(share === undefined ? {} : { share }),
    ...(seconds === undefined ? {} : { lasts: seconds * 1000 }),
    ...(fault === undefined ? { why: `what ${name} does is not predicted` } : { fault }),
  };
  switch (fault) {
    case 'pod-kill': {
      // Source: litmus-go pod-delete: FORCE deletes with grace period 0, else with that of the pod.
      const force = text('FORCE');
      if (force === 'true') return { ...common, graceSeconds: 0 };
      if (force === 'false') return { ...common, fault: 'pod-kill-with-grace' };
      return common;
    }
    case 'network-delay':
      return withNumber(common, 'milliseconds', number('NETWORK_LATENCY', 2000));
    case 'network-loss':
      return withNumber(common, 'percent', number('NETWORK_PACKET_LOSS_PERCENTAGE', 100));
    case 'http-delay':
      return withNumber(common, 'milliseconds', number('LATENCY', 2000));
    case 'memory-stress': {
      const megabytes = number('MEMORY_CONSUMPTION', 500);
      return withNumber(common, 'bytes', megabytes && megabytes * 1024 * 1024);
    }
    default:
      return common;
  }
}

function withNumber(
  injection: Injection,
  key: 'milliseconds' | 'percent' | 'bytes',
  value: number | undefined,
): Injection {
  return value === undefined ? injection : { ...injection, [key]: value };
}
