/** One expression of the syntax tree as a fact; its parts are facts already. */
import type { ListItem, ObjectEntry } from '../../code-facts.ts';
import { type Draft, type NewExpression, rangeOf } from './draft.ts';
import { literalKey, stringOf } from './names.ts';
import type { Node } from './syntax.ts';
import { typeRef } from './types.ts';

/** The fact of a node that is no call, write, function or class; undefined when it is no expression or not one that is described. */
export function expressionOf(node: Node, draft: Draft): NewExpression | undefined {
  switch (node.type) {
    case 'Literal': {
      if ('regex' in node)
        return { is: 'regexp', source: node.regex.pattern, flags: node.regex.flags };
      if ('bigint' in node) return { is: 'bigint', value: node.bigint };
      const { value } = node;
      if (typeof value === 'number' && !Number.isFinite(value))
        return { is: 'global', name: 'Infinity' };
      if (
        value === null ||
        typeof value === 'string' ||
        typeof value === 'number' ||
        typeof value === 'boolean'
      )
        return { is: 'value', value };
      return { is: 'opaque', why: 'Literal' };
    }
    case 'ThisExpression':
      return { is: 'this' };
    case 'Super':
      return { is: 'super' };
    case 'MetaProperty':
      return node.meta.name === 'import'
        ? { is: 'global', name: 'import.meta' }
        : { is: 'opaque', why: 'new.target' };
    case 'MemberExpression': {
      const of = draft.of(node.object);
      const optional = node.optional ? { optional: true as const } : {};
      const name = memberOf(node);
      return name === undefined
        ? { is: 'index', of, key: draft.of(node.property), ...optional }
        : { is: 'member', of, name, ...optional };
    }
    case 'ObjectExpression':
      return { is: 'object', entries: node.properties.map((entry) => entryOf(entry, draft)) };
    case 'ArrayExpression':
      return { is: 'array', items: listOf(node.elements, draft) };
    case 'TemplateLiteral': {
      const parts: (string | { value: number })[] = [];
      for (let i = 0; i < node.quasis.length; i++) {
        const text = node.quasis[i]?.value.cooked ?? '';
        if (text !== '') parts.push(text);
        const hole = node.expressions[i];
        if (hole !== undefined) parts.push({ value: draft.of(hole) });
      }
      const plain = stringOf(node);
      return plain === undefined ? { is: 'template', parts } : { is: 'value', value: plain };
    }
    case 'AwaitExpression':
      return { is: 'await', of: draft.of(node.argument) };
    case 'ConditionalExpression':
      return {
        is: 'choice',
        operator: '?:',
        test: draft.of(node.test),
        of: [draft.of(node.consequent), draft.of(node.alternate)],
      };
    case 'LogicalExpression':
      return {
        is: 'choice',
        operator: node.operator,
        of: [draft.of(node.left), draft.of(node.right)],
      };
    case 'BinaryExpression':
      return {
        is: 'operator',
        operator: node.operator,
        of: [draft.of(node.left), draft.of(node.right)],
      };
    case 'UnaryExpression':
      return { is: 'operator', operator: node.operator, of: [draft.of(node.argument)] };
    case 'TSAsExpression':
    case 'TSTypeAssertion':
    case 'TSSatisfiesExpression': {
      const type = typeRef(node.typeAnnotation, draft);
      return {
        is: 'cast',
        of: draft.of(node.expression),
        as: node.type === 'TSSatisfiesExpression' ? 'satisfies' : 'as',
        ...(type === undefined ? {} : { type }),
      };
    }
    case 'TSNonNullExpression':
      return { is: 'cast', of: draft.of(node.expression), as: '!' };
    case 'TSInstantiationExpression':
      return { is: 'cast', of: draft.of(node.expression), as: 'instantiation' };
    default:
      return undefined;
  }
}

/** The name of a member that is read: `a.b`, `a['b']`. */
function memberOf(node: Extract<Node, { type: 'MemberExpression' }>): string | undefined {
  if (!node.computed) return literalKey(node.property, false);
  return stringOf(node.property);
}

function entryOf(entry: Node, draft: Draft): ObjectEntry {
  if (entry.type === 'SpreadElement') return { spread: draft.of(entry.argument) };
  if (entry.type !== 'Property') return { spread: draft.of(entry) };
  const value = draft.of(entry.value);
  const key = literalKey(entry.key, entry.computed);
  if (key === undefined) return { computed: draft.of(entry.key), value };
  const keyRange = rangeOf(entry.key);
  return entry.kind === 'init'
    ? { key, keyRange, value }
    : { key, keyRange, value, accessor: true };
}

/** Elements of an array, or arguments. */
export function listOf(nodes: readonly (Node | null)[], draft: Draft): ListItem[] {
  return nodes.map((node) => {
    if (node === null) return null;
    return node.type === 'SpreadElement' ? { spread: draft.of(node.argument) } : draft.of(node);
  });
}
