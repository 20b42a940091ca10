/**
 * Names of one file: what declares them and what every identifier refers to. TypeScript's scopes, with two spaces of names
 * (values and types), on an explicit stack.
 */
import type { TSESTree } from '@typescript-eslint/types';
import type { BindingKind } from '../../code-facts.ts';
import { type FunctionNode, type Node, type Program, pushErased, pushRunning } from './syntax.ts';

export interface Binding {
  readonly name: string;
  /** The identifier of the first declaration. */
  readonly node: TSESTree.Identifier;
  readonly kind: BindingKind;
  readonly scope: Scope;
  /** Declared inside a type (a parameter of a function type): no fact, but it shadows. */
  readonly hidden: boolean;
  ambient: boolean;
  writes: number;
}

/** What an identifier refers to: a binding, or a name that nothing here declares. */
export type Target = Binding | 'free' | 'arguments';

export interface Bound {
  /** In order of their places; without the hidden ones. */
  readonly bindings: readonly Binding[];
  /** Identifiers that declare a name. */
  readonly declarations: ReadonlyMap<Node, Binding>;
  /** Identifiers that refer to a name, also those that are assigned to. */
  readonly references: ReadonlyMap<Node, Target>;
  /** `eval(...)` and `with`: names may be bound that nobody can see. */
  readonly unseen: readonly { readonly node: Node; readonly why: 'eval' | 'with' }[];
}

/** A function, a static block, or nothing for the module: what creates the names of a scope. */
export type Owner = FunctionNode | TSESTree.StaticBlock | undefined;

export interface Scope {
  readonly parent: Scope | undefined;
  readonly owner: Owner;
  /** `var` lands here. */
  readonly holdsVar: boolean;
  /** Names here are inside a type. */
  readonly inType: boolean;
  /** `infer` lands here. */
  readonly conditional: boolean;
  readonly ambient: boolean;
  values: Map<string, Binding> | undefined;
  types: Map<string, Binding> | undefined;
}

type Space = 'value' | 'type' | 'both';

const TYPE_ONLY: ReadonlySet<BindingKind> = new Set(['interface', 'type', 'type-parameter']);
const BOTH_SPACES: ReadonlySet<BindingKind> = new Set([
  'class',
  'enum',
  'enum-member',
  'import',
  'namespace',
]);

export function bind(program: Program): Bound {
  return new Binder().run(program);
}

class Binder {
  readonly #bindings: Binding[] = [];
  readonly #declarations = new Map<Node, Binding>();
  readonly #targets = new Map<Node, Target>();
  readonly #unseen: { node: Node; why: 'eval' | 'with' }[] = [];
  /** Identifiers that refer to names, to be resolved when all declarations are known. */
  readonly #references: Node[] = [];
  readonly #referenceNames: string[] = [];
  readonly #referenceScopes: Scope[] = [];
  readonly #referenceSpaces: Space[] = [];
  readonly #written = new Set<Node>();
  readonly #nodes: Node[] = [];
  readonly #scopes: Scope[] = [];
  readonly #children: Node[] = [];

  run(program: Program): Bound {
    const module = scopeIn(undefined, { holdsVar: true });
    this.#push(program, module);
    for (;;) {
      const node = this.#nodes.pop();
      const scope = this.#scopes.pop();
      if (node === undefined || scope === undefined) break;
      this.#visit(node, scope);
    }
    this.#resolve();
    return {
      bindings: this.#bindings
        .filter(({ hidden }) => !hidden)
        .sort((a, b) => a.node.range[0] - b.node.range[0]),
      declarations: this.#declarations,
      references: this.#targets,
      unseen: this.#unseen,
    };
  }

  #push(node: Node | null | undefined, scope: Scope): void {
    if (node === null || node === undefined) return;
    this.#nodes.push(node);
    this.#scopes.push(scope);
  }

  #pushAll(nodes: readonly (Node | null)[] | undefined, scope: Scope): void {
    if (nodes === undefined) return;
    for (const node of nodes) this.#push(node, scope);
  }

  #pushChildren(node: Node, scope: Scope): void {
    const children = this.#children;
    pushErased(node, children);
    pushRunning(node, children);
    for (const child of children) this.#push(child, scope);
    children.length = 0;
  }

  #visit(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        this.#refer(node, node.name, scope, 'value');
        return;
      case 'JSXIdentifier':
        // A lower-case name is an HTML element.
        if (isComponentName(node.name)) this.#refer(node, node.name, scope, 'value');
        return;
      case 'JSXMemberExpression':
        if (node.object.type !== 'JSXIdentifier') this.#push(node.object, scope);
        else if (node.object.name !== 'this')
          this.#refer(node.object, node.object.name, scope, 'value');
        return;
      case 'BlockStatement':
      case 'SwitchStatement':
        this.#pushChildren(node, scopeIn(scope, {}));
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = scopeIn(scope, {});
        if (node.type !== 'ForStatement' && node.left.type !== 'VariableDeclaration') {
          this.#pattern(node.left, inner, undefined);
          this.#push(node.right, inner);
          this.#push(node.body, inner);
        } else this.#pushChildren(node, inner);
        return;
      }
      case 'CatchClause': {
        const inner = scopeIn(scope, {});
        if (node.param !== null) this.#pattern(node.param, inner, 'catch');
        this.#push(node.body, inner);
        return;
      }
      case 'WithStatement':
        this.#unseen.push({ node, why: 'with' });
        this.#pushChildren(node, scope);
        return;
      case 'CallExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'eval')
          this.#unseen.push({ node, why: 'eval' });
        this.#pushChildren(node, scope);
        return;
      case 'StaticBlock':
        this.#pushChildren(node, scopeIn(scope, { holdsVar: true, owner: node }));
        return;
      case 'VariableDeclaration': {
        const kind = node.kind === 'await using' ? 'using' : node.kind;
        for (const { id, init } of node.declarations) {
          this.#pattern(id, scope, kind, node.declare);
          this.#push(init, scope);
        }
        return;
      }
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node, scope);
        return;
      case 'TSDeclareFunction':
        if (node.id !== null) this.#declare(node.id, 'function', scope, node.declare);
        this.#signature(node, scope);
        return;
      case 'TSEmptyBodyFunctionExpression':
      case 'TSFunctionType':
      case 'TSConstructorType':
      case 'TSCallSignatureDeclaration':
      case 'TSConstructSignatureDeclaration':
        this.#signature(node, scope);
        return;
      case 'TSMethodSignature':
        if (node.computed) this.#push(node.key, scope);
        this.#signature(node, scope);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node, scope);
        return;
      case 'ImportDeclaration':
        for (const { local } of node.specifiers) this.#declare(local, 'import', scope);
        return;
      case 'TSImportEqualsDeclaration':
        this.#declare(
          node.id,
          node.moduleReference.type === 'TSExternalModuleReference' ? 'import' : 'namespace',
          scope,
        );
        this.#name(node.moduleReference, scope, 'both');
        return;
      case 'ExportNamedDeclaration':
        this.#push(node.declaration, scope);
        if (node.source === null)
          for (const { local } of node.specifiers) this.#name(local, scope, 'both');
        return;
      case 'ExportDefaultDeclaration':
      case 'TSExportAssignment': {
        const exported = node.type === 'TSExportAssignment' ? node.expression : node.declaration;
        if (exported.type === 'Identifier') this.#name(exported, scope, 'both');
        else this.#push(exported, scope);
        return;
      }
      case 'AssignmentExpression':
        this.#pattern(node.left, scope, undefined);
        this.#push(node.right, scope);
        return;
      case 'UpdateExpression':
        this.#pattern(node.argument, scope, undefined);
        return;
      case 'TSEnumDeclaration': {
        this.#declare(node.id, 'enum', scope, node.declare);
        const inner = scopeIn(scope, {});
        for (const { id } of node.body.members)
          if (id.type === 'Identifier') this.#declare(id, 'enum-member', inner);
        this.#push(node.body, inner);
        return;
      }
      case 'TSModuleDeclaration': {
        let name: Node = node.id;
        while (name.type === 'TSQualifiedName') name = name.left;
        const isGlobal = node.kind === 'global';
        if (name.type === 'Identifier' && !isGlobal)
          this.#declare(name, 'namespace', scope, node.declare);
        this.#push(
          node.body,
          scopeIn(scope, { holdsVar: true, ...(node.declare ? { ambient: true } : {}) }),
        );
        return;
      }
      case 'TSInterfaceDeclaration':
        this.#declare(node.id, 'interface', scope);
        this.#pushChildren(node, scopeIn(scope, {}));
        return;
      case 'TSTypeAliasDeclaration':
        this.#declare(node.id, 'type', scope);
        this.#pushChildren(node, scopeIn(scope, {}));
        return;
      case 'TSTypeParameter':
        if (node.name.type === 'Identifier') this.#declare(node.name, 'type-parameter', scope);
        this.#pushChildren(node, scope);
        return;
      case 'TSConditionalType': {
        const inner = scopeIn(scope, { inType: true, conditional: true });
        this.#push(node.falseType, scope);
        this.#push(node.trueType, inner);
        this.#push(node.extendsType, inner);
        this.#push(node.checkType, inner);
        return;
      }
      case 'TSInferType': {
        let target = scope;
        while (!target.conditional && target.inType && target.parent !== undefined)
          target = target.parent;
        const { name, constraint } = node.typeParameter;
        if (name.type === 'Identifier')
          this.#declare(name, 'type-parameter', target.conditional ? target : scope);
        this.#push(constraint, scope);
        return;
      }
      case 'TSMappedType': {
        const inner = scopeIn(scope, { inType: true });
        if (node.key.type === 'Identifier') this.#declare(node.key, 'type-parameter', inner);
        this.#pushChildren(node, inner);
        return;
      }
      case 'TSTypeReference':
        // `as const` is no name.
        if (node.typeName.type === 'Identifier' && node.typeName.name === 'const') return;
        this.#name(node.typeName, scope, 'type');
        this.#push(node.typeArguments, scope);
        return;
      case 'TSTypeQuery':
        this.#name(node.exprName, scope, 'value');
        this.#push(node.typeArguments, scope);
        return;
      case 'TSClassImplements':
      case 'TSInterfaceHeritage':
        this.#name(node.expression, scope, 'type');
        this.#push(node.typeArguments, scope);
        return;
      case 'TSTypePredicate':
        this.#name(node.parameterName, scope, 'value');
        this.#push(node.typeAnnotation, scope);
        return;
      case 'TSIndexSignature':
        for (const parameter of node.parameters)
          if (parameter.type === 'Identifier') this.#push(parameter.typeAnnotation, scope);
        this.#push(node.typeAnnotation, scope);
        return;
      default:
        this.#pushChildren(node, scope);
    }
  }

  #function(node: FunctionNode, scope: Scope): void {
    let outer = scope;
    if (node.type === 'FunctionDeclaration') {
      if (node.id !== null) this.#declare(node.id, 'function', scope);
    } else if (node.type === 'FunctionExpression' && node.id !== null) {
      outer = scopeIn(scope, {});
      this.#declare(node.id, 'function', outer);
    }
    const head = scopeIn(outer, { owner: node });
    this.#push(node.typeParameters, head);
    this.#push(node.returnType, head);
    for (const parameter of node.params) this.#pattern(parameter, head, 'parameter');
    if (node.body.type !== 'BlockStatement') this.#push(node.body, head);
    // A block of its own for names of the body: defaults of parameters do not see them.
    else this.#pushAll(node.body.body, scopeIn(head, { holdsVar: true, owner: node }));
  }

  #signature(
    node:
      | TSESTree.TSDeclareFunction
      | TSESTree.TSEmptyBodyFunctionExpression
      | TSESTree.TSFunctionType
      | TSESTree.TSConstructorType
      | TSESTree.TSCallSignatureDeclaration
      | TSESTree.TSConstructSignatureDeclaration
      | TSESTree.TSMethodSignature,
    scope: Scope,
  ): void {
    const inner = scopeIn(scope, { inType: true });
    this.#push(node.typeParameters, inner);
    for (const parameter of node.params) this.#pattern(parameter, inner, 'parameter');
    this.#push(node.returnType, inner);
  }

  #class(node: TSESTree.ClassDeclaration | TSESTree.ClassExpression, scope: Scope): void {
    const inner = scopeIn(scope, {});
    if (node.id !== null)
      this.#declare(
        node.id,
        'class',
        node.type === 'ClassDeclaration' ? scope : inner,
        node.declare,
      );
    this.#pushAll(node.decorators, scope);
    this.#push(node.typeParameters, inner);
    this.#push(node.superClass, inner);
    this.#push(node.superTypeArguments, inner);
    this.#pushAll(node.implements, inner);
    this.#push(node.body, inner);
  }

  /** Names that a pattern declares as `kind`, or that it assigns to when there is no kind. */
  #pattern(pattern: Node, scope: Scope, kind: BindingKind | undefined, ambient = false): void {
    const stack: Node[] = [pattern];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      switch (node.type) {
        case 'Identifier':
          if (kind === undefined) {
            this.#written.add(node);
            this.#refer(node, node.name, scope, 'value');
          } else {
            this.#declare(node, kind, scope, ambient);
            this.#push(node.typeAnnotation, scope);
            this.#pushAll(node.decorators, scope);
          }
          break;
        case 'ObjectPattern':
          this.#push(node.typeAnnotation, scope);
          this.#pushAll(node.decorators, scope);
          for (let i = node.properties.length - 1; i >= 0; i--) {
            const property = node.properties[i];
            if (property === undefined) continue;
            if (property.type === 'RestElement') stack.push(property);
            else {
              if (property.computed) this.#push(property.key, scope);
              stack.push(property.value);
            }
          }
          break;
        case 'ArrayPattern':
          this.#push(node.typeAnnotation, scope);
          this.#pushAll(node.decorators, scope);
          for (let i = node.elements.length - 1; i >= 0; i--) {
            const element = node.elements[i];
            if (element !== null && element !== undefined) stack.push(element);
          }
          break;
        case 'AssignmentPattern':
          this.#pushAll(node.decorators, scope);
          this.#push(node.right, scope);
          stack.push(node.left);
          break;
        case 'RestElement':
          this.#push(node.typeAnnotation, scope);
          this.#pushAll(node.decorators, scope);
          stack.push(node.argument);
          break;
        case 'TSParameterProperty':
          this.#pushAll(node.decorators, scope);
          stack.push(node.parameter);
          break;
        case 'TSAsExpression':
        case 'TSSatisfiesExpression':
        case 'TSTypeAssertion':
          this.#push(node.typeAnnotation, scope);
          stack.push(node.expression);
          break;
        case 'TSNonNullExpression':
          stack.push(node.expression);
          break;
        default:
          this.#push(node, scope);
      }
    }
  }

  #declare(node: TSESTree.Identifier, kind: BindingKind, at: Scope, ambient = false): void {
    const { name } = node;
    const scope = kind === 'var' ? scopeOfVar(at, name) : at;
    const isType = TYPE_ONLY.has(kind);
    const isBoth = BOTH_SPACES.has(kind);
    const known =
      (isType ? undefined : scope.values?.get(name)) ??
      (isType || isBoth ? scope.types?.get(name) : undefined);
    const isAmbient = ambient || scope.ambient;
    const binding: Binding = known ?? {
      name,
      node,
      kind,
      scope,
      hidden: scope.inType,
      ambient: isAmbient,
      writes: 0,
    };
    if (known === undefined) this.#bindings.push(binding);
    else if (!isAmbient && !isType) binding.ambient = false;
    if (!isType) {
      scope.values ??= new Map();
      if (!scope.values.has(name)) scope.values.set(name, binding);
    }
    if (isType || isBoth) {
      scope.types ??= new Map();
      if (!scope.types.has(name)) scope.types.set(name, binding);
    }
    this.#declarations.set(node, binding);
  }

  /** The first name of `A.B.C`. */
  #name(node: Node, scope: Scope, space: Space): void {
    let first = node;
    for (;;) {
      if (first.type === 'TSQualifiedName') first = first.left;
      else if (first.type === 'MemberExpression') first = first.object;
      else break;
    }
    if (first.type === 'Identifier') this.#refer(first, first.name, scope, space);
    else if (first.type === 'TSImportType') this.#push(first, scope);
  }

  #refer(node: Node, name: string, scope: Scope, space: Space): void {
    this.#references.push(node);
    this.#referenceNames.push(name);
    this.#referenceScopes.push(scope);
    this.#referenceSpaces.push(space);
  }

  #resolve(): void {
    for (let i = 0; i < this.#references.length; i++) {
      const node = this.#references[i];
      const name = this.#referenceNames[i];
      const scope = this.#referenceScopes[i];
      const space = this.#referenceSpaces[i];
      if (node === undefined || name === undefined || scope === undefined || space === undefined)
        continue;
      const target = lookUp(name, scope, space);
      this.#targets.set(node, target);
      if (typeof target === 'object' && this.#written.has(node)) target.writes++;
    }
  }
}

function scopeIn(
  parent: Scope | undefined,
  own: {
    holdsVar?: boolean;
    owner?: Owner;
    inType?: boolean;
    conditional?: boolean;
    ambient?: boolean;
  },
): Scope {
  return {
    parent,
    owner: own.owner ?? parent?.owner,
    holdsVar: own.holdsVar === true,
    inType: own.inType === true,
    conditional: own.conditional === true,
    ambient: own.ambient ?? parent?.ambient ?? false,
    values: undefined,
    types: undefined,
  };
}

/** Where a `var` lands. One with the name of a parameter is that parameter. */
function scopeOfVar(at: Scope, name: string): Scope {
  let scope = at;
  while (!scope.holdsVar && scope.parent !== undefined) scope = scope.parent;
  const head = scope.parent;
  const isBody = head !== undefined && head.owner !== undefined && head.owner === scope.owner;
  return isBody && head.values?.has(name) === true ? head : scope;
}

function lookUp(name: string, from: Scope, space: Space): Target {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.parent) {
    const found =
      (space === 'type' ? undefined : scope.values?.get(name)) ??
      (space === 'value' ? undefined : scope.types?.get(name));
    if (found !== undefined) return found;
    if (name === 'arguments' && hasArguments(scope)) return 'arguments';
  }
  return 'free';
}

function hasArguments({ owner }: Scope): boolean {
  return owner !== undefined && owner.type !== 'ArrowFunctionExpression';
}

function isComponentName(name: string): boolean {
  const first = name.charAt(0);
  return first.toUpperCase() === first;
}
