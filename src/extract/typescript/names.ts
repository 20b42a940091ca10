/** Names of keys and members. */
import type { Node } from './syntax.ts';

/** The name of a key that is written plainly or as a literal; undefined when it is computed. */
export function literalKey(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number'))
    return String(key.value);
  return undefined;
}

/** The name of a class member; a computed one is its text in brackets. */
export function memberName(key: Node, computed: boolean, text: string): string {
  return literalKey(key, computed) ?? `[${text.slice(...key.range)}]`;
}

/** The name in an import or export specifier: `a`, or the string in `'a b'`. */
export function moduleName(node: Node): string {
  return literalKey(node, false) ?? '';
}

/** The text of a string that is known: a literal, or a template without holes. */
export function stringOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}
