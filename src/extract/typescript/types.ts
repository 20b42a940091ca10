/** Annotations, as far as they name types: what dependency injection and fields with a declared type need. */
import type { TSESTree } from '@typescript-eslint/types';
import type { TypeFact, TypeMember, TypeRef } from '../../code-facts.ts';
import { type Draft, rangeOf, type Writable } from './draft.ts';
import { literalKey } from './names.ts';
import type { Node } from './syntax.ts';

/** Deeper arguments of types are left out; this also bounds the recursion. */
const DEPTH = 8;

const KEYWORD = /^TS(Any|BigInt|Boolean|Never|Number|Object|String|Symbol|Unknown|Void)Keyword$/;

/** The type that an annotation names; undefined when it names none, or more than one. */
export function typeRef(node: Node | null | undefined, draft: Draft): TypeRef | undefined {
  return node === null || node === undefined ? undefined : refAt(node, draft, DEPTH);
}

/** `<A, B>`: null where an argument names no type. */
export function typeArguments(
  node: TSESTree.TSTypeParameterInstantiation | undefined,
  draft: Draft,
): readonly (TypeRef | null)[] | undefined {
  return node === undefined ? undefined : argumentsAt(node, draft, DEPTH);
}

function argumentsAt(
  node: TSESTree.TSTypeParameterInstantiation | null | undefined,
  draft: Draft,
  depth: number,
): readonly (TypeRef | null)[] {
  if (node === null || node === undefined || depth === 0) return [];
  return node.params.map((parameter) => refAt(parameter, draft, depth - 1) ?? null);
}

function refAt(annotation: Node, draft: Draft, depth: number): TypeRef | undefined {
  let node = annotation;
  let nullish = false;
  for (;;) {
    if (node.type === 'TSTypeAnnotation' || node.type === 'TSTypeOperator') {
      if (node.type === 'TSTypeOperator' && node.operator !== 'readonly') return undefined;
      if (node.typeAnnotation === undefined) return undefined;
      node = node.typeAnnotation;
    } else if (node.type === 'TSUnionType') {
      const others: readonly Node[] = node.types.filter(({ type }) => !isNullish(type));
      const [only] = others;
      if (only === undefined || others.length > 1) return undefined;
      nullish ||= others.length < node.types.length;
      node = only;
    } else break;
  }
  const ref = (
    root: TypeRef['root'],
    path: readonly string[] = [],
    types: readonly (TypeRef | null)[] = [],
  ): Writable<TypeRef> => ({
    range: rangeOf(node),
    root,
    ...(path.length === 0 ? {} : { path }),
    ...(types.length === 0 ? {} : { arguments: types }),
    ...(nullish ? { nullish: true as const } : {}),
  });
  switch (node.type) {
    case 'TSTypeReference':
    case 'TSClassImplements':
    case 'TSInterfaceHeritage': {
      const name = node.type === 'TSTypeReference' ? node.typeName : node.expression;
      const named = namedBy(name, draft);
      return named && ref(named.root, named.path, argumentsAt(node.typeArguments, draft, depth));
    }
    case 'TSTypeQuery': {
      const named = namedBy(node.exprName, draft);
      return named && { ...ref(named.root, named.path), query: true };
    }
    case 'TSImportType': {
      const path = node.qualifier === null ? [] : pathOf(node.qualifier);
      return ref(
        { module: node.source.value },
        path,
        argumentsAt(node.typeArguments, draft, depth),
      );
    }
    case 'TSArrayType':
      return ref(
        { global: 'Array' },
        [],
        depth === 0 ? [] : [refAt(node.elementType, draft, depth - 1) ?? null],
      );
    case 'TSTypeLiteral':
      return depth === 0 ? undefined : ref({ members: membersOf(node.members, draft, depth - 1) });
    default: {
      const keyword = KEYWORD.exec(node.type)?.[1];
      return keyword === undefined ? undefined : ref({ global: keyword.toLowerCase() });
    }
  }
}

function isNullish(type: string): boolean {
  return type === 'TSNullKeyword' || type === 'TSUndefinedKeyword';
}

/** What `A.B.C` begins with, and the rest. */
function namedBy(
  name: Node,
  draft: Draft,
): { readonly root: TypeRef['root']; readonly path: readonly string[] } | undefined {
  const path = pathOf(name);
  let first = name;
  for (;;) {
    if (first.type === 'TSQualifiedName') first = first.left;
    else if (first.type === 'MemberExpression') first = first.object;
    else break;
  }
  if (first.type !== 'Identifier') return undefined;
  path.shift();
  const target = draft.bound.references.get(first);
  if (target === undefined || target === 'arguments') return undefined;
  if (target === 'free' || target.ambient) return { root: { global: first.name }, path };
  const binding = draft.indexOf(target);
  return binding === undefined ? undefined : { root: { binding }, path };
}

function pathOf(name: Node): string[] {
  const path: string[] = [];
  let node = name;
  for (;;) {
    if (node.type === 'TSQualifiedName') {
      path.push(node.right.name);
      node = node.left;
    } else if (node.type === 'MemberExpression' && node.property.type === 'Identifier') {
      path.push(node.property.name);
      node = node.object;
    } else break;
  }
  if (node.type === 'Identifier') path.push(node.name);
  return path.reverse();
}

function membersOf(members: readonly Node[], draft: Draft, depth: number): TypeMember[] {
  const found: TypeMember[] = [];
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') continue;
    const name = literalKey(member.key, member.computed);
    if (name === undefined) continue;
    const annotation = member.type === 'TSPropertySignature' ? member.typeAnnotation : undefined;
    const type = annotation && refAt(annotation, draft, depth);
    const optional = type !== undefined && member.optional;
    found.push({
      name,
      ...(type === undefined ? {} : { type: optional ? { ...type, nullish: true } : type }),
    });
  }
  return found;
}

/** The fact of an interface or of an alias of a type. */
export function typeFact(
  node: TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeAliasDeclaration,
  draft: Draft,
): TypeFact | undefined {
  const binding = draft.declared(node.id);
  if (binding === undefined) return undefined;
  if (node.type === 'TSTypeAliasDeclaration') {
    const alias = refAt(node.typeAnnotation, draft, DEPTH);
    const isLiteral = alias !== undefined && 'members' in alias.root && !alias.nullish;
    return {
      range: rangeOf(node),
      binding,
      extends: [],
      members: isLiteral && 'members' in alias.root ? alias.root.members : [],
      ...(alias === undefined || isLiteral ? {} : { alias }),
    };
  }
  return {
    range: rangeOf(node),
    binding,
    extends: node.extends.flatMap((other) => refAt(other, draft, DEPTH) ?? []),
    members: membersOf(node.body.body, draft, DEPTH),
  };
}
