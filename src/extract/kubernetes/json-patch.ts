/** Files that hold a JSON patch (RFC 6902) for Kustomize, written as YAML or JSON. */
import type { Node, SequenceNode } from '../../facts.ts';
import { type Budget, compose } from './compose.ts';
import { type DocumentText, nodeOf, type Remarks } from './nodes.ts';
import { fieldOf } from './resources.ts';

/** A list is the first thing that such a file holds, below comments and a document marker. */
const LIST = /^(?:[ \t]*(?:#[^\n]*|---[ \t]*(?:#[^\n]*)?)?\r?\n)*[ \t]*(?:-[ \t\r\n]|\[)/;
const OPERATION = /["']?op["']?[ \t]*:/;
const PATH = /["']?path["']?[ \t]*:/;

const SILENT: Remarks = { duplicateKey() {}, unresolvedAlias() {} };

/** The operations that a text consists of; undefined for every other text. Never a word about mistakes in it. */
export function jsonPatchOf(
  { text, literal }: Pick<DocumentText, 'text' | 'literal'>,
  budget: Budget,
): SequenceNode | undefined {
  if (!LIST.test(text) || !OPERATION.test(text) || !PATH.test(text)) return undefined;
  const documents = compose(text, budget);
  const [document] = documents;
  if (documents.length !== 1 || document?.state !== 'read' || document.contents === null)
    return undefined;
  const source = { text, base: 0, ...(literal === undefined ? {} : { literal }) };
  const node = nodeOf(document.contents, source, SILENT);
  return node.kind === 'sequence' && node.items.length > 0 && node.items.every(isOperation)
    ? node
    : undefined;
}

function isOperation(item: Node): boolean {
  if (item.kind !== 'map') return false;
  const op = fieldOf(item, 'op');
  const path = fieldOf(item, 'path');
  return isText(op) && isText(path);
}

function isText(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && typeof node.value === 'string';
}
