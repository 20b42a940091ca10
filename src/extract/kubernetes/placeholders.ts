/** Text that something else fills in before the cluster sees it. */

/** Longer texts are scripts, queries and documentation, not values with a hole. */
const LONGEST = 512;

/** Marks of template engines: Go templates, Jinja, GitHub, Argo Workflows, ERB. */
const TEMPLATE = /\{\{|\{%|<%/;
/** A part of it is enough to rule out most texts at once. */
const ANY = /[$#<%{_]/;

const PLACEHOLDERS: readonly RegExp[] = [
  /\$\{[^{}]*\}/,
  /\$\([A-Za-z_][\w.-]*\)/,
  /#\{[^{}]+\}/,
  /__[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)*__/,
  // Not a comparison (`a < b`), not the name of a group in a regular expression.
  /(?<!\(\?P?)<[A-Za-z][\w.-]*>/,
  /^<[A-Za-z][^<>]*>$/,
];

/** `$NAME` of envsubst; a `$` before a digit refers to a group, one at the end closes a regular expression. */
const VARIABLE = /\$[A-Za-z_]\w*/;

function holds(text: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

/** Why the value of a scalar cannot be told; undefined when the text is the value. */
export function placeholderIn(text: string): string | undefined {
  if (!ANY.test(text) || text.length > LONGEST || text.includes('\n')) return undefined;
  if (TEMPLATE.test(text)) return 'a template expression';
  return holds(text, PLACEHOLDERS) || VARIABLE.test(text) ? 'a placeholder' : undefined;
}

/** The same for a key of a map; `$patch` and its kin are keys of Kustomize. */
export function placeholderInKey(text: string): string | undefined {
  if (!ANY.test(text) || text.length > LONGEST) return undefined;
  return TEMPLATE.test(text) || holds(text, PLACEHOLDERS) ? 'a placeholder' : undefined;
}
