/** Fixes in the template of pods and in their containers. */
import type { MapNode } from '../../facts.ts';
import { bytesOf } from '../../model/derive/quantity.ts';
import type { Fixer, FixRequest, Safety } from '../fix.ts';
import type { Change } from '../yaml/edit.ts';
import { type Data, dataOf, nodeAt, type Path, sameData, Unfit } from '../yaml/tree.ts';
import { chartSpread } from './chart-spread.ts';
import {
  changedFile,
  containersAt,
  isTemplateText,
  objectAt,
  type Place,
  podSpecOf,
  settingsOf,
  textOf,
} from './place.ts';

/** One change in each container that a finding names. */
function inContainers(
  request: FixRequest,
  description: string,
  safety: Safety,
  changesOf: (container: MapNode, place: Place) => readonly Change[],
) {
  const { finding } = request;
  const place = objectAt(request, finding.at);
  const places = [finding.at, ...finding.related.map(({ at }) => at)];
  const containers = containersAt(place, places);
  if (containers.length === 0) throw new Unfit('the container is not written there');
  const changes = containers.flatMap(({ way, node }) =>
    changesOf(node, place).map((change) => ({
      index: place.index,
      change: inside(change, [...place.way, ...way]),
    })),
  );
  return { safety, description, files: [changedFile(place.path, place.text, changes)] };
}

function inside(change: Change, way: Path): Change {
  return 'set' in change ? { ...change, set: [...way, ...change.set] } : change;
}

const text = (value: unknown, otherwise: string) =>
  typeof value === 'string' && value !== '' ? value : otherwise;

function quantity(container: MapNode, way: Path): string | undefined {
  const node = nodeAt(container, way);
  if (node?.kind !== 'scalar' || node.value === null || node.value === 0) return undefined;
  return node.text.replace(/^["']|["']$/g, '');
}

/** Each of `wanted` that is not written yet, in the order of a manifest. */
function missing(container: MapNode, wanted: readonly (readonly [Path, string])[]): Change[] {
  return wanted.flatMap(([way, amount]) =>
    quantity(container, way) === undefined ? [{ set: way, to: amount }] : [],
  );
}

const REQUESTS: Path = ['resources', 'requests'];
const LIMITS: Path = ['resources', 'limits'];

export const resourceRequests: Fixer = (request) => {
  const cpu = text(request.options.cpu, '250m');
  const memory = text(request.options.memory, '256Mi');
  const limit = text(request.options.memoryLimit, '512Mi');
  const inValues = inEmptySetting(request, {
    requests: { cpu, memory },
    limits: { memory: limit },
  });
  if (inValues !== undefined) return inValues;
  return inContainers(request, 'Request cpu and memory, and limit the memory', 'unsafe', (node) => {
    // A limit without a request is the request too.
    const limited = (name: string) => quantity(node, [...LIMITS, name]);
    return missing(node, [
      ...(limited('cpu') === undefined ? [[[...REQUESTS, 'cpu'], cpu] as const] : []),
      ...(limited('memory') === undefined ? [[[...REQUESTS, 'memory'], memory] as const] : []),
      [[...LIMITS, 'memory'], larger(quantity(node, [...REQUESTS, 'memory']), limit)] as const,
    ]);
  });
};

/** `resources: {}` in the values of a chart. */
function inEmptySetting(request: FixRequest, value: Data) {
  const [setting, ...others] = settingsOf(request);
  if (setting === undefined) return undefined;
  if (others.length > 0 || !sameData(dataOf(setting.node), {}))
    throw new Unfit('several values of the chart decide it');
  const { path, text: before, index, way } = setting;
  return {
    safety: 'unsafe' as const,
    description: `Set ${way.join('.')} in ${path}`,
    files: [changedFile(path, before, [{ index, change: { set: way, to: value } }])],
  };
}

/** A limit is never below the request. */
function larger(requested: string | undefined, limit: string): string {
  if (requested === undefined) return limit;
  const [low, high] = [bytesOf(requested), bytesOf(limit)];
  return low !== undefined && high !== undefined && low <= high ? limit : requested;
}

export const memoryLimit: Fixer = (request) =>
  inContainers(request, 'Limit the memory to what is requested', 'unsafe', (node) => {
    const requested = quantity(node, [...REQUESTS, 'memory']);
    if (requested === undefined) throw new Unfit('the requested memory is not written there');
    return missing(node, [[[...LIMITS, 'memory'], requested]]);
  });

export const cpuLimit: Fixer = (request) =>
  inContainers(request, 'Limit the cpu to twice what is requested', 'unsafe', (node) => {
    const requested = quantity(node, [...REQUESTS, 'cpu']);
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(m?)$/.exec(requested ?? '') ?? [];
    if (digits === undefined) throw new Unfit('the requested cpu is not written there');
    const twice = `${Math.ceil(Number(digits) * (unit === 'm' ? 2 : 2000))}m`;
    return missing(node, [[[...LIMITS, 'cpu'], twice]]);
  });

export const preStopDelay: Fixer = (request) => {
  const seconds = typeof request.options.seconds === 'number' ? request.options.seconds : 5;
  return inContainers(request, `Wait ${seconds} s before SIGTERM`, 'unsafe', (node) => {
    if (nodeAt(node, ['lifecycle', 'preStop']) !== undefined)
      throw new Unfit('a preStop hook is written there');
    return [{ set: ['lifecycle', 'preStop', 'sleep', 'seconds'], to: seconds }];
  });
};

const SPREAD = 'Spread the pods over the nodes';

export const podSpread: Fixer = (request) => {
  const { at } = request.finding;
  const written = textOf(request, at.path);
  if (isTemplateText(written))
    return { safety: 'safe', description: SPREAD, files: [chartSpread(request, written)] };
  const place = objectAt(request, request.finding.at);
  const way = [...place.way, ...podSpecOf(place), 'topologySpreadConstraints'];
  if (nodeAt(place.document.node, way) !== undefined)
    throw new Unfit('constraints are written there, which match other labels');
  const constraint = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorOf(place) },
  };
  const change = { set: way, to: [constraint] };
  return {
    safety: 'safe',
    description: SPREAD,
    files: [changedFile(place.path, place.text, [{ index: place.index, change }])],
  };
};

/** The labels that tell the pods of a workload from others, as its object writes them. */
export function selectorOf(place: Place): { readonly [key: string]: Data } {
  for (const way of [
    ['spec', 'selector', 'matchLabels'],
    ['spec', 'template', 'metadata', 'labels'],
  ]) {
    const node = nodeAt(place.node, way);
    if (node?.kind !== 'map' || node.entries.length === 0) continue;
    const labels = node.entries.map(({ key, value }) => {
      if (value.kind !== 'scalar' || typeof value.value !== 'string')
        throw new Unfit('the labels of its pods are not known');
      return [key, value.value] as const;
    });
    return Object.fromEntries(labels);
  }
  throw new Unfit('the labels of its pods are not written there');
}
