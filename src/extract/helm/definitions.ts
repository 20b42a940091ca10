/** Which template a name means when several files define it. */
import type { Definition, ParsedTemplate } from './ast.ts';
import { compareStrings } from './functions/print.ts';

/** Helm's order of templates: deep paths first, and within one depth the last name first. */
export function inHelmOrder<T extends { readonly name: string }>(templates: readonly T[]): T[] {
  return templates
    .map((template) => ({ template, depth: template.name.split('/').length }))
    .sort((a, b) => b.depth - a.depth || compareStrings(b.template.name, a.template.name))
    .map(({ template }) => template);
}

/** The definitions of all files by name: the last one in Helm's order wins, so a chart overrides its subcharts. */
export function definitionsOf(templates: readonly ParsedTemplate[]): Map<string, Definition> {
  const definitions = new Map<string, Definition>();
  for (const { definitions: added } of inHelmOrder(templates)) addTo(definitions, added);
  return definitions;
}

/** Adds definitions; one that is blank replaces nothing. */
export function addTo(definitions: Map<string, Definition>, added: readonly Definition[]): void {
  for (const definition of added)
    if (!definition.blank || !definitions.has(definition.name))
      definitions.set(definition.name, definition);
}
