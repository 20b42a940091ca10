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
type Table = Readonly<Record<string, Keys>>;

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
  const keys: Record<string, Keys> = Object.create(null);
  for (const [type, names] of Object.entries(rows)) keys[type] = names.split(' ');
  return keys;
}

function isPlain(node: Node): boolean {
  return 'computed' in node && node.computed === false;
}

/** Appends the children of `node` that run to `stack`, the last one first: the first one is popped first. */
export function pushRunning(node: Node, stack: (Node | null)[]): void {
  const plain = RUNNING_PLAIN[node.type];
  const keys = plain !== undefined && isPlain(node) ? plain : RUNNING[node.type];
  if (keys !== undefined) pushKeys(node, keys, stack);
}

/** Appends the erased children of `node` to `stack`. */
export function pushErased(node: Node, stack: Node[]): void {
  const plain = ERASED_PLAIN[node.type];
  const keys = plain !== undefined && isPlain(node) ? plain : ERASED[node.type];
  if (keys !== undefined) pushKeys(node, keys, stack);
}

function pushKeys(node: Node, keys: Keys, stack: (Node | null)[]): void {
  for (let i = keys.length - 1; i >= 0; i--) {
    const child: unknown = Reflect.get(node, keys[i] ?? '');
    if (child === null || child === undefined) continue;
    if (Array.isArray(child)) {
      for (let k = child.length - 1; k >= 0; k--) if (child[k] !== null) stack.push(child[k]);
    } else stack.push(child as Node);
  }
}
