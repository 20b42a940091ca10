/** YAML in texts of kustomizations: inline patches, and transformers written into the list that names them. */
import type { EmbeddedYaml, Node, ScalarNode } from '../../facts.ts';
import { lineStartsOf, type Range } from '../../location.ts';
import { type Budget, compose } from './compose.ts';
import { type DocumentText, nodeOf, type Remarks } from './nodes.ts';

/** Keys whose texts may be YAML. */
const HOLDERS: ReadonlySet<string> = new Set([
  'patch',
  'jsonOp',
  'patches',
  'patchesStrategicMerge',
  'paths',
  'transformers',
  'generators',
  'validators',
]);

const SILENT: Remarks = { duplicateKey() {}, unresolvedAlias() {} };

/** The embedded texts below a node of a file, and those within them. */
export function embeddedIn(
  node: Node,
  file: Pick<DocumentText, 'text' | 'literal'>,
  budget: Budget,
): readonly EmbeddedYaml[] {
  const found: EmbeddedYaml[] = [];
  const waiting: { readonly node: Node; readonly held: boolean }[] = [{ node, held: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node: at, held } = next;
    if (at.kind === 'map')
      for (const { key, value } of at.entries)
        waiting.push({ node: value, held: HOLDERS.has(key) });
    else if (at.kind === 'sequence')
      for (const item of at.items) waiting.push({ node: item, held });
    else if (at.kind === 'scalar' && held) {
      const documents = documentsIn(at, file, budget);
      if (documents === undefined) continue;
      found.push({ range: at.range, documents });
      for (const document of documents) waiting.push({ node: document, held: false });
    }
  }
  return found.sort((a, b) => a.range[0] - b.range[0]);
}

function documentsIn(
  scalar: ScalarNode,
  { text, literal }: Pick<DocumentText, 'text' | 'literal'>,
  budget: Budget,
): readonly Node[] | undefined {
  const { value } = scalar;
  if (typeof value !== 'string' || !mayBeYaml(value)) return undefined;
  const documents: Node[] = [];
  for (const composed of compose(value, budget)) {
    if (composed.state !== 'read') return undefined;
    if (composed.contents === null) continue;
    const source = { text: value, base: 0, ...(literal === undefined ? {} : { literal }) };
    const node = nodeOf(composed.contents, source, SILENT);
    if (node.kind !== 'map' && node.kind !== 'sequence') return undefined;
    documents.push(moved(node, placesOf(scalar, value, text)));
  }
  return documents.length === 0 ? undefined : documents;
}

/** A path has one line, and no YAML of one line that means something has neither a colon nor brackets. */
function mayBeYaml(value: string): boolean {
  return /\n|^\s*[[{]|:\s/.test(value.trim());
}

type Place = (offset: number) => number;

/**
 * From offsets in the text to offsets in the file. A literal block is the same text with more indentation; in other styles
 * only a text without escapes has places of its own.
 */
function placesOf({ range, text: written }: ScalarNode, value: string, text: string): Place {
  const [start, end] = range;
  if (written.startsWith('|')) {
    const fileStarts = lineStartsOf(text.slice(start, end)).slice(1);
    const valueStarts = lineStartsOf(value);
    const lines = valueStarts.map((from, index) => {
      const own = value.slice(from, valueStarts[index + 1] ?? value.length).trimEnd();
      const lineStart = start + (fileStarts[index] ?? end - start);
      const lineEnd = start + (fileStarts[index + 1] ?? end - start);
      const line = text.slice(lineStart, lineEnd).trimEnd();
      return { from, at: lineStart + Math.max(0, line.length - own.length) };
    });
    return (offset) => {
      const line = lines.findLast(({ from }) => from <= offset) ?? { from: 0, at: start };
      return Math.min(line.at + offset - line.from, end);
    };
  }
  const at = written.indexOf(value);
  if (at >= 0) return (offset) => Math.min(start + at + offset, end);
  return (offset) => (offset === 0 ? start : end);
}

function moved(node: Node, place: Place): Node {
  const put = ([start, end]: Range): Range => {
    const from = place(start);
    return [from, Math.max(from, place(end))];
  };
  const range = put(node.range);
  switch (node.kind) {
    case 'map':
      return {
        ...node,
        range,
        entries: node.entries.map(({ key, keyRange, value }) => ({
          key,
          keyRange: put(keyRange),
          value: moved(value, place),
        })),
      };
    case 'sequence':
      return { ...node, range, items: node.items.map((item) => moved(item, place)) };
    default:
      return { ...node, range };
  }
}
