/** One walk through the tree, on an explicit stack: every node is entered before and left after its children. */
import type { TSESTree } from '@typescript-eslint/types';
import type { CallFact, CallUse, Leaf, WriteFact } from '../../code-facts.ts';
import { type Bound, bind } from './bind.ts';
import { decoratorsInParameters, finishClass, memberOf, parametersOf } from './classes.ts';
import { Draft, type DraftCall, type DraftFunction, nameRange, rangeOf } from './draft.ts';
import { expressionOf, listOf } from './expressions.ts';
import { addAssignedExport, addExport, addImport, addImportEquals, addLoad } from './modules.ts';
import { literalKey } from './names.ts';
import { patternFields, targetsOf } from './patterns.ts';
import { Position } from './regions.ts';
import { type FunctionNode, isLeaf, type Node, type Program, pushRunning } from './syntax.ts';
import { typeArguments, typeFact, typeRef } from './types.ts';

/**
 * The deepest tree that is read. Where the parser's own recursion ends depends on how warm the engine is; a limit far below that
 * gives the same facts every time. Code of people stays under 100.
 */
const DEPTH = 2000;

/** Collects the facts of a tree; undefined when it is too deep. */
export function draftOf(program: Program, text: string): Draft | undefined {
  const bound = bind(program);
  const walk = new Walk(text, bound);
  return walk.run(program) ? walk.draft : undefined;
}

class Walk {
  readonly draft: Draft;
  readonly #position: Position;
  /** Nodes that were entered and not left, the innermost last. */
  readonly #path: Node[] = [];

  constructor(text: string, bound: Bound) {
    this.draft = new Draft(text, bound);
    this.#position = new Position(this.draft);
  }

  /** False when it gave up. */
  run(program: Program): boolean {
    const { draft } = this;
    this.#position.enterFunction(undefined, newFunction(program, 'module'));
    // Null stands for the end of the node that was entered last.
    const stack: (Node | null)[] = [program];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node === null) {
        const left = this.#path.pop();
        if (left === undefined) continue;
        this.#leave(left, this.#path.at(-1));
        this.#position.leave(left);
      } else if (isLeaf(node)) {
        const parent = this.#path.at(-1);
        this.#enter(node, parent);
        this.#leave(node, parent);
        this.#position.leave(node);
      } else {
        this.#enter(node, this.#path.at(-1));
        if (this.#path.push(node) > DEPTH) return false;
        stack.push(null);
        pushRunning(node, stack);
        // Decorators of parameters run when the class is made, not in the method.
        if (node.type === 'MethodDefinition') stack.push(...decoratorsInParameters(node));
      }
    }
    this.#position.finish();
    for (const { node, why } of draft.bound.unseen)
      draft.incomplete.push({ range: rangeOf(node), why });
    draft.bound.bindings.forEach(({ scope }, index) => {
      const fact = draft.bindings[index];
      const owner = scope.owner && draft.functionOf.get(scope.owner);
      if (fact !== undefined && owner !== undefined) fact.function = owner;
    });
    return true;
  }

  // Before the children

  #enter(node: Node, parent: Node | undefined): void {
    this.#position.enter(node, parent);
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#enterFunction(node, parent);
        return;
      case 'StaticBlock':
        this.#position.enterFunction(node, this.#childFunction(node, 'static-block'));
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#enterClass(node);
        return;
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration': {
        const fact = typeFact(node, this.draft);
        if (fact !== undefined) this.draft.types.push(fact);
        return;
      }
      default:
        if (parent !== undefined && isFieldValue(node, parent)) {
          const fact = this.#childFunction(node, 'field');
          const of = memberOf(node, parent, this.#path.at(-2), this.#path.at(-3), this.draft);
          if (of !== undefined) {
            fact.of = of;
            fact.name = of.member;
          }
          this.#position.enterFunction(node, fact);
        }
    }
  }

  #childFunction(node: Node, form: DraftFunction['form']): DraftFunction {
    const fact = newFunction(node, form);
    fact.region = this.#position.region();
    fact.parent = this.#position.function;
    return fact;
  }

  #enterFunction(node: FunctionNode, parent: Node | undefined): void {
    const isMethod =
      parent?.type === 'MethodDefinition' ||
      (parent?.type === 'Property' && (parent.method || parent.kind !== 'init'));
    const plain = node.type === 'ArrowFunctionExpression' ? 'arrow' : 'function';
    const fact = this.#childFunction(node, isMethod ? 'method' : plain);
    const name = functionName(node, parent);
    if (name !== undefined) fact.name = name;
    if (node.async) fact.async = true;
    if (node.generator) fact.generator = true;
    const of = memberOf(node, parent, this.#path.at(-2), this.#path.at(-3), this.draft);
    if (of !== undefined) {
      fact.of = of;
      fact.name ??= of.member;
    }
    this.#position.enterFunction(node, fact);
  }

  #enterClass(node: TSESTree.ClassDeclaration | TSESTree.ClassExpression): void {
    const { draft } = this;
    const binding = draft.declared(node.id);
    draft.classOf.set(node, draft.classes.length);
    draft.classes.push({
      range: rangeOf(node),
      ...(node.id === null ? {} : { name: node.id.name }),
      ...(binding === undefined ? {} : { binding }),
      function: this.#position.function,
      region: this.#position.region(),
      implements: [],
      ...(node.abstract ? { abstract: true as const } : {}),
      decorators: [],
      fields: [],
      methods: [],
    });
  }

  // After the children

  #leave(node: Node, parent: Node | undefined): void {
    const { draft } = this;
    switch (node.type) {
      case 'Identifier':
        this.#identifier(node);
        break;
      case 'CallExpression':
      case 'NewExpression':
        this.#call(node, parent);
        break;
      case 'TaggedTemplateExpression':
        this.#addCall(node, 'tag', node.tag, [draft.of(node.quasi)], node.typeArguments);
        break;
      case 'ImportExpression': {
        const loaded = addLoad(node, this.#path, draft);
        draft.add(
          node,
          loaded === undefined
            ? { range: rangeOf(node), is: 'opaque', why: node.type }
            : { range: rangeOf(node), is: 'module', import: loaded },
        );
        break;
      }
      case 'Decorator':
        this.#decorator(node);
        break;
      case 'ChainExpression':
        draft.alias(node, node.expression);
        break;
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        if (last !== undefined) draft.alias(node, last);
        break;
      }
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#leaveFunction(node);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#leaveClass(node);
        break;
      case 'VariableDeclarator':
        this.#declarator(node, parent);
        break;
      case 'AssignmentExpression':
        this.#assignment(node);
        break;
      case 'UpdateExpression':
        this.#write(node, node.argument, node.operator);
        break;
      case 'UnaryExpression':
        if (node.operator === 'delete') this.#write(node, node.argument, 'delete');
        else this.#expression(node);
        break;
      case 'TSEnumDeclaration':
        this.#enum(node);
        break;
      case 'ExpressionStatement':
        if (typeof node.directive === 'string') this.#prologue(node.directive);
        break;
      case 'ReturnStatement':
        this.#leaf('return', node, node.argument);
        break;
      case 'ThrowStatement':
        this.#leaf('throw', node, node.argument);
        break;
      case 'YieldExpression':
        this.#leaf(node.delegate ? 'yield*' : 'yield', node, node.argument);
        break;
      case 'BreakStatement':
      case 'ContinueStatement':
        this.#leaf(node.type === 'BreakStatement' ? 'break' : 'continue', node, null, node.label);
        break;
      case 'ImportDeclaration':
        addImport(node, draft);
        break;
      case 'TSImportEqualsDeclaration':
        addImportEquals(node, draft);
        this.#importAlias(node);
        break;
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportDefaultDeclaration':
      case 'TSExportAssignment':
        // Exports of a namespace are none of the module.
        if (parent?.type === 'Program') addExport(node, draft);
        break;
      case 'Literal':
        // Texts of elements and of the prologue are no values of anything.
        if (parent?.type !== 'JSXAttribute' && parent?.type !== 'ExpressionStatement')
          this.#expression(node);
        break;
      default:
        this.#expression(node);
    }
    if (parent?.type === 'ForOfStatement' || parent?.type === 'ForInStatement')
      if (node === parent.left) this.#loopTarget(node, parent);
  }

  #expression(node: Node): void {
    const expression = expressionOf(node, this.draft);
    if (expression !== undefined) this.draft.add(node, expression);
  }

  #identifier(node: TSESTree.Identifier): void {
    const { draft } = this;
    const range = rangeOf(node);
    const target = draft.bound.references.get(node);
    if (target === undefined) return;
    if (target === 'arguments') draft.add(node, { range, is: 'opaque', why: 'arguments' });
    else if (target === 'free' || target.ambient) {
      draft.freeNames.add(node.name);
      draft.add(node, { range, is: 'global', name: node.name });
    } else {
      const binding = draft.indexOf(target);
      draft.add(
        node,
        binding === undefined
          ? { range, is: 'opaque', why: node.type }
          : { range, is: 'binding', binding },
      );
    }
  }

  #call(node: TSESTree.CallExpression | TSESTree.NewExpression, parent: Node | undefined): void {
    const { draft } = this;
    if (node.type === 'CallExpression') {
      const loaded = addLoad(node, this.#path, draft);
      if (loaded !== undefined) {
        draft.add(node, { range: rangeOf(node), is: 'module', import: loaded });
        return;
      }
    }
    const isDecorator = parent?.type === 'Decorator';
    const plain = node.type === 'NewExpression' ? 'new' : 'call';
    const index = this.#addCall(
      node,
      isDecorator ? 'decorator' : plain,
      node.callee,
      listOf(node.arguments, draft),
      node.typeArguments,
    );
    const call = draft.calls[index];
    if (call !== undefined && node.type === 'CallExpression' && node.optional) call.optional = true;
    if (isDecorator) draft.decoratorOf.set(parent, index);
    node.arguments.forEach((argument, position) => {
      this.#markArguments(argument, index, position);
    });
  }

  #addCall(
    node: Node,
    form: CallFact['form'],
    callee: Node,
    args: CallFact['arguments'],
    types?: TSESTree.TSTypeParameterInstantiation,
  ): number {
    const { draft } = this;
    const call: DraftCall = {
      range: rangeOf(node),
      nameRange: nameOfCallee(callee),
      form,
      callee: draft.of(callee),
      arguments: args,
      function: this.#position.function,
      region: this.#position.region(),
      order: this.#position.nextOrder(),
      use: useOf(node, this.#path),
    };
    const typed = typeArguments(types, draft);
    if (typed !== undefined) call.typeArguments = typed;
    const index = draft.calls.push(call) - 1;
    if (node.type !== 'Decorator')
      draft.add(node, { range: rangeOf(node), is: 'call', call: index });
    return index;
  }

  #decorator(node: TSESTree.Decorator): void {
    if (this.draft.decoratorOf.has(node)) return;
    const index = this.#addCall(node, 'bare-decorator', node.expression, []);
    this.draft.decoratorOf.set(node, index);
  }

  /** Tells functions in literals of an argument whose argument they are. */
  #markArguments(argument: Node, call: number, index: number): void {
    const { draft } = this;
    const stack: { readonly node: Node; readonly path: readonly (string | number)[] }[] = [
      { node: argument, path: [] },
    ];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { node, path } = top;
      switch (node.type) {
        case 'FunctionExpression':
        case 'ArrowFunctionExpression': {
          const fact = draft.functions[draft.functionOf.get(node) ?? -1];
          if (fact !== undefined) fact.argumentOf = { call, index, path };
          break;
        }
        case 'TSAsExpression':
        case 'TSSatisfiesExpression':
          stack.push({ node: node.expression, path });
          break;
        case 'ObjectExpression':
          for (const property of node.properties) {
            if (property.type !== 'Property') continue;
            const key = literalKey(property.key, property.computed);
            if (key !== undefined) stack.push({ node: property.value, path: [...path, key] });
          }
          break;
        case 'ArrayExpression':
          node.elements.forEach((element, position) => {
            if (element !== null) stack.push({ node: element, path: [...path, position] });
          });
          break;
        default:
      }
    }
  }

  #leaveFunction(node: FunctionNode): void {
    const { draft } = this;
    const fact = this.#position.fact;
    fact.parameters = parametersOf(node, draft);
    const returns = typeRef(node.returnType, draft);
    if (returns !== undefined) fact.returns = returns;
    const index = this.#position.function;
    const binding = draft.declared('id' in node ? node.id : undefined);
    const declared = binding === undefined ? undefined : draft.bindings[binding];
    if (declared !== undefined) declared.declares ??= { function: index };
    if (node.body.type !== 'BlockStatement') this.#leaf('return', node.body, node.body);
    if (node.type !== 'FunctionDeclaration')
      draft.add(node, { range: rangeOf(node), is: 'function', function: index });
    else if (node.id === null)
      draft.add(node, { range: rangeOf(node), is: 'function', function: index });
  }

  #leaveClass(node: TSESTree.ClassDeclaration | TSESTree.ClassExpression): void {
    const { draft } = this;
    const index = draft.classOf.get(node);
    if (index === undefined) return;
    finishClass(node, index, draft);
    const fact = draft.classes[index];
    const binding = fact?.binding === undefined ? undefined : draft.bindings[fact.binding];
    if (binding !== undefined) binding.declares ??= { class: index };
    if (node.type === 'ClassExpression' || node.id === null)
      draft.add(node, { range: rangeOf(node), is: 'class', class: index });
  }

  #declarator(node: TSESTree.VariableDeclarator, parent: Node | undefined): void {
    const { draft } = this;
    const value = draft.found(node.init) ?? (node.init === null ? undefined : draft.of(node.init));
    const { id } = node;
    const type = typeRef('typeAnnotation' in id ? id.typeAnnotation : undefined, draft);
    const loop = this.#path.at(-2);
    const isLoopHead =
      (loop?.type === 'ForOfStatement' || loop?.type === 'ForInStatement') && loop.left === parent;
    for (const target of targetsOf(id, draft)) {
      if (target.node.type !== 'Identifier') continue;
      const index = draft.declared(target.node);
      const fact = index === undefined ? undefined : draft.bindings[index];
      if (index === undefined || fact === undefined) continue;
      if (value !== undefined && (fact.value !== undefined || fact.parameter !== undefined)) {
        // `var x = 1; var x = 2`: the second is an assignment.
        const of = draft.add(target.node, {
          range: nameRange(target.node),
          is: 'binding',
          binding: index,
        });
        this.#addWrite(node, of, '=', { value, ...patternFields(target) });
        fact.writes++;
        continue;
      }
      if (value !== undefined) {
        fact.value = value;
        fact.region = this.#position.region();
        fact.order = this.#position.nextOrder();
      }
      if (value !== undefined || isLoopHead) Object.assign(fact, patternFields(target));
      if (type !== undefined && target.path.length === 0) fact.type = type;
    }
  }

  #assignment(node: TSESTree.AssignmentExpression): void {
    const { draft } = this;
    const value = draft.of(node.right);
    let alone: number | undefined;
    for (const target of targetsOf(node.left, draft)) {
      const fields = patternFields(target);
      alone = this.#addWrite(node, draft.of(target.node), node.operator, { value, ...fields });
      if (node.operator === '=' && target.path.length === 0)
        addAssignedExport(target.node, value, rangeOf(node), draft);
    }
    const isPattern = node.left.type === 'ObjectPattern' || node.left.type === 'ArrayPattern';
    if (isPattern || alone === undefined) draft.alias(node, node.right);
    else draft.add(node, { range: rangeOf(node), is: 'write', write: alone });
  }

  #write(node: Node, argument: Node, operator: string): void {
    const [target] = targetsOf(argument, this.draft);
    const of = this.draft.of(target?.node ?? argument);
    this.draft.add(node, {
      range: rangeOf(node),
      is: 'write',
      write: this.#addWrite(node, of, operator, {}),
    });
  }

  #addWrite(
    node: Node,
    target: number,
    operator: string,
    fields: Pick<WriteFact, 'value' | 'path' | 'defaults' | 'rest'>,
  ): number {
    return (
      this.draft.writes.push({
        range: rangeOf(node),
        target,
        operator,
        ...fields,
        function: this.#position.function,
        region: this.#position.region(),
        order: this.#position.nextOrder(),
      }) - 1
    );
  }

  /** `for (x of xs)` with a variable that exists. */
  #loopTarget(left: Node, loop: TSESTree.ForOfStatement | TSESTree.ForInStatement): void {
    if (left.type === 'VariableDeclaration') return;
    const operator = loop.type === 'ForOfStatement' ? 'of' : 'in';
    const value = this.draft.of(loop.right);
    for (const target of targetsOf(left, this.draft))
      this.#addWrite(left, this.draft.of(target.node), operator, {
        value,
        ...patternFields(target),
      });
  }

  /** An enum is an object of its members. */
  #enum(node: TSESTree.TSEnumDeclaration): void {
    const { draft } = this;
    const index = draft.declared(node.id);
    const fact = index === undefined ? undefined : draft.bindings[index];
    if (fact === undefined || fact.value !== undefined || fact.ambient) return;
    // The value of a member without one: one more than the last, when that is a number.
    let next: number | undefined = 0;
    const entries = node.body.members.map((member) => {
      const { id, initializer } = member;
      let value: number;
      if (initializer !== undefined) {
        value = draft.of(initializer);
        const known = draft.expressions[value];
        next =
          known?.is === 'value' && typeof known.value === 'number' ? known.value + 1 : undefined;
      } else if (next !== undefined)
        value = draft.add(member, { range: rangeOf(member), is: 'value', value: next++ });
      else value = draft.add(member, { range: rangeOf(member), is: 'opaque', why: member.type });
      const key = literalKey(id, false) ?? '';
      return { key, keyRange: rangeOf(id), value };
    });
    fact.value = draft.add(node, { range: rangeOf(node), is: 'object', entries });
  }

  /** `import A = B.C`. */
  #importAlias(node: TSESTree.TSImportEqualsDeclaration): void {
    const { draft } = this;
    const index = draft.declared(node.id);
    const fact = index === undefined ? undefined : draft.bindings[index];
    if (fact !== undefined && fact.kind === 'namespace')
      fact.value = this.#entity(node.moduleReference);
  }

  #entity(node: Node): number {
    const names: TSESTree.TSQualifiedName[] = [];
    let first = node;
    for (; first.type === 'TSQualifiedName'; first = first.left) names.push(first);
    let value = this.draft.of(first);
    for (const name of names.reverse())
      value = this.draft.add(name, {
        range: rangeOf(name),
        is: 'member',
        of: value,
        name: name.right.name,
      });
    return value;
  }

  #prologue(directive: string): void {
    const { fact } = this.#position;
    fact.prologue = [...(fact.prologue ?? []), directive];
  }

  #leaf(
    how: Leaf['how'],
    node: Node,
    value: Node | null | undefined,
    label?: TSESTree.Identifier | null,
  ): void {
    const of = value === null || value === undefined ? undefined : this.draft.of(value);
    this.#position.fact.leaves.push({
      how,
      range: rangeOf(node),
      region: this.#position.region(),
      order: this.#position.nextOrder(),
      ...(of === undefined ? {} : { value: of }),
      ...(label ? { label: label.name } : {}),
    });
  }
}

function newFunction(node: Node, form: DraftFunction['form']): DraftFunction {
  const range = rangeOf(node);
  return {
    range,
    form,
    parameters: [],
    regions: [{ kind: 'body', range }],
    leaves: [],
  };
}

/** What makes the value of an instance's field runs once an instance. A function there runs when it is called. */
function isFieldValue(node: Node, parent: Node): boolean {
  return (
    (parent.type === 'PropertyDefinition' || parent.type === 'AccessorProperty') &&
    parent.value === node &&
    !parent.static &&
    node.type !== 'Literal' &&
    node.type !== 'Identifier'
  );
}

function functionName(node: FunctionNode, parent: Node | undefined): string | undefined {
  if ('id' in node && node.id !== null) return node.id?.name;
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : undefined;
    case 'Property':
      return literalKey(parent.key, parent.computed);
    case 'AssignmentExpression':
      if (parent.left.type === 'Identifier') return parent.left.name;
      return parent.left.type === 'MemberExpression'
        ? literalKey(parent.left.property, parent.left.computed)
        : undefined;
    default:
      return undefined;
  }
}

function nameOfCallee(callee: Node): readonly [number, number] {
  let node = callee;
  for (;;) {
    switch (node.type) {
      case 'MemberExpression':
        return rangeOf(node.property);
      case 'Identifier':
        return nameRange(node);
      case 'ChainExpression':
      case 'TSNonNullExpression':
      case 'TSInstantiationExpression':
      case 'TSAsExpression':
        node = node.expression;
        break;
      default:
        return rangeOf(node);
    }
  }
}

/** What becomes of the value of `node`, whose ancestors are `path`, the nearest last. */
function useOf(node: Node, path: readonly Node[]): CallUse {
  let child = node;
  for (let i = path.length - 1; i >= 0; i--) {
    const parent = path[i];
    if (parent === undefined) break;
    switch (parent.type) {
      case 'ChainExpression':
      case 'TSAsExpression':
      case 'TSTypeAssertion':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        break;
      case 'ConditionalExpression':
        if (child === parent.test) return 'other';
        break;
      case 'LogicalExpression':
        if (child === parent.left && parent.operator === '&&') return 'other';
        break;
      case 'SequenceExpression':
        if (child !== parent.expressions.at(-1)) return 'dropped';
        break;
      case 'AwaitExpression':
        return 'awaited';
      case 'ReturnStatement':
        return 'returned';
      case 'ArrowFunctionExpression':
        return child === parent.body ? 'returned' : 'other';
      case 'YieldExpression':
        return 'yielded';
      case 'VariableDeclarator':
      case 'AssignmentExpression':
      case 'AssignmentPattern':
      case 'PropertyDefinition':
      case 'AccessorProperty':
      case 'ExportDefaultDeclaration':
      case 'TSExportAssignment':
        return 'stored';
      case 'CallExpression':
      case 'NewExpression':
        return child === parent.callee ? 'chained' : 'argument';
      case 'TaggedTemplateExpression':
        return 'chained';
      case 'MemberExpression':
        return child === parent.object ? 'chained' : 'other';
      case 'ArrayExpression':
        return 'element';
      case 'Property':
        return child === parent.value ? 'element' : 'other';
      case 'UnaryExpression':
        return parent.operator === 'void' ? 'voided' : 'other';
      case 'ExpressionStatement':
        return 'dropped';
      default:
        return 'other';
    }
    child = parent;
  }
  return 'other';
}
