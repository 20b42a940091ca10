/** `configMapGenerator` and `secretGenerator`: the objects that a kustomization makes of texts and files. */
import type { FileFacts, MapEntry, MapNode, Node, ResourceFacts } from '../../../facts.ts';
import { standingIn } from '../cursor.ts';
import { identitiesOf, isSameIdentity, type Resource, resourceFrom, setBody } from './resource.ts';
import {
  entryOf,
  isTrueAt,
  itemsOf,
  nodeAt,
  textAt,
  textNode,
  writtenIn,
  writtenText,
} from './tree.ts';

/** Entries of one generated object, and UTF-16 code units of all its values. */
const MAX_PAIRS = 2000;
const MAX_TEXT = 4 * 1024 * 1024;

/** The content of a file that a kustomization names, as bytes when it is no UTF-8; undefined when it is not among the files. */
export type ContentAt = (path: string) => string | Uint8Array | undefined;

interface Pair {
  readonly key: string;
  /** undefined when the file is not among the analysed ones. */
  readonly value: string | Uint8Array | undefined;
  readonly at: Node;
}

/** The object that one entry makes; undefined when it has no name. */
export function generatedFrom(
  kind: 'ConfigMap' | 'Secret',
  item: Node,
  global: Node | undefined,
  file: FileFacts,
  content: ContentAt,
): Resource | undefined {
  const name = nodeAt(item, 'name');
  const written = writtenText(name);
  if (item.kind !== 'map' || name === undefined || written === undefined || written === '')
    return undefined;
  const put = (key: string, value: Node) => writtenIn(file, key, value);
  const map = (entries: readonly MapEntry[]): MapNode => ({
    kind: 'map',
    entries,
    range: item.range,
  });
  const namespace = nodeAt(item, 'namespace');
  const metadata = map([
    put('name', name),
    ...(namespace === undefined ? [] : [put('namespace', namespace)]),
    ...(['labels', 'annotations'] as const).flatMap((key) => {
      const pairs = optionPairs(item, global, key);
      return pairs.length === 0 ? [] : [put(key, map(pairs.map((pair) => standingIn(file, pair))))];
    }),
  ]);
  const isImmutable = isTrueAt(item, 'options', 'immutable') || isTrueAt(global, 'immutable');
  const data = dataOf(kind, pairsOf(item, content), item, put);
  const body = map([
    put('apiVersion', textNode('v1', name.range)),
    put('kind', textNode(kind, name.range)),
    put('metadata', metadata),
    ...(kind === 'Secret'
      ? [put('type', textNode(textAt(item, 'type') ?? 'Opaque', item.range))]
      : []),
    ...data,
    ...(isImmutable
      ? [put('immutable', { kind: 'scalar', value: true, text: 'true', range: item.range })]
      : []),
  ]);
  const facts: ResourceFacts = {
    apiVersion: 'v1',
    resourceKind: kind,
    ...(name.kind === 'scalar' ? { name: written } : {}),
    body,
    kindRange: name.range,
    range: item.range,
  };
  const behavior = textAt(item, 'behavior');
  const resource = resourceFrom(file, facts);
  setBody(resource, body);
  resource.generated = {
    behavior: behavior === 'merge' || behavior === 'replace' ? behavior : 'create',
    hashed: !(
      isTrueAt(item, 'options', 'disableNameSuffixHash') ||
      isTrueAt(global, 'disableNameSuffixHash')
    ),
  };
  return resource;
}

/** Labels or annotations of the entry, and those of `generatorOptions` that it does not have. */
function optionPairs(item: Node, global: Node | undefined, key: string): readonly MapEntry[] {
  const entries = new Map<string, MapEntry>();
  for (const options of [global, nodeAt(item, 'options')]) {
    const map = nodeAt(options, key);
    if (map?.kind === 'map')
      for (const entry of map.entries.slice(0, MAX_PAIRS)) entries.set(entry.key, entry);
  }
  return [...entries.values()];
}

function pairsOf(item: MapNode, content: ContentAt): readonly Pair[] {
  const pairs: Pair[] = [];
  const env = ['envs', 'env'].flatMap((key) => itemsOf(item, key));
  for (const at of env) {
    const path = writtenText(at);
    const lines = path === undefined ? undefined : content(path);
    if (typeof lines !== 'string') pairs.push({ key: '', value: undefined, at });
    else pairs.push(...linesOf(lines, at));
  }
  for (const at of itemsOf(item, 'literals')) {
    const literal = writtenText(at);
    const sign = literal?.indexOf('=') ?? -1;
    if (literal !== undefined && sign > 0)
      pairs.push({ key: literal.slice(0, sign), value: unquoted(literal.slice(sign + 1)), at });
  }
  for (const at of itemsOf(item, 'files')) {
    const source = writtenText(at);
    if (source === undefined) continue;
    const sign = source.indexOf('=');
    const path = source.slice(sign + 1);
    const key = sign > 0 ? source.slice(0, sign) : path.slice(path.lastIndexOf('/') + 1);
    pairs.push({ key, value: content(path), at });
  }
  return pairs.slice(0, MAX_PAIRS);
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) && text.length >= 2 ? text.slice(1, -1) : text;
}

function linesOf(lines: string, at: Node): readonly Pair[] {
  return lines
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((raw): readonly Pair[] => {
      const line = (raw.endsWith('\r') ? raw.slice(0, -1) : raw).trimStart();
      if (line === '' || line.startsWith('#')) return [];
      const sign = line.indexOf('=');
      const key = sign < 0 ? line : line.slice(0, sign);
      return [{ key, value: sign < 0 ? '' : line.slice(sign + 1), at }];
    });
}

/**
 * `data` and `binaryData` of the object; unknown as a whole when a file of variables is not there, because its names are not
 * known.
 */
function dataOf(
  kind: 'ConfigMap' | 'Secret',
  pairs: readonly Pair[],
  item: Node,
  put: (key: string, value: Node) => MapEntry,
): readonly MapEntry[] {
  const size = pairs.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  const hidden = pairs.find(({ key }) => key === '');
  if (hidden !== undefined || size > MAX_TEXT) {
    const { range } = hidden?.at ?? item;
    return [put('data', { kind: 'unknown', why: 'made of a file that was not read', range })];
  }
  const [texts, bytes] = [new Map<string, MapEntry>(), new Map<string, MapEntry>()];
  for (const { key, value, at } of pairs) {
    const isBinary = kind === 'ConfigMap' && value !== undefined && typeof value !== 'string';
    const node: Node =
      value === undefined
        ? { kind: 'unknown', why: 'the text of a file that was not read', range: at.range }
        : textNode(
            kind === 'ConfigMap' && typeof value === 'string' ? value : base64(value),
            at.range,
          );
    (isBinary ? bytes : texts).set(key, put(key, node));
  }
  const map = (entries: ReadonlyMap<string, MapEntry>): Node => ({
    kind: 'map',
    entries: [...entries.values()],
    range: item.range,
  });
  const unread = pairs.find(({ value }) => value === undefined)?.at;
  const why = 'a file that was not read may be no text';
  return [
    ...(texts.size > 0 || kind === 'Secret' ? [put('data', map(texts))] : []),
    ...(bytes.size > 0 ? [put('binaryData', map(bytes))] : []),
    ...(kind === 'ConfigMap' && unread !== undefined
      ? [put('binaryData', { kind: 'unknown', why, range: unread.range })]
      : []),
  ];
}

/** Base64 as Kustomize writes it: in lines of 70 characters when one line does not do. */
function base64(value: string | Uint8Array): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const encoded = btoa(binary);
  return encoded.length < 70 ? encoded : encoded.replaceAll(/.{1,70}/g, '$&\n');
}

/** Adds a generated object: as a new one, or to the one that it says it merges with or replaces. */
export function absorbed(resources: readonly Resource[], made: Resource): readonly Resource[] {
  const behavior = made.generated?.behavior ?? 'create';
  const index = resources.findIndex((one) =>
    identitiesOf(one).some((id) => isSameIdentity(id, made.id)),
  );
  const old = resources[index];
  if (old === undefined || behavior === 'create') return [...resources, made];
  const { body } = made;
  if (body === undefined) return resources;
  const merged =
    behavior === 'merge' && old.body !== undefined ? withOldData(body, old.body) : body;
  const hashed = old.generated?.hashed === true && made.generated?.hashed === true;
  const result: Resource = { ...old, generated: { behavior: 'create', hashed } };
  setBody(result, withOldMetadata(merged, old.body));
  // Without the body of the old one nobody knows what it holds.
  if (old.body === undefined) result.body = undefined;
  return resources.with(index, result);
}

function mapAt(map: MapNode | undefined, key: string): MapNode | undefined {
  const value = map === undefined ? undefined : entryOf(map, key)?.value;
  return value?.kind === 'map' ? value : undefined;
}

/** The entries of both maps; `newer` wins. */
function union(older: MapNode, newer: MapNode): MapNode {
  const entries = new Map(older.entries.map((entry) => [entry.key, entry]));
  for (const entry of newer.entries) entries.set(entry.key, entry);
  return { ...newer, entries: [...entries.values()] };
}

function put(
  map: MapNode,
  key: string,
  value: Node | undefined,
  from: MapEntry | undefined,
): MapNode {
  if (value === undefined) return map;
  const old = entryOf(map, key);
  const entry = { ...(old ?? from ?? { keyRange: value.range }), key, value };
  const entries = map.entries.filter((one) => one !== old);
  return { ...map, entries: [...entries, entry] };
}

function withOldData(body: MapNode, old: MapNode): MapNode {
  let result = body;
  for (const key of ['data', 'binaryData']) {
    const [older, newer] = [entryOf(old, key), entryOf(body, key)];
    if (older === undefined) continue;
    const both =
      newer?.value.kind === 'map' && older.value.kind === 'map'
        ? union(older.value, newer.value)
        : newer !== undefined && older.value.kind !== newer.value.kind
          ? {
              kind: 'unknown' as const,
              why: 'merged with a file that was not read',
              range: newer.value.range,
            }
          : older.value;
    result = put(result, key, both, older);
  }
  return result;
}

/** Name, namespace, labels and annotations of the object that was there. */
function withOldMetadata(body: MapNode, old: MapNode | undefined): MapNode {
  const own = mapAt(body, 'metadata');
  const before = mapAt(old, 'metadata');
  if (own === undefined || before === undefined) return body;
  let metadata = own;
  for (const key of ['labels', 'annotations']) {
    const [older, newer] = [mapAt(before, key), mapAt(own, key)];
    const both = older !== undefined && newer !== undefined ? union(older, newer) : older;
    metadata = put(metadata, key, both, entryOf(before, key));
  }
  for (const key of ['name', 'namespace']) {
    const entry = entryOf(before, key);
    metadata = {
      ...metadata,
      entries: [
        ...metadata.entries.filter((one) => one.key !== key),
        ...(entry === undefined ? [] : [entry]),
      ],
    };
  }
  return put(body, 'metadata', metadata, undefined);
}
