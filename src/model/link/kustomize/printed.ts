/** What `kustomize build` prints of the objects of a finished build. */
import type { Node, ScalarNode } from '../../../facts.ts';
import { inPlaceOf } from '../cursor.ts';
import type { Resource } from './resource.ts';
import { entryOf, textAt, textNode, withItems, withoutEntry, withValue } from './tree.ts';

/** The objects that are printed, each as it is printed. */
export function printed(resources: readonly Resource[]): readonly Resource[] {
  const shown = resources.filter((resource) => !isLocal(resource));
  for (const resource of shown) {
    const { body } = resource;
    if (body === undefined) continue;
    const refolded = withFoldedAgain(body);
    if (refolded.kind === 'map') resource.body = refolded;
    asTexts(resource);
  }
  return shown;
}

/** Objects for tools alone are not printed. */
function isLocal({ body }: Resource): boolean {
  const mark = textAt(body, 'metadata', 'annotations', 'config.kubernetes.io/local-config');
  return mark !== undefined && mark !== 'false';
}

/** Kustomize writes all annotations as texts, and none when it has nothing left after its own. */
function asTexts(resource: Resource): void {
  const { body } = resource;
  const metadata = body === undefined ? undefined : entryOf(body, 'metadata');
  if (body === undefined || metadata?.value.kind !== 'map') return;
  const annotations = entryOf(metadata.value, 'annotations');
  if (annotations?.value.kind !== 'map') return;
  if (annotations.value.entries.length === 0) {
    const without = withoutEntry(metadata.value, 'annotations');
    resource.body = withValue(body, metadata, without);
    return;
  }
  let map = annotations.value;
  for (const entry of map.entries)
    if (entry.value.kind === 'scalar' && typeof entry.value.value !== 'string')
      map = withValue(map, entry, textNode(entry.value.text, entry.value.range));
  if (map !== annotations.value)
    resource.body = withValue(body, metadata, withValue(metadata.value, annotations, map));
}

/** The tree with each folded block as Kustomize reads it after writing it once; the same tree when there is none. */
function withFoldedAgain(node: Node): Node {
  if (node.kind === 'map') {
    let map = node;
    for (const entry of node.entries) map = withValue(map, entry, withFoldedAgain(entry.value));
    return map;
  }
  if (node.kind === 'sequence') return withItems(node, node.items.map(withFoldedAgain));
  if (node.kind !== 'scalar' || !isFolded(node)) return node;
  const value = foldedAgain(node.value);
  return value === node.value ? node : inPlaceOf(node, { ...node, value });
}

/** A block `>`: what stands there is more than its text. */
function isFolded(node: ScalarNode): node is ScalarNode & { readonly value: string } {
  return typeof node.value === 'string' && node.text.startsWith('>') && node.text !== node.value;
}

/**
 * The text of a folded block after go-yaml wrote and read it. Its writer doubles the first break behind a line that is not
 * indented further, which is right only where another such line follows; in a text that begins with a blank it never does.
 */
function foldedAgain(text: string): string {
  // Written as a quoted text instead, which is read as it was.
  if (/ (?:\n|$)/.test(text)) return text;
  if (/^\n*[ \t]/.test(text))
    return text.replace(
      /^([^ \t\n][^\n]*)\n(\n*)(?=[^ \t\n])/gm,
      (_, line: string, more: string) => (more === '' ? `${line} ` : `${line}${more}`),
    );
  return text.replace(/^([^ \t\n][^\n]*)\n(?=\n*[ \t]|\n+(?![\s\S]))/gm, '$1\n\n');
}
