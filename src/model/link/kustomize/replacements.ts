/** `replacements`: values copied from one object to fields of others. What is not known there is not known here. */
import type { FileFacts, MapNode, Node } from '../../../facts.ts';
import { lookedUp, placedAt, segmentsOf } from './field-path.ts';
import {
  effectiveNamespace,
  type Identity,
  identitiesOf,
  type Resource,
  setBody,
} from './resource.ts';
import {
  both,
  type Certainty,
  either,
  exactText,
  matchesKind,
  matchesLabels,
  matchesName,
  matchesNamespace,
} from './selector.ts';
import { entryOf, isTrueAt, itemsOf, nodeAt, textAt, textNode, writtenText } from './tree.ts';

const DEFAULT_PATH = 'metadata.name';
/** Targets and fields of one replacement. */
const MAX_TARGETS = 500;

/** Copies the value of one replacement to all its targets. */
export function replaced(
  resources: readonly Resource[],
  replacement: MapNode,
  file: FileFacts,
): void {
  const value = sourceValue(resources, replacement, file);
  for (const target of itemsOf(replacement, 'targets').slice(0, MAX_TARGETS)) {
    const select = nodeAt(target, 'select');
    if (target.kind !== 'map' || select === undefined) continue;
    const written = itemsOf(target, 'fieldPaths').slice(0, MAX_TARGETS);
    for (const resource of resources) {
      const meant = isTarget(target, select, resource);
      if (meant === 'no' || resource.body === undefined) continue;
      const why = `replaced by ${file.path}`;
      const paths: readonly (readonly [string, Node])[] =
        written.length === 0
          ? [[DEFAULT_PATH, select]]
          : written.map((path) => [writtenText(path) ?? '', path]);
      for (const [path, at] of paths) {
        const given = meant === 'yes' ? value : { kind: 'unknown' as const, why, range: at.range };
        setBody(resource, withField(resource.body, path, at, given, target, file));
      }
    }
  }
}

function withField(
  body: MapNode,
  path: string,
  at: Node,
  value: Node,
  target: MapNode,
  file: FileFacts,
): MapNode {
  const segments = segmentsOf(path);
  if (segments === undefined) return body;
  const options = nodeAt(target, 'options');
  const changed = placedAt(body, segments, {
    file,
    at,
    create: isTrueAt(options, 'create'),
    value: (old) => placedValue(value, old, options, at),
  });
  return changed.kind === 'map' ? changed : body;
}

/** The value for a field; with a delimiter it is one part of the text that is there. */
function placedValue(
  value: Node,
  old: Node | undefined,
  options: Node | undefined,
  at: Node,
): Node {
  const { range } = at;
  const delimiter = textAt(options, 'delimiter') ?? '';
  const text = writtenText(value);
  if (value.kind === 'unknown') return { ...value, range };
  if (delimiter !== '') {
    const present = old === undefined ? '' : writtenText(old);
    if (text === undefined || present === undefined)
      return { kind: 'unknown', why: 'a part of it is replaced', range };
    const parts = present.split(delimiter);
    const index = Number(textAt(options, 'index') ?? '0');
    if (index < 0) parts.unshift(text);
    else if (index >= parts.length) parts.push(text);
    else parts[index] = text;
    return textLike(old, parts.join(delimiter), range);
  }
  if (text === undefined || (old !== undefined && old.kind !== 'scalar'))
    return { ...value, range };
  return textLike(old, text, range);
}

/** Kustomize puts the text into the scalar that is there: one in quotes stays a text, others are read anew. */
function textLike(old: Node | undefined, text: string, range: Node['range']): Node {
  if (old?.kind === 'scalar' && typeof old.value === 'string') return textNode(text, range);
  const value = /^-?\d+(?:\.\d+)?$/.test(text)
    ? Number(text)
    : text === 'true' || text === 'false'
      ? text === 'true'
      : text;
  return { kind: 'scalar', value, text, range };
}

/** The value that a replacement copies. */
function sourceValue(resources: readonly Resource[], replacement: MapNode, file: FileFacts): Node {
  const given = entryOf(replacement, 'sourceValue')?.value;
  if (given !== undefined) return given;
  const source = nodeAt(replacement, 'source');
  const unknown: Node = {
    kind: 'unknown',
    why: `replaced by ${file.path}`,
    range: replacement.range,
  };
  if (source?.kind !== 'map') return unknown;
  const found = resources.filter((resource) =>
    identitiesOf(resource).some((id) => isSource(source, id)),
  );
  const [one] = found;
  if (one?.body === undefined || found.length > 1) return unknown;
  const segments = segmentsOf(textAt(source, 'fieldPath') ?? DEFAULT_PATH);
  const value = segments === undefined ? undefined : lookedUp(one.body, segments);
  if (value === undefined) return unknown;
  const delimiter = textAt(source, 'options', 'delimiter') ?? '';
  if (delimiter === '') return value;
  const part =
    writtenText(value)?.split(delimiter)[Number(textAt(source, 'options', 'index') ?? '0')];
  return value.kind === 'unknown' || part === undefined
    ? unknown
    : textLike(value, part, value.range);
}

function isSource(source: Node, id: Identity): boolean {
  const is = (key: string, value: string) => {
    const wanted = exactText(source, key);
    return wanted === '' || wanted === value;
  };
  const namespace = exactText(source, 'namespace');
  return (
    is('group', id.group) &&
    is('version', id.version) &&
    is('kind', id.kind) &&
    is('name', id.name) &&
    (namespace === '' || namespace === effectiveNamespace(id) || namespace === id.namespace)
  );
}

function isTarget(target: MapNode, select: Node, resource: Resource): Certainty {
  const ids = identitiesOf(resource);
  // Versions of Kustomize before 5.8 take these texts as they are, later ones as patterns.
  const isExact = (selector: Node) =>
    ids.some((id) => isSource(selector, id)) ? ('yes' as const) : ('perhaps' as const);
  const matches = (selector: Node): Certainty => {
    const answer = ids
      .map((id) =>
        both(
          matchesKind(selector, id),
          both(matchesName(selector, id.name), matchesNamespace(selector, id.namespace)),
        ),
      )
      .reduce(either);
    return both(answer, isExact(selector));
  };
  let answer = both(matches(select), matchesLabels(select, resource));
  for (const reject of itemsOf(target, 'reject')) {
    const hasNames = ['group', 'version', 'kind', 'name', 'namespace'].some(
      (key) => nodeAt(reject, key) !== undefined,
    );
    const hasLabels = ['labelSelector', 'annotationSelector'].some(
      (key) => nodeAt(reject, key) !== undefined,
    );
    for (const rejected of [
      ...(hasNames ? [matches(reject)] : []),
      ...(hasLabels ? [matchesLabels(reject, resource)] : []),
    ])
      answer = both(answer, rejected === 'yes' ? 'no' : rejected === 'no' ? 'yes' : 'perhaps');
  }
  return answer;
}
