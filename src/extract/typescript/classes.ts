/** Classes: fields, parameter properties, methods, decorators. */
import type { TSESTree } from '@typescript-eslint/types';
import type { FieldFact, MemberOf, MethodFact, ParameterFact } from '../../code-facts.ts';
import { type Draft, nameRange, rangeOf } from './draft.ts';
import { memberName } from './names.ts';
import { targetsOf } from './patterns.ts';
import type { FunctionNode, Node } from './syntax.ts';
import { typeArguments, typeRef } from './types.ts';

type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

/** Fills in the fact of a class whose members were visited. */
export function finishClass(node: ClassNode, index: number, draft: Draft): void {
  const fact = draft.classes[index];
  if (fact === undefined) return;
  const superClass = draft.found(node.superClass);
  if (superClass !== undefined) fact.extends = superClass;
  const superArguments = typeArguments(node.superTypeArguments, draft);
  if (superArguments !== undefined) fact.extendsArguments = superArguments;
  fact.implements = node.implements.flatMap((type) => typeRef(type, draft) ?? []);
  fact.decorators = decoratorsOf(node.decorators, draft);
  const fields: FieldFact[] = [];
  const methods: MethodFact[] = [];
  for (const member of node.body.body) {
    switch (member.type) {
      case 'PropertyDefinition':
      case 'AccessorProperty':
      case 'TSAbstractPropertyDefinition':
      case 'TSAbstractAccessorProperty':
        fields.push(fieldOf(member, draft));
        break;
      case 'MethodDefinition':
      case 'TSAbstractMethodDefinition': {
        const method = methodOf(member, draft);
        if (method !== undefined) methods.push(method);
        if (member.kind === 'constructor' && method?.function !== undefined)
          fields.push(...parameterProperties(member.value, draft));
        break;
      }
      default:
    }
  }
  fact.fields = fields;
  fact.methods = methods;
}

function fieldOf(
  member:
    | TSESTree.PropertyDefinition
    | TSESTree.AccessorProperty
    | TSESTree.TSAbstractPropertyDefinition
    | TSESTree.TSAbstractAccessorProperty,
  draft: Draft,
): FieldFact {
  const isAbstract =
    member.type === 'TSAbstractPropertyDefinition' || member.type === 'TSAbstractAccessorProperty';
  const value = draft.found(member.value);
  const type = typeRef(member.typeAnnotation, draft);
  return {
    name: memberName(member.key, member.computed, draft.text),
    range: rangeOf(member.key),
    ...(member.static ? { static: true as const } : {}),
    ...(isAbstract || member.declare ? { ambient: true as const } : {}),
    ...(member.readonly ? { readonly: true as const } : {}),
    ...(value === undefined ? {} : { value }),
    ...(type === undefined
      ? {}
      : { type: member.optional ? { ...type, nullish: true as const } : type }),
    decorators: decoratorsOf(member.decorators, draft),
  };
}

function methodOf(
  member: TSESTree.MethodDefinition | TSESTree.TSAbstractMethodDefinition,
  draft: Draft,
): MethodFact | undefined {
  const body = draft.functionOf.get(member.value);
  // The signatures of an overload have no body and are no methods of their own.
  if (body === undefined && member.type === 'MethodDefinition') return undefined;
  const returns = typeRef(member.value.returnType, draft);
  return {
    name: memberName(member.key, member.computed, draft.text),
    range: rangeOf(member.key),
    kind: methodKind(member.kind),
    ...(member.static ? { static: true as const } : {}),
    ...(body === undefined ? {} : { function: body }),
    ...(returns === undefined ? {} : { returns }),
    decorators: decoratorsOf(member.decorators, draft),
  };
}

function methodKind(kind: TSESTree.MethodDefinition['kind']): MethodFact['kind'] {
  if (kind === 'get') return 'getter';
  return kind === 'set' ? 'setter' : kind;
}

function parameterProperties(node: Node, draft: Draft): FieldFact[] {
  if (node.type !== 'FunctionExpression') return [];
  return node.params.flatMap((parameter, index) => {
    if (parameter.type !== 'TSParameterProperty') return [];
    const [target] = targetsOf(parameter, draft);
    if (target?.node.type !== 'Identifier') return [];
    const type = parameterType(parameter, draft);
    return [
      {
        name: target.node.name,
        range: nameRange(target.node),
        ...(parameter.readonly ? { readonly: true as const } : {}),
        ...(type === undefined ? {} : { type }),
        parameter: index,
        decorators: decoratorsOf(parameterDecorators(parameter), draft),
      },
    ];
  });
}

export function decoratorsOf(
  nodes: readonly TSESTree.Decorator[] | undefined,
  draft: Draft,
): number[] {
  return (nodes ?? []).flatMap((node) => draft.decoratorOf.get(node) ?? []);
}

/** Decorators of a parameter, wherever the tree keeps them. */
function parameterDecorators(parameter: Node): readonly TSESTree.Decorator[] {
  const own = 'decorators' in parameter ? (parameter.decorators ?? []) : [];
  if (parameter.type !== 'TSParameterProperty') return own;
  return [...own, ...(parameter.parameter.decorators ?? [])];
}

/** Decorators of the parameters of a method, the first one last. */
export function decoratorsInParameters(node: TSESTree.MethodDefinition): TSESTree.Decorator[] {
  return node.value.params.flatMap((parameter) => [...parameterDecorators(parameter)]).reverse();
}

/** Which member of which class a function is. */
export function memberOf(
  node: Node,
  parent: Node | undefined,
  grandparent: Node | undefined,
  classNode: Node | undefined,
  draft: Draft,
): MemberOf | undefined {
  if (grandparent?.type !== 'ClassBody' || classNode === undefined) return undefined;
  const index = draft.classOf.get(classNode);
  if (index === undefined) return undefined;
  switch (parent?.type) {
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty': {
      if (parent.value !== node) return undefined;
      return {
        class: index,
        member: memberName(parent.key, parent.computed, draft.text),
        ...(parent.static ? { static: true as const } : {}),
        kind: parent.type === 'MethodDefinition' ? methodKind(parent.kind) : 'field',
      };
    }
    default:
      return undefined;
  }
}

/** Parameters of a function whose defaults and decorators were visited; its bindings learn where they come from. */
export function parametersOf(node: FunctionNode, draft: Draft): ParameterFact[] {
  return node.params.map((parameter, index) => parameterOf(parameter, index, draft));
}

function parameterOf(parameter: Node, index: number, draft: Draft): ParameterFact {
  const inner = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
  const type = parameterType(parameter, draft);
  const byDefault = inner.type === 'AssignmentPattern' ? draft.of(inner.right) : undefined;
  const decorators = decoratorsOf(parameterDecorators(parameter), draft);
  const isOptional = inner.type === 'Identifier' && inner.optional === true;
  const bindings: number[] = [];
  for (const target of targetsOf(inner, draft)) {
    const binding = draft.declared(target.node);
    const fact = binding === undefined ? undefined : draft.bindings[binding];
    if (binding === undefined || fact === undefined) continue;
    bindings.push(binding);
    fact.parameter = index;
    if (target.path.length > 0) fact.path = target.path;
    if (target.defaults.length > 0) fact.defaults = target.defaults;
    if (target.rest) fact.rest = true;
    if (type !== undefined && target.path.length === 0 && !target.rest) fact.type = type;
  }
  return {
    range: rangeOf(parameter),
    bindings,
    ...(type === undefined ? {} : { type }),
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(inner.type === 'RestElement' ? { rest: true as const } : {}),
    ...(isOptional ? { optional: true as const } : {}),
    ...(decorators.length === 0 ? {} : { decorators }),
  };
}

function parameterType(parameter: Node, draft: Draft) {
  let node = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
  if (node.type === 'AssignmentPattern') node = node.left;
  const annotation = 'typeAnnotation' in node ? node.typeAnnotation : undefined;
  const type = typeRef(annotation, draft);
  const isOptional = node.type === 'Identifier' && node.optional === true;
  return type !== undefined && isOptional ? { ...type, nullish: true as const } : type;
}
