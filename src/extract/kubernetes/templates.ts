/** Files that are templates of YAML, and the kinds that a text names without being read as YAML. */
import { Lexer } from 'yaml';
import { documentsOf } from './documents.ts';
import { placeholderIn } from './placeholders.ts';

const MARKS = ['{{', '{%', '<%'] as const;
/** An expression of Go templates; `${{X}}` is a parameter of OpenShift or GitHub. */
const GO_EXPRESSION = /(?<!\$)\{\{/;
/** A line that holds nothing but a statement of ERB. */
const STATEMENT_LINE = /^[ \t]*<%(?!=).*%>[ \t]*\r?$/m;
/** Directives of ytt: its templates are YAML whose values stand in comments. */
const YTT = /^[ \t]*#@(?:[ \t]|[a-z]+\/|$)|:[ \t]+#@[ \t]/m;
const KIND_LINE = /(?:^|[\s{,])["']?kind["']?[ \t]*:[ \t]*([^\n,]+)/gm;
const KIND = /^["']?([A-Z][A-Za-z0-9]*)\b/;
const NAMED_KIND = /["'`]([A-Z][A-Za-z0-9]*)["'`]/g;

/** A computed kind nearly always chooses between these. */
const CHOSEN_KINDS = ['DaemonSet', 'Deployment', 'StatefulSet'];

/** Does this text have marks of a template engine anywhere, even in comments and quotes? */
export function hasTemplateMarks(text: string): boolean {
  return MARKS.some((mark) => text.includes(mark));
}

/** Does this file lie in a folder `templates`, where charts have theirs? */
export function isInTemplates(path: string): boolean {
  return /(?:^|\/)templates\//.test(path);
}

/**
 * Is this text a template of YAML rather than YAML? True when an expression stands where YAML would begin a
 * value, a key or a line (`{{- if`, `name: {{ .Release.Name }}`), and for what lies in the templates folder of
 * a chart. Expressions in quotes, block scalars, comments or within a plain text are values like any other:
 * Prometheus, Grafana and Argo Workflows have them.
 */
export function isTemplate(path: string, text: string): boolean {
  if (text.includes('#@') && YTT.test(text)) return true;
  if (!hasTemplateMarks(text)) return false;
  if (isInTemplates(path) && GO_EXPRESSION.test(text)) return true;
  if (STATEMENT_LINE.test(text)) return true;
  return documentsOf(text).some(({ start, end }) => beginsValue(text.slice(start, end)));
}

/** Two braces side by side are no YAML that anybody writes; `{%` is none at all. */
function beginsValue(text: string): boolean {
  if (!text.includes('{{') && !text.includes('{%')) return false;
  let previous = '';
  for (const lexeme of new Lexer().lex(text)) {
    // The lexer announces every plain scalar with a unit separator.
    if (lexeme === '\x1f') continue;
    if (previous === '{' && (lexeme === '{' || lexeme.startsWith('%'))) return true;
    previous = lexeme;
  }
  return false;
}

/** The kinds that lines such as `kind: X` name, sorted. */
export function kindsNamed(text: string): readonly string[] {
  const kinds = new Set<string>();
  for (const [, value = ''] of text.matchAll(KIND_LINE)) {
    const kind = KIND.exec(value)?.[1];
    if (kind !== undefined) kinds.add(kind);
    else if (placeholderIn(value) !== undefined) {
      const named = [...value.matchAll(NAMED_KIND)].map(([, name = '']) => name);
      for (const name of named.length > 0 ? named : CHOSEN_KINDS) kinds.add(name);
    }
  }
  return [...kinds].sort();
}
