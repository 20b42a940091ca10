/** YAML of tools other than Kubernetes: all documents of a text, by the guarded parser of the manifests. */
import type { Node } from '../../facts.ts';
import type { IncompleteWhy, PlacedText } from '../../project-facts.ts';
import { compose, MAX_TOKENS } from '../kubernetes/compose.ts';
import { nodeOf } from '../kubernetes/nodes.ts';

export interface YamlText {
  readonly documents: readonly Node[];
  readonly incomplete?: IncompleteWhy;
}

const IGNORED = { duplicateKey: () => {}, unresolvedAlias: () => {} };

/** The documents that can be read. A duplicate key counts with its last value. Never throws. */
export function yamlDocuments(text: string): YamlText {
  const documents: Node[] = [];
  let incomplete: IncompleteWhy | undefined;
  for (const document of compose(text, { tokens: MAX_TOKENS })) {
    if (document.state === 'broken') incomplete ??= 'syntax';
    else if (document.state !== 'read') incomplete ??= document.state;
    else if (document.contents !== null)
      documents.push(nodeOf(document.contents, { text, base: 0 }, IGNORED));
  }
  return { documents, ...(incomplete === undefined ? {} : { incomplete }) };
}

/**
 * Any scalar as its text. The reader of manifests calls `${NAME}` unknown; here variables stay as written, so the
 * text behind the range of an unknown scalar is read again.
 */
export function symbolicText(node: Node | undefined, text: string): PlacedText | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'scalar') {
    if (node.value === null) return undefined;
    return {
      value: typeof node.value === 'string' ? node.value : node.text,
      range: node.range,
    };
  }
  if (node.kind !== 'unknown' || node.why !== PLACEHOLDER) return undefined;
  const source = text.slice(node.range[0], node.range[1]);
  return { value: unquoted(source), range: node.range };
}

const PLACEHOLDER = 'a placeholder';

function unquoted(lines: string): string {
  const source = lines.replace(/[ \t]*\r?\n\s*/g, ' ');
  if (source.startsWith("'")) return source.slice(1, -1).replaceAll("''", "'");
  if (source.startsWith('"')) {
    try {
      return JSON.parse(source) as string;
    } catch {
      return source.slice(1, -1);
    }
  }
  return source;
}
