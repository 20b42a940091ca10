/** One expression of the syntax tree as a fact; its parts are facts already. */
import type { Expression, ListItem, ObjectEntry } from '../../code-facts.ts';
import { type Draft, rangeOf } from './draft.ts';
import { literalKey, stringOf } from './names.ts';
import type { Node } from './syntax.ts';
import { typeRef } from './types.ts';

/** The fact of a node that is no call, write, function or class; undefined when it is no expression or not one that is described. */
export function expressionOf(node: Node, draft: Draft): Expression | undefined {
  const range = rangeOf(node);
  switch (node.type) {
    case 'Literal': {
      if ('regex' in node)
        return { range, is: 'regexp', source: node.regex.pattern, flags: node.regex.flags };
      if ('bigint' in node) return { range, is: 'bigint', value: node.bigint };
      const { value } = node;
      if (typeof value === 'number' && !Number.isFinite(value))
        return { range, is: 'global', name: 'Infinity' };
      if (
        value === null ||
        typeof value === 'string' ||
        typeof value === 'number' ||
        typeof value === 'boolean'
      )
        return { range, is: 'value', value };
      return { range, is: 'opaque', why: 'Literal' };
    }
    case 'ThisExpression':
      return { range, is: 'this' };
    case 'Super':
      return { range, is: 'super' };
    case 'MetaProperty':
      return node.meta.name === 'import'
        ? { range, is: 'global', name: 'import.meta' }
        : { range, is: 'opaque', why: 'new.target' };
    case 'MemberExpression': {
      const of = draft.of(node.object);
      const optional = node.optional ? { optional: true as const } : {};
      const name = memberOf(node);
      return name === undefined
        ? { range, is: 'index', of, key: draft.of(node.property), ...optional }
        : { range, is: 'member', of, name, ...optional };
    }
    case 'ObjectExpression':
      return {
        range,
        is: 'object',
        entries: node.properties.map((entry) => entryOf(entry, draft)),
      };
    case 'ArrayExpression':
      return { range, is: 'array', items: listOf(node.elements, draft) };
    case 'TemplateLiteral': {
      const parts: (string | { value: number })[] = [];
      for (let i = 0; i < node.quasis.length; i++) {
        const text = node.quasis[i]?.value.cooked ?? '';
        if (text !== '') parts.push(text);
        const hole = node.expressions[i];
        if (hole !== undefined) parts.push({ value: draft.of(hole) });
      }
      const plain = stringOf(node);
      return plain === undefined
        ? { range, is: 'template', parts }
        : { range, is: 'value', value: plain };
    }
    case 'AwaitExpression':
      return { range, is: 'await', of: draft.of(node.argument) };
    case 'ConditionalExpression':
      return {
        range,
        is: 'choice',
        operator: '?:',
        test: draft.of(node.test),
        of: [draft.of(node.consequent), draft.of(node.alternate)],
      };
    case 'LogicalExpression':
      return {
        range,
        is: 'choice',
        operator: node.operator,
        of: [draft.of(node.left), draft.of(node.right)],
      };
    case 'BinaryExpression':
      return {
        range,
        is: 'operator',
        operator: node.operator,
        of: [draft.of(node.left), draft.of(node.right)],
      };
    case 'UnaryExpression':
      return { range, is: 'operator', operator: node.operator, of: [draft.of(node.argument)] };
    case 'TSAsExpression':
    case 'TSTypeAssertion':
    case 'TSSatisfiesExpression': {
      const type = typeRef(node.typeAnnotation, draft);
      return {
        range,
        is: 'cast',
        of: draft.of(node.expression),
        as: node.type === 'TSSatisfiesExpression' ? 'satisfies' : 'as',
        ...(type === undefined ? {} : { type }),
      };
    }
    case 'TSNonNullExpression':
      return { range, is: 'cast', of: draft.of(node.expression), as: '!' };
    case 'TSInstantiationExpression':
      return { range, is: 'cast', of: draft.of(node.expression), as: 'instantiation' };
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
