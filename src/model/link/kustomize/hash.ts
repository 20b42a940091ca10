/** The suffix that Kustomize gives to the name of a generated ConfigMap or Secret: a hash of its content. */
import type { MapNode, Node } from '../../../facts.ts';
import { sha256 } from './sha256.ts';
import { entryOf, nodeAt, writtenText } from './tree.ts';

/** Letters instead of digits and vowels that could make words. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['0', 'g'],
  ['1', 'h'],
  ['3', 'k'],
  ['a', 'm'],
  ['e', 't'],
]);

/** Text as Go writes it in JSON. */
function quoted(text: string): string {
  return JSON.stringify(text)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** A map of texts with sorted keys; an absent one is '' for Kustomize. Undefined when a value cannot be read. */
function mapText(node: Node | undefined): string | undefined {
  if (node === undefined) return '""';
  if (node.kind !== 'map') return undefined;
  const parts: string[] = [];
  const bytes = new TextEncoder();
  const compare = (a: string, b: string) => {
    const [x, y] = [bytes.encode(a), bytes.encode(b)];
    for (let i = 0; i < Math.min(x.length, y.length); i++)
      if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
    return x.length - y.length;
  };
  for (const { key, value } of [...node.entries].sort((a, b) => compare(a.key, b.key))) {
    if (value.kind !== 'scalar') return undefined;
    const text =
      typeof value.value === 'string' ? quoted(value.value) : JSON.stringify(value.value);
    parts.push(`${quoted(key)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}

/** The hash of an object; undefined when its content is not all known, or when it is of another kind. */
export function contentHash(body: MapNode): string | undefined {
  const kind = writtenText(nodeAt(body, 'kind'));
  // Kustomize looks for the name in a field that there is not, so all hashes are those of a nameless object.
  const name = '""';
  const data = mapText(entryOf(body, 'data')?.value);
  if (data === undefined) return undefined;
  let content: string;
  if (kind === 'ConfigMap') {
    const binary = entryOf(body, 'binaryData')?.value;
    const more = binary === undefined ? '' : `"binaryData":${mapText(binary)},`;
    content = `{${more}"data":${data},"kind":"ConfigMap","name":${name}}`;
  } else if (kind === 'Secret') {
    const plain = entryOf(body, 'stringData')?.value;
    const more = plain === undefined ? '' : `"stringData":${mapText(plain)},`;
    const type = quoted(writtenText(nodeAt(body, 'type')) ?? '');
    content = `{"data":${data},"kind":"Secret","name":${name},${more}"type":${type}}`;
  } else return undefined;
  return sha256(content)
    .slice(0, 10)
    .replaceAll(/[013ae]/g, (digit) => LETTERS.get(digit) ?? digit);
}
