/**
 * Files without an object that Kustomize reads: field specifications (`configurations:`), types of custom resources (`crds:`),
 * replacements, patches without an `apiVersion`.
 */
import type { Node } from '../../facts.ts';
import { type Budget, compose } from './compose.ts';
import { documentsOf } from './documents.ts';
import { type DocumentText, nodeOf, type Remarks } from './nodes.ts';

const SPECIFICATIONS =
  /^["']?(?:namePrefix|nameSuffix|namespace|commonLabels|labels|templateLabels|volumeClaimTemplateLabels|commonAnnotations|nameReference|varReference|images|replicas)["']?:[ \t]*(?:\[|#.*)?\r?$/m;
const PATH = /["']?(?:path|fieldSpecs)["']?[ \t]*:/;
const REPLACEMENT = /^(?:-[ \t]+|[ \t]+)?["']?(?:source|sourceValue)["']?[ \t]*:/m;
const TARGETS = /^(?:-[ \t]+|[ \t]+)?["']?targets["']?[ \t]*:/m;

/** Extensions that only Kustomize reads. */
const TYPES = /x-kubernetes-(?:annotation|label-selector|identity|object-ref-kind)\b/;

const KIND = /^["']?kind["']?[ \t]*:/m;
const METADATA = /^["']?metadata["']?[ \t]*:/m;

/** True for a text with types of custom resources; unlike all other input they speak of an `apiVersion`. */
export function holdsTypes(text: string): boolean {
  return TYPES.test(text);
}

const SILENT: Remarks = { duplicateKey() {}, unresolvedAlias() {} };

/** What such a file says; undefined for every other text. Never a word about mistakes in it. */
export function kustomizeInputOf(
  { text, literal }: Pick<DocumentText, 'text' | 'literal'>,
  budget: Budget,
): readonly Node[] | undefined {
  const isInput =
    (SPECIFICATIONS.test(text) && PATH.test(text)) ||
    (REPLACEMENT.test(text) && TARGETS.test(text)) ||
    holdsTypes(text) ||
    (KIND.test(text) && METADATA.test(text));
  if (!isInput) return undefined;
  const nodes: Node[] = [];
  for (const { start, end } of documentsOf(text)) {
    const content = text.slice(start, end);
    const source = { text: content, base: start, ...(literal === undefined ? {} : { literal }) };
    for (const document of compose(content, budget)) {
      if (document.state !== 'read') return undefined;
      if (document.contents !== null) nodes.push(nodeOf(document.contents, source, SILENT));
    }
  }
  return nodes;
}
