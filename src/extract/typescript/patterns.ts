/** Destructuring patterns, of declarations and of assignments. */
import type { PathStep, PatternDefault } from '../../code-facts.ts';
import type { Draft } from './draft.ts';
import { literalKey } from './names.ts';
import type { Node } from './syntax.ts';

/** One name or place that a pattern fills. */
export interface PatternTarget {
  readonly node: Node;
  readonly path: readonly PathStep[];
  readonly defaults: readonly PatternDefault[];
  readonly rest: boolean;
}

/** What a pattern fills, in order. The expressions of its keys and defaults must have been left before. */
export function targetsOf(pattern: Node, draft: Draft): PatternTarget[] {
  const targets: PatternTarget[] = [];
  const stack: PatternTarget[] = [{ node: pattern, path: [], defaults: [], rest: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, path, defaults, rest } = top;
    switch (node.type) {
      case 'TSParameterProperty':
        stack.push({ ...top, node: node.parameter });
        break;
      case 'AssignmentPattern':
        stack.push({
          node: node.left,
          path,
          defaults: [...defaults, { depth: path.length, value: draft.of(node.right) }],
          rest,
        });
        break;
      case 'RestElement':
        stack.push({ node: node.argument, path, defaults, rest: true });
        break;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
      case 'TSNonNullExpression':
        stack.push({ ...top, node: node.expression });
        break;
      case 'ObjectPattern':
        for (let i = node.properties.length - 1; i >= 0; i--) {
          const property = node.properties[i];
          if (property === undefined) continue;
          if (property.type === 'RestElement') stack.push({ ...top, node: property });
          else {
            const name = literalKey(property.key, property.computed);
            const step = name ?? { computed: draft.of(property.key) };
            stack.push({ node: property.value, path: [...path, step], defaults, rest });
          }
        }
        break;
      case 'ArrayPattern':
        for (let i = node.elements.length - 1; i >= 0; i--) {
          const element = node.elements[i];
          if (element !== null && element !== undefined)
            stack.push({ node: element, path: [...path, i], defaults, rest });
        }
        break;
      default:
        targets.push(top);
    }
  }
  return targets;
}

/** The optional fields of a fact about what a pattern fills. */
export function patternFields({ path, defaults, rest }: PatternTarget): {
  path?: readonly PathStep[];
  defaults?: readonly PatternDefault[];
  rest?: true;
} {
  return {
    ...(path.length === 0 ? {} : { path }),
    ...(defaults.length === 0 ? {} : { defaults }),
    ...(rest ? { rest: true as const } : {}),
  };
}
