/**
 * The syntax tree as this folder sees it: types of nodes, children and `range`, nothing else, so that any parser that makes
 * TSESTree trees can stand behind `parse.ts`.
 */
import type { TSESTree } from '@typescript-eslint/types';

export type Node = TSESTree.Node;
export type Program = TSESTree.Program;
export type FunctionNode =
  | TSESTree.FunctionDeclaration
  | TSESTree.FunctionExpression
  | TSESTree.ArrowFunctionExpression;

type Keys = readonly string[];
type Table = ReadonlyMap<string, Keys>;

/** Children that run, in order of evaluation. Names that are not expressions (keys, labels) are no children. */
const RUNNING: Table = table({
  Program: 'body',
  ExpressionStatement: 'expression',
  BlockStatement: 'body',
  StaticBlock: 'body',
  VariableDeclaration: 'declarations',
  VariableDeclarator: 'init id',
  FunctionDeclaration: 'params body',
  FunctionExpression: 'params body',
  ArrowFunctionExpression: 'params body',
  ClassDeclaration: 'decorators superClass body',
  ClassExpression: 'decorators superClass body',
  ClassBody: 'body',
  MethodDefinition: 'decorators key value',
  PropertyDefinition: 'decorators key value',
  AccessorProperty: 'decorators key value',
  TSAbstractMethodDefinition: 'decorators key',
  TSAbstractPropertyDefinition: 'decorators key',
  TSAbstractAccessorProperty: 'decorators key',
  ReturnStatement: 'argument',
  ThrowStatement: 'argument',
  IfStatement: 'test consequent alternate',
  SwitchStatement: 'discriminant cases',
  SwitchCase: 'test consequent',
  WhileStatement: 'test body',
  DoWhileStatement: 'body test',
  ForStatement: 'init test body update',
  ForInStatement: 'right left body',
  ForOfStatement: 'right left body',
  TryStatement: 'block handler finalizer',
  CatchClause: 'param body',
  LabeledStatement: 'body',
  WithStatement: 'object body',
  ArrayExpression: 'elements',
  ObjectExpression: 'properties',
  Property: 'key value',
  SpreadElement: 'argument',
  UnaryExpression: 'argument',
  UpdateExpression: 'argument',
  BinaryExpression: 'left right',
  LogicalExpression: 'left right',
  AssignmentExpression: 'left right',
  ConditionalExpression: 'test consequent alternate',
  CallExpression: 'callee arguments',
  NewExpression: 'callee arguments',
  ImportExpression: 'source options',
  ChainExpression: 'expression',
  ParenthesizedExpression: 'expression',
  MemberExpression: 'object property',
  SequenceExpression: 'expressions',
  TemplateLiteral: 'expressions',
  TaggedTemplateExpression: 'tag quasi',
  YieldExpression: 'argument',
  AwaitExpression: 'argument',
  Decorator: 'expression',
  ArrayPattern: 'elements',
  ObjectPattern: 'properties',
  AssignmentPattern: 'right left',
  RestElement: 'argument',
  TSParameterProperty: 'parameter',
  TSAsExpression: 'expression',
  TSSatisfiesExpression: 'expression',
  TSNonNullExpression: 'expression',
  TSTypeAssertion: 'expression',
  TSInstantiationExpression: 'expression',
  JSXElement: 'openingElement children',
  JSXFragment: 'children',
  JSXOpeningElement: 'name attributes',
  JSXAttribute: 'value',
  JSXSpreadAttribute: 'argument',
  JSXExpressionContainer: 'expression',
  JSXSpreadChild: 'expression',
  JSXMemberExpression: 'object',
  ExportNamedDeclaration: 'declaration',
  ExportDefaultDeclaration: 'declaration',
  TSExportAssignment: 'expression',
  TSImportEqualsDeclaration: 'moduleReference',
  TSModuleDeclaration: 'body',
  TSModuleBlock: 'body',
  TSEnumDeclaration: 'body',
  TSEnumBody: 'members',
  TSEnumMember: 'initializer',
});

/** The same, for nodes whose name is written plainly (`computed` is false). */
const RUNNING_PLAIN: Table = table({
  MethodDefinition: 'decorators value',
  PropertyDefinition: 'decorators value',
  AccessorProperty: 'decorators value',
  TSAbstractMethodDefinition: 'decorators',
  TSAbstractPropertyDefinition: 'decorators',
  TSAbstractAccessorProperty: 'decorators',
  Property: 'value',
  MemberExpression: 'object',
});

/** Children that are erased: annotations and what types are made of. */
const ERASED: Table = table({
  FunctionDeclaration: 'typeParameters returnType',
  FunctionExpression: 'typeParameters returnType',
  ArrowFunctionExpression: 'typeParameters returnType',
  ClassDeclaration: 'typeParameters superTypeArguments implements',
  ClassExpression: 'typeParameters superTypeArguments implements',
  PropertyDefinition: 'typeAnnotation',
  AccessorProperty: 'typeAnnotation',
  TSAbstractMethodDefinition: 'value',
  TSAbstractPropertyDefinition: 'typeAnnotation',
  TSAbstractAccessorProperty: 'typeAnnotation',
  CallExpression: 'typeArguments',
  NewExpression: 'typeArguments',
  TaggedTemplateExpression: 'typeArguments',
  JSXOpeningElement: 'typeArguments',
  TSAsExpression: 'typeAnnotation',
  TSSatisfiesExpression: 'typeAnnotation',
  TSTypeAssertion: 'typeAnnotation',
  TSInstantiationExpression: 'typeArguments',
  TSDeclareFunction: 'typeParameters params returnType',
  TSEmptyBodyFunctionExpression: 'typeParameters params returnType',
  TSTypeAliasDeclaration: 'typeParameters typeAnnotation',
  TSInterfaceDeclaration: 'typeParameters extends body',
  TSInterfaceBody: 'body',
  TSInterfaceHeritage: 'expression typeArguments',
  TSClassImplements: 'expression typeArguments',
  TSTypeAnnotation: 'typeAnnotation',
  TSTypeParameterDeclaration: 'params',
  TSTypeParameterInstantiation: 'params',
  TSTypeParameter: 'constraint default',
  TSTypeReference: 'typeName typeArguments',
  TSTypeQuery: 'exprName typeArguments',
  TSQualifiedName: 'left',
  TSArrayType: 'elementType',
  TSTupleType: 'elementTypes',
  TSNamedTupleMember: 'elementType',
  TSOptionalType: 'typeAnnotation',
  TSRestType: 'typeAnnotation',
  TSUnionType: 'types',
  TSIntersectionType: 'types',
  TSConditionalType: 'checkType extendsType trueType falseType',
  TSInferType: 'typeParameter',
  TSTypeOperator: 'typeAnnotation',
  TSIndexedAccessType: 'objectType indexType',
  TSMappedType: 'constraint nameType typeAnnotation',
  TSTemplateLiteralType: 'types',
  TSTypeLiteral: 'members',
  TSTypePredicate: 'parameterName typeAnnotation',
  TSPropertySignature: 'key typeAnnotation',
  TSMethodSignature: 'key typeParameters params returnType',
  TSIndexSignature: 'typeAnnotation',
  TSCallSignatureDeclaration: 'typeParameters params returnType',
  TSConstructSignatureDeclaration: 'typeParameters params returnType',
  TSFunctionType: 'typeParameters params returnType',
  TSConstructorType: 'typeParameters params returnType',
  TSImportType: 'typeArguments',
});

const ERASED_PLAIN: Table = table({
  TSPropertySignature: 'typeAnnotation',
  TSMethodSignature: 'typeParameters params returnType',
});

function table(rows: Readonly<Record<string, string>>): Table {
  return new Map(Object.entries(rows).map(([type, names]) => [type, names.split(' ')]));
}

/** Appends the children of `node` that run to `stack`, the last one first: the first one is popped first. */
export function pushRunning(node: Node, stack: (Node | null)[]): void {
  pushKeys(node, RUNNING.get(node.type), RUNNING_PLAIN, stack);
}

/** Whether a node has no children that run: most nodes are names and literals. */
export function isLeaf(node: Node): boolean {
  return !RUNNING.has(node.type);
}

/** Appends the erased children of `node` to `stack`. */
export function pushErased(node: Node, stack: Node[]): void {
  pushKeys(node, ERASED.get(node.type), ERASED_PLAIN, stack);
}

function pushKeys(node: Node, all: Keys | undefined, plain: Table, stack: (Node | null)[]): void {
  if (all === undefined) return;
  const isPlain = 'computed' in node && node.computed === false;
  const keys = isPlain ? (plain.get(node.type) ?? all) : all;
  const fields = node as unknown as Readonly<Record<string, Child>>;
  for (let i = keys.length - 1; i >= 0; i--) {
    const child = fields[keys[i] ?? ''];
    if (child === null || child === undefined) continue;
    if (!Array.isArray(child)) stack.push(child as Node);
    else
      for (let k = child.length - 1; k >= 0; k--) {
        const item: Node | null | undefined = child[k];
        // A hole of an array is null.
        if (item) stack.push(item);
      }
  }
}

type Child = Node | readonly (Node | null)[] | null | undefined;
