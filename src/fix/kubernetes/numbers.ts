/** Fixes that are one number: replicas, the floor of an autoscaler, the grace period. */
import type { Location } from '../../location.ts';
import { applyEdits } from '../diff.ts';
import type { ChangedFile, Fixer, FixRequest, Safety } from '../fix.ts';
import type { Change } from '../yaml/edit.ts';
import { documentsIn, entryOf, nodeAt, type Path, Unfit, walk } from '../yaml/tree.ts';
import {
  changedFile,
  isTemplateText,
  objectAt,
  type Place,
  podSpecOf,
  settingsOf,
  textOf,
} from './place.ts';

/** Where a number stands, and what becomes of it. */
interface Wanted {
  readonly name: string;
  /** The way from the object. */
  readonly way: (place: Place) => Path;
  readonly number: number;
  readonly safety: Safety;
  /** Further changes of the object. */
  readonly more?: (place: Place) => readonly Change[];
}

function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' ? number : undefined;
}

/** Sets the number where it is decided: in the values of a chart, in a patch, in the object itself. */
function setNumber(request: FixRequest, wanted: Wanted) {
  const { at } = request.finding;
  const { number, safety, name } = wanted;
  const description = `Set ${name} to ${number}`;
  const inValues = inSettings(request, number);
  if (inValues !== undefined) return { safety, description, files: inValues };
  const text = textOf(request, at.path);
  if (isTemplateText(text)) return { safety, description, files: [inTemplate(text, at, number)] };
  const written = scalarAt(request, at, number);
  if (written !== undefined && wanted.more === undefined)
    return { safety, description, files: [written] };
  const place = objectAt(request, at);
  const changes: Change[] = [
    { set: [...place.way, ...wanted.way(place)], to: number },
    ...(wanted.more?.(place) ?? []),
  ];
  const file = changedFile(
    place.path,
    place.text,
    changes.map((change) => ({ index: place.index, change })),
  );
  return { safety, description, files: [file] };
}

/** Values of a chart that are too small; undefined when no value decides. */
function inSettings(request: FixRequest, number: number): readonly ChangedFile[] | undefined {
  const settings = settingsOf(request);
  const files = new Map<string, ChangedFile>();
  for (const { path, index, way, node, text } of settings) {
    const now = node.kind === 'scalar' ? numberIn(node.value) : undefined;
    if (now === undefined || now >= number) continue;
    const before = files.get(path);
    const { after } = changedFile(path, before?.after ?? text, [
      { index, change: { set: way, to: number } },
    ]);
    files.set(path, { path, before: text, after });
  }
  // Values that only name the object decide nothing: then the number stands in the template.
  if (files.size === 0) return undefined;
  return [...files.values()];
}

/** The number as it stands in a template, as the whole value of a line. */
function inTemplate(text: string, { path, start, end }: Location, number: number): ChangedFile {
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const rest = text.slice(end).split('\n', 1)[0] ?? '';
  if (
    !/^\d+$/.test(text.slice(start, end)) ||
    !/^[ \t-]*[\w]+:[ \t]+$/.test(line) ||
    !/^[ \t]*(?:#.*)?\r?$/.test(rest)
  )
    throw new Unfit('it stands in a template of a chart, which a person must change');
  const after = applyEdits(text, [{ range: [start, end], text: String(number) }]);
  return { path, before: text, after };
}

/** The number when it is written right at the place, in whatever document: a manifest, a patch, a kustomization. */
function scalarAt(request: FixRequest, at: Location, number: number): ChangedFile | undefined {
  const text = textOf(request, at.path);
  for (const [index, { node: root, start, end }] of documentsIn(text).entries()) {
    if (at.start < start || at.start > end) continue;
    for (const { node, path } of walk(root)) {
      if (node.range[0] !== at.start || node.range[1] !== at.end) continue;
      if (node.kind !== 'scalar' || numberIn(node.value) === undefined) continue;
      const last = path.at(-1);
      if (typeof last === 'number') throw new Unfit('the number is an item of a list');
      return changedFile(at.path, text, [{ index, change: { set: path, to: number } }]);
    }
  }
  return undefined;
}

const integer = (value: unknown, otherwise: number) =>
  typeof value === 'number' ? value : otherwise;

export const replicas: Fixer = (request) =>
  setNumber(request, {
    name: 'spec.replicas',
    way: () => ['spec', 'replicas'],
    number: integer(request.options.min, 3),
    safety: 'unsafe',
  });

export const autoscalerFloor: Fixer = (request) => {
  const number = integer(request.options.min, 3);
  const keda = /\/ScaledObject\//.test(request.finding.identity);
  const [low, high] = keda
    ? (['minReplicaCount', 'maxReplicaCount'] as const)
    : (['minReplicas', 'maxReplicas'] as const);
  const raise = (place: Place): readonly Change[] => {
    const ceiling = nodeAt(place.node, ['spec', high]);
    const most = ceiling?.kind === 'scalar' ? numberIn(ceiling.value) : undefined;
    return most !== undefined && most < number
      ? [{ set: [...place.way, 'spec', high], to: 3 * number }]
      : [];
  };
  return setNumber(request, {
    name: `spec.${low}`,
    way: () => ['spec', low],
    number,
    // The workload runs in more than one copy already.
    safety: 'safe',
    ...(isPlain(request) ? { more: raise } : {}),
  });
};

/** The finding stands in the object itself and not in a patch of it. */
function isPlain(request: FixRequest): boolean {
  try {
    const { node } = objectAt(request, request.finding.at);
    return entryOf(node, 'kind') !== undefined && settingsOf(request).length === 0;
  } catch (error) {
    if (error instanceof Unfit) return false;
    throw error;
  }
}

export const gracePeriod: Fixer = (request) =>
  setNumber(request, {
    name: 'terminationGracePeriodSeconds',
    way: (place) => [...podSpecOf(place), 'terminationGracePeriodSeconds'],
    number: integer(request.options.seconds, 30),
    safety: 'safe',
  });
