/** Templates as they are written: what the parser gives and the evaluator walks. */
import type { Operand, Origin, Text } from './value.ts';

/** What stands in a template, one after the other. */
export type Node =
  | TextNode
  | ActionNode
  | BranchNode
  | RangeNode
  | TemplateNode
  | BreakNode
  | ContinueNode;

export interface TextNode {
  readonly kind: 'text';
  readonly text: Text;
}

/** `{{ pipeline }}`: writes its value unless it declares or assigns. */
export interface ActionNode {
  readonly kind: 'action';
  readonly pipe: Pipeline;
}

/** `if` and `with` with all their `else if` and `else with`. */
export interface BranchNode {
  readonly kind: 'branch';
  readonly word: 'if' | 'with';
  readonly branches: readonly Branch[];
  readonly otherwise: readonly Node[] | undefined;
  readonly at: Origin;
}

/** One condition and what stands under it. `else if` of a `with` does not exist, so all branches of a construct have its word. */
export interface Branch {
  readonly pipe: Pipeline;
  readonly body: readonly Node[];
}

export interface RangeNode {
  readonly kind: 'range';
  readonly pipe: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[] | undefined;
  readonly at: Origin;
}

/** `{{ template "name" pipeline }}`, also what a `block` is where it stands. */
export interface TemplateNode {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: Pipeline | undefined;
  readonly at: Origin;
}

export interface BreakNode {
  readonly kind: 'break';
}

export interface ContinueNode {
  readonly kind: 'continue';
}

/** Commands joined by `|`, and the variables that get their value. */
export interface Pipeline {
  readonly kind: 'pipeline';
  readonly commands: readonly Command[];
  /** Places of the variables of `$a, $b :=` in the frame; -1 for one that exists nowhere. */
  readonly variables: readonly number[];
  readonly assign: boolean;
  readonly at: Origin;
  /** Of a template that is itself a value (`tpl`): where that value comes from. */
  readonly from: readonly Origin[];
}

export interface Command {
  readonly first: Expression;
  /** The arguments without the first word. */
  readonly args: readonly Expression[];
  readonly at: Origin;
}

export type Expression =
  | LiteralExpression
  | { readonly kind: 'dot' }
  | { readonly kind: 'nil' }
  | FieldExpression
  | VariableExpression
  | ChainExpression
  | FunctionExpression
  | Pipeline;

/** A string, number or boolean; `error` for one that only its evaluation refuses. */
export interface LiteralExpression {
  readonly kind: 'literal';
  readonly operand: Operand;
  readonly error?: string;
}

/** `.a.b`. */
export interface FieldExpression {
  readonly kind: 'field';
  readonly names: readonly string[];
}

/** `$x.a.b`. */
export interface VariableExpression {
  readonly kind: 'variable';
  readonly name: string;
  /** Place in the frame; -1 for a variable that the parser has seen and that does not exist here. */
  readonly slot: number;
  readonly names: readonly string[];
}

/** `(pipeline).a.b` and `function.a.b`. */
export interface ChainExpression {
  readonly kind: 'chain';
  readonly of: Expression;
  readonly names: readonly string[];
}

export interface FunctionExpression {
  readonly kind: 'function';
  readonly name: string;
}

/** What `define`, `block` or a file gives. */
export interface Definition {
  readonly name: string;
  readonly nodes: readonly Node[];
  /** Number of places for variables; the first one is `$`. */
  readonly slots: number;
  /** It holds nothing but spaces and comments: it does not replace another one of its name. */
  readonly blank: boolean;
  readonly source: Source;
}

/** Where a definition is written. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** One file of templates. */
export interface ParsedTemplate {
  /** Helm's name of it: `orders/templates/deployment.yaml`. */
  readonly name: string;
  readonly path: string;
  /** The file itself and what it defines. */
  readonly definitions: readonly Definition[];
}
