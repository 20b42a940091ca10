/** YAML of a chart (values, Chart.yaml) to the values that templates compute with; every leaf knows its place. */
import type { MapNode, Node } from '../../facts.ts';
import type { Range } from '../../location.ts';
import { compose, MAX_TOKENS } from '../kubernetes/compose.ts';
import { nodeOf } from '../kubernetes/nodes.ts';
import { textOf } from './text.ts';
import { type Dict, type Operand, type Origin, Text, Unknown } from './value.ts';

/** The first document of a YAML text as Helm reads it; a text when it cannot be read, undefined when it is empty. */
export function readYaml(text: string): MapNode | string | undefined {
  const [document] = compose(text, { tokens: MAX_TOKENS });
  if (document === undefined) return undefined;
  if (document.state === 'too-deep' || document.state === 'too-large') return document.state;
  if (document.state === 'broken') return document.problem().reason;
  if (document.contents === null) return undefined;
  const file = { text, base: 0, literal: true };
  const silent = { duplicateKey() {}, unresolvedAlias() {} };
  const node = nodeOf(document.contents, file, silent);
  if (node.kind === 'map') return node;
  return node.kind === 'scalar' && node.value === null ? undefined : 'it is no map';
}

const IDENTIFIER = /^[\w-]+$/;

/** The path of a key below `path`: `orders.replicaCount`, `labels."a.b/c"`. */
function below(path: string, key: string): string {
  const spelled = IDENTIFIER.test(key) ? key : JSON.stringify(key);
  return path === '' ? spelled : `${path}.${spelled}`;
}

/**
 * The entries of a map of the file `path` as a template sees them.
 * @param within the place of the text that the map was read from, when it is a text in that file
 */
export function dictOf(map: MapNode, path: string, within?: Range): Dict {
  return entriesOf(map, { path, within }, '');
}

/** The file that a map stands in. */
interface Place {
  readonly path: string;
  readonly within: Range | undefined;
}

function entriesOf(map: MapNode, place: Place, prefix: string): Dict {
  const dict: Dict = new Map();
  for (const { key, keyRange, value } of map.entries)
    dict.set(key, operandOf(value, place, below(prefix, key), keyRange));
  return dict;
}

function operandOf(node: Node, place: Place, key: string, keyRange: Range | undefined): Operand {
  const [start, end] = node.range;
  const range: Range = [keyRange === undefined || keyRange[0] > start ? start : keyRange[0], end];
  const here: Origin = { path: place.path, range: place.within ?? range, key };
  switch (node.kind) {
    case 'map':
      // What is in it knows its place; an empty one has nothing that does.
      return {
        value: entriesOf(node, place, key),
        from: node.entries.length === 0 ? [here] : [],
      };
    case 'sequence':
      return {
        value: node.items.map((item, index) =>
          operandOf(item, place, `${key}[${index}]`, undefined),
        ),
        from: node.items.length === 0 ? [here] : [],
      };
    case 'unknown':
      return { value: new Unknown(node.why), from: [here] };
    case 'scalar':
      return {
        value: typeof node.value === 'string' ? textOf(node.value, [here]) : node.value,
        from: [here],
      };
  }
}

/** A copy of which nothing that changes it in place changes the original. */
export function copyOf(operand: Operand): Operand {
  const { value, from } = operand;
  if (value instanceof Map) return { value: copyDict(value), from };
  if (Array.isArray(value)) return { value: value.map(copyOf), from };
  return operand;
}

export function copyDict(dict: Dict): Dict {
  return new Map([...dict].map(([key, operand]) => [key, copyOf(operand)]));
}

/** The text of an operand that is one. */
export function plainText(operand: Operand | undefined): string | undefined {
  return operand?.value instanceof Text ? operand.value.value : undefined;
}
