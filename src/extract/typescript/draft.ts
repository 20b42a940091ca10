/** Facts while they are being collected. */
import type { TSESTree } from '@typescript-eslint/types';
import type {
  BindingFact,
  CallFact,
  ClassFact,
  ExportFact,
  Expression,
  ExpressionIndex,
  FunctionFact,
  ImportFact,
  Incomplete,
  Leaf,
  ParameterFact,
  Region,
  TypeFact,
  WriteFact,
} from '../../code-facts.ts';
import type { Range } from '../../location.ts';
import type { Binding, Bound } from './bind.ts';
import type { Node } from './syntax.ts';

export type Writable<T> = { -readonly [K in keyof T]: T[K] };

export type DraftBinding = Writable<BindingFact>;
export type DraftCall = Writable<CallFact>;
export type DraftClass = Writable<ClassFact>;
export type DraftRegion = Writable<Region>;

export type DraftFunction = Writable<FunctionFact> & {
  readonly regions: DraftRegion[];
  readonly leaves: Leaf[];
  parameters: ParameterFact[];
};

export class Draft {
  readonly text: string;
  readonly bound: Bound;
  readonly imports: ImportFact[] = [];
  readonly exports: ExportFact[] = [];
  readonly bindings: DraftBinding[];
  readonly expressions: Expression[] = [];
  readonly calls: DraftCall[] = [];
  readonly writes: WriteFact[] = [];
  readonly functions: DraftFunction[] = [];
  readonly classes: DraftClass[] = [];
  readonly types: TypeFact[] = [];
  readonly freeNames = new Set<string>();
  /** Bindings that are exported where they are declared. */
  readonly exported = new Set<number>();
  readonly incomplete: Incomplete[] = [];
  /** Functions, static blocks and initialised fields by their node. */
  readonly functionOf = new Map<Node, number>();
  readonly classOf = new Map<Node, number>();
  /** Calls of decorators, by the node of the decorator. */
  readonly decoratorOf = new Map<Node, number>();
  readonly #expressionOf = new Map<Node, ExpressionIndex>();
  readonly #indexOf = new Map<Binding, number>();

  constructor(text: string, bound: Bound) {
    this.text = text;
    this.bound = bound;
    this.bindings = bound.bindings.map((binding, index) => {
      this.#indexOf.set(binding, index);
      const fact: DraftBinding = {
        name: binding.name,
        range: nameRange(binding.node),
        kind: binding.kind,
        function: 0,
        writes: binding.writes,
      };
      if (binding.ambient) fact.ambient = true;
      return fact;
    });
  }

  /** Undefined for names that are declared inside a type. */
  indexOf(binding: Binding): number | undefined {
    return this.#indexOf.get(binding);
  }

  /** The binding that this identifier declares. */
  declared(identifier: Node | null | undefined): number | undefined {
    if (identifier === null || identifier === undefined) return undefined;
    const binding = this.bound.declarations.get(identifier);
    return binding === undefined ? undefined : this.#indexOf.get(binding);
  }

  /** Notes the expression of a node. */
  add(node: Node, expression: Expression): ExpressionIndex {
    const index = this.expressions.length;
    this.expressions.push(expression);
    this.#expressionOf.set(node, index);
    return index;
  }

  /** Lets `node` be the expression of `inner`: parentheses, optional chains. */
  alias(node: Node, inner: Node): void {
    const index = this.#expressionOf.get(inner);
    if (index !== undefined) this.#expressionOf.set(node, index);
  }

  /** The expression of a node that was left before. */
  found(node: Node | null | undefined): ExpressionIndex | undefined {
    return node === null || node === undefined ? undefined : this.#expressionOf.get(node);
  }

  /** The same; a node that is no expression we know is opaque. */
  of(node: Node): ExpressionIndex {
    return (
      this.#expressionOf.get(node) ??
      this.add(node, { range: node.range, is: 'opaque', why: node.type })
    );
  }
}

/** The array of the tree itself: nobody writes to it any more, and it holds no other part of the tree. */
export function rangeOf(node: Node): Range {
  return node.range;
}

/** The name alone: the range of an identifier that is declared takes its annotation in. */
export function nameRange(node: TSESTree.Identifier): Range {
  return [node.range[0], node.range[0] + node.name.length];
}
